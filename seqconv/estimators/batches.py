"""Batches of cases of similar length, in few shapes, so that compiled steps are used again."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from seqconv.data.padding import lengths
from seqconv.estimators.quiet import quiet

# Steps of a batch that cost next to nothing.
_FREE_STEPS = 4_096


def bucket(n):
    """The next of a few lengths: multiples of 8 up to 64, then eight to a doubling, at most 1/8 more than `n`.

    Examples
    --------
    >>> bucket(13), bucket(64), bucket(65), bucket(1000)
    (16, 64, 72, 1024)
    """
    step = max(8, 2 ** ((int(n) - 1).bit_length() - 4))
    return -(-int(n) // step) * step


def plan_epoch(case_lengths, batch_size, rng):
    """Rows of each batch of one epoch: every case at least once, all batches of one size, similar lengths together.

    Parameters
    ----------
    case_lengths : array of int, shape (n_cases,)
    batch_size : int
        Largest batch; the batches are made as equal as they can be.
    rng : numpy.random.Generator

    Returns
    -------
    array of int, shape (n_batches, cases in a batch)
        The last batch is filled up with cases of the first.
    """
    n_cases = len(case_lengths)
    n_batches = -(-n_cases // batch_size)
    size = -(-n_cases // n_batches)
    rows = np.resize(rng.permutation(n_cases), n_batches * size)
    if len(np.unique(case_lengths)) == 1:
        return rows.reshape(n_batches, size)
    # Sorting within a pool of batches, not over all cases, keeps the batches different from epoch to epoch.
    pool = 16 * size
    pools = [rows[start : start + pool] for start in range(0, len(rows), pool)]
    rows = np.concatenate([part[np.argsort(case_lengths[part], kind="stable")] for part in pools])
    return rng.permutation(rows.reshape(n_batches, size))


def trimmed(cases, rows, case_lengths, n_steps):
    """These cases, without the steps behind the longest of them (to the next bucket, at most `n_steps`)."""
    return cases.take(rows, min(n_steps, bucket(max(1, case_lengths[rows].max()))))


def made_ahead(make, items, n_ahead=2):
    """What `make` gives for each item, in order; while one is used the next `n_ahead` are made by another thread."""
    with ThreadPoolExecutor(1) as thread:
        waiting = deque()
        try:
            for item in items:
                waiting.append(thread.submit(make, item))
                if len(waiting) > n_ahead:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            thread.shutdown(cancel_futures=True)


def filled(X, n_cases):
    """X grown to whole buckets of steps (and pieces) and to `n_cases` cases, with what means "nothing here"."""
    shape = [n_cases, bucket(X.shape[1]), *X.shape[2:]]
    integer = np.issubdtype(X.dtype, np.integer)
    if integer and X.ndim == 3:
        shape[2] = bucket(X.shape[2])
    grown = np.full(shape, 0 if integer else np.nan, dtype=X.dtype)
    grown[tuple(slice(n) for n in X.shape)] = X
    return grown


def _size(n_cases, n_steps, batch_size):
    """To how many cases a batch is filled up.

    Kernels round otherwise for other sizes: short cases are filled up to whole batches, so that one alone has the bits
    that it has among others. Where that would cost time it is the next power of two, for few shapes to compile.
    """
    return batch_size if batch_size * n_steps <= _FREE_STEPS else min(batch_size, 2 ** (n_cases - 1).bit_length())


def predict_in_batches(model, cases, batch_size=32, change=None):
    """What the model gives for each case, in their order.

    Parameters
    ----------
    model : keras.Model
    cases : seqconv.data.cases.StoredCases
    batch_size : int
    change : callable, optional
        What is done to each batch first.

    Returns
    -------
    array of float32, shape (n_cases, n_outputs)
    """
    found = [(lengths(X), X.shape[1]) for X in cases.in_blocks()]
    case_lengths, n_steps = np.concatenate([some for some, _ in found]), found[0][1]
    order = np.argsort(case_lengths, kind="stable")
    answers = []
    for start in range(0, len(cases), batch_size):
        rows = order[start : start + batch_size]
        batch = trimmed(cases, rows, case_lengths, n_steps)
        batch = batch if change is None else change(batch)
        batch = filled(batch, _size(len(rows), batch.shape[1], batch_size))
        with quiet():
            answers.append(np.asarray(model.predict_on_batch(batch))[: len(rows)])
    gathered = np.concatenate(answers)
    answer = np.empty_like(gathered)
    answer[order] = gathered
    return answer
