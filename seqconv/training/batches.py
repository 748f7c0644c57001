"""Batches of cases of similar length, in few shapes, so that few steps are compiled."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from seqconv.data.cases import DecodedCases, StoredCases

# An FCN keeps some 70 MB for 8,192 steps until the gradients are there.
BATCH_STEPS = 32_768


def bucket(n: int) -> int:
    """Round a length up to one of few: multiples of 8 up to 64, then eight lengths a doubling.

    Examples
    --------
    >>> bucket(13), bucket(64), bucket(65), bucket(1000)
    (16, 64, 72, 1024)
    """
    step = max(8, 2 ** ((int(n) - 1).bit_length() - 4))
    return -(-int(n) // step) * step


def plan_epoch(
    case_lengths: np.ndarray, batch_size: int, rng: np.random.Generator, most_steps: int | None = None
) -> list[np.ndarray]:
    """Draw the batches of one epoch: every case at least once, equal sizes, similar lengths together.

    Parameters
    ----------
    case_lengths : array of int, shape (n_cases,)
    batch_size : int
        Largest batch; the batches are as equal in size as possible.
    rng : numpy.random.Generator
    most_steps : int, optional
        Cases with which a batch would have more steps are in smaller batches of their own. None puts no limit.

    Returns
    -------
    list of arrays of int
        Their number depends on the lengths and the limits alone. The last of equal batches is filled up with cases of
        the first.
    """
    is_long = np.zeros(len(case_lengths), bool) if most_steps is None else case_lengths * batch_size > most_steps
    usual, plan = np.flatnonzero(~is_long), []
    if len(usual):
        n_batches = -(-len(usual) // batch_size)
        size = -(-len(usual) // n_batches)
        rows = np.resize(rng.permutation(usual), n_batches * size)
        if len(np.unique(case_lengths[usual])) > 1:
            # Sorting within a pool of batches, not over all cases, makes other batches in every epoch.
            pool = 16 * size
            pools = [rows[start : start + pool] for start in range(0, len(rows), pool)]
            rows = np.concatenate([part[np.argsort(case_lengths[part], kind="stable")] for part in pools])
            rows = rng.permutation(rows.reshape(n_batches, size))
        plan = list(rows.reshape(n_batches, size))
    if is_long.any():
        long = np.flatnonzero(is_long)
        plan += [long[rows] for rows in sorted_batches(case_lengths[long], batch_size, most_steps)]
        plan = [plan[i] for i in rng.permutation(len(plan))]
    return plan


def sorted_batches(case_lengths: np.ndarray, batch_size: int, most_steps: int) -> list[np.ndarray]:
    """Return all cases by length, in batches of at most `batch_size` cases and `most_steps` steps, or of one case.

    Examples
    --------
    >>> [rows.tolist() for rows in sorted_batches(np.array([9, 2, 3, 2]), 2, 8)]
    [[1, 3], [2], [0]]
    """
    order, plan, start = np.argsort(case_lengths, kind="stable"), [], 0
    for stop in range(1, len(order) + 1):
        n_cases = stop + 1 - start
        if stop == len(order) or n_cases > batch_size or n_cases * case_lengths[order[stop]] > most_steps:
            plan.append(order[start:stop])
            start = stop
    return plan


def most_steps_of(case_lengths: np.ndarray, batch_size: int) -> int:
    """Return the steps of a batch above which a few long cases are batched apart.

    A batch may have four times the steps that one of typical cases has, and 32,768 in any case.

    Examples
    --------
    >>> most_steps_of(np.array([500] * 99 + [100_000]), 64)
    128000
    """
    typical = np.quantile(case_lengths, 0.9, method="lower")
    return max(BATCH_STEPS, 4 * batch_size * int(typical))


def trimmed(cases: StoredCases | DecodedCases, rows: np.ndarray, case_lengths: np.ndarray, n_steps: int) -> np.ndarray:
    """Take cases without the steps after the longest of them, rounded up to a bucket of at most `n_steps`."""
    return cases.take(rows, min(n_steps, bucket(max(1, case_lengths[rows].max()))))


def made_ahead(make: Callable[[Any], Any], items: Iterable[Any], n_ahead: int = 2) -> Iterator[Any]:
    """Yield what `make` returns for each item, in order; another thread makes the next `n_ahead` meanwhile."""
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
