"""Batches of cases of similar length, in few shapes, so that few steps are compiled."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from seqconv.data.cases import DecodedCases, StoredCases


def bucket(n: int) -> int:
    """Round a length up to one of few: multiples of 8 up to 64, then eight lengths a doubling.

    Examples
    --------
    >>> bucket(13), bucket(64), bucket(65), bucket(1000)
    (16, 64, 72, 1024)
    """
    step = max(8, 2 ** ((int(n) - 1).bit_length() - 4))
    return -(-int(n) // step) * step


def plan_epoch(case_lengths: np.ndarray, batch_size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the batches of one epoch: every case at least once, equal sizes, similar lengths together.

    Parameters
    ----------
    case_lengths : array of int, shape (n_cases,)
    batch_size : int
        Largest batch; the batches are as equal in size as possible.
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
    # Sorting within a pool of batches, not over all cases, makes other batches in every epoch.
    pool = 16 * size
    pools = [rows[start : start + pool] for start in range(0, len(rows), pool)]
    rows = np.concatenate([part[np.argsort(case_lengths[part], kind="stable")] for part in pools])
    return rng.permutation(rows.reshape(n_batches, size))


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
