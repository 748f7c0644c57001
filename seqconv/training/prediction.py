"""Answers of a network for many cases."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from seqconv.data.cases import StoredCases
from seqconv.data.padding import lengths
from seqconv.models.complete import kept_twin
from seqconv.training.batches import bucket, trimmed
from seqconv.training.forks import check_process
from seqconv.training.quiet import quiet

# Steps of a batch: more are no faster, and need memory.
_STEPS = 16_384
_MOST_CASES = 256
# Cases and steps of a batch that cost next to nothing.
_FREE_CASES, _FREE_STEPS = 32, 4_096


def predict_in_batches(
    model: Any,
    cases: StoredCases,
    change: Callable[[np.ndarray], np.ndarray] | None = None,
    case_lengths: np.ndarray | None = None,
) -> np.ndarray:
    """Predict each case, in batches of similar lengths and few shapes.

    Parameters
    ----------
    model : keras.Model
    cases : StoredCases
    change : callable, optional
        Applied to each batch first.
    case_lengths : array of int, shape (n_cases,), optional
        Steps of each case up to its last observed one; measured where not given.

    Returns
    -------
    array of float32, shape (n_cases, n_outputs)
        In the order of the cases.

    Raises
    ------
    RuntimeError
        If this process was forked from one that has used a network.

    Notes
    -----
    Without NaN in a batch the network runs without its mask. Its last bits may then be others than with the mask, so
    those of a complete case alone and among incomplete ones.
    """
    check_process()
    if case_lengths is None:
        case_lengths = np.concatenate([lengths(X) for X in cases.in_blocks()])
    n_steps = cases.X.shape[1]
    longest = max(1, int(case_lengths.max()))
    may_be_complete = cases.X.dtype.kind == "f" and bool((case_lengths == n_steps).all()) and _takes(n_steps)
    batch_size = min(_MOST_CASES, max(1, 2 ** ((_STEPS // longest).bit_length() - 1)))
    order = np.argsort(case_lengths, kind="stable")
    answers = []
    for start in range(0, len(cases), batch_size):
        rows = order[start : start + batch_size]
        batch = trimmed(cases, rows, case_lengths, n_steps)
        batch = batch if change is None else change(batch)
        n_cases = _size(len(rows), batch.shape[1])
        if may_be_complete and not np.isnan(batch).any():
            network = kept_twin(model)
            batch = np.concatenate([batch, np.zeros((n_cases - len(batch), *batch.shape[1:]), batch.dtype)])
        else:
            network = model
            batch = filled(batch, n_cases)
        with quiet():
            answers.append(keras.ops.convert_to_numpy(network.predict_on_batch(batch))[: len(rows)])
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


def _takes(n_steps):
    """Return whether cases of this length are predicted without filling them up to a bucket, which needs the mask."""
    # JAX compiles every length anew.
    return keras.backend.backend() != "jax" or n_steps == bucket(n_steps)


def _size(n_cases, n_steps):
    """Number of cases to which a batch is filled up.

    Kernels round differently for few cases. Short ones are filled up, so that a case alone has the bits that it has
    among others. Where that costs time it is the next power of two, for few shapes to compile.
    """
    least = _FREE_CASES if _FREE_CASES * n_steps <= _FREE_STEPS else 1
    return max(least, 2 ** (n_cases - 1).bit_length())
