"""Answers of a network for many cases."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from seqconv.data.cases import StoredCases
from seqconv.data.padding import lengths
from seqconv.training.batches import bucket, trimmed
from seqconv.training.quiet import quiet

# Steps of a batch that cost next to nothing.
_FREE_STEPS = 4_096


def predict_in_batches(
    model: Any,
    cases: StoredCases,
    batch_size: int = 32,
    change: Callable[[np.ndarray], np.ndarray] | None = None,
    case_lengths: np.ndarray | None = None,
) -> np.ndarray:
    """Predict each case, in batches of similar lengths and few shapes.

    Parameters
    ----------
    model : keras.Model
    cases : StoredCases
    batch_size : int, default=32
    change : callable, optional
        Applied to each batch first.
    case_lengths : array of int, shape (n_cases,), optional
        Steps of each case up to its last observed one; measured where not given.

    Returns
    -------
    array of float32, shape (n_cases, n_outputs)
        In the order of the cases.
    """
    if case_lengths is None:
        case_lengths = np.concatenate([lengths(X) for X in cases.in_blocks()])
    n_steps = cases.X.shape[1]
    order = np.argsort(case_lengths, kind="stable")
    answers = []
    for start in range(0, len(cases), batch_size):
        rows = order[start : start + batch_size]
        batch = trimmed(cases, rows, case_lengths, n_steps)
        batch = batch if change is None else change(batch)
        batch = filled(batch, _size(len(rows), batch.shape[1], batch_size))
        with quiet():
            answers.append(keras.ops.convert_to_numpy(model.predict_on_batch(batch))[: len(rows)])
    gathered = np.concatenate(answers)
    answer = np.empty_like(gathered)
    answer[order] = gathered
    return answer


def filled(X: np.ndarray, n_cases: int) -> np.ndarray:
    """Grow a batch to whole buckets of steps (and pieces) and to `n_cases` cases; the new values are missing."""
    shape = [n_cases, bucket(X.shape[1]), *X.shape[2:]]
    integer = np.issubdtype(X.dtype, np.integer)
    if integer and X.ndim == 3:
        shape[2] = bucket(X.shape[2])
    grown = np.full(shape, 0 if integer else np.nan, dtype=X.dtype)
    grown[tuple(slice(n) for n in X.shape)] = X
    return grown


def _size(n_cases, n_steps, batch_size):
    """Number of cases to which a batch is filled up.

    Kernels round differently for other sizes. Short cases are filled up to whole batches, so that a case alone has the
    bits that it has among others. Where that costs time it is the next power of two, for few shapes to compile.
    """
    return batch_size if batch_size * n_steps <= _FREE_STEPS else min(batch_size, 2 ** (n_cases - 1).bit_length())
