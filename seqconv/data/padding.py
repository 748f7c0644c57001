"""Padding of cases of unequal lengths, and the steps that are observed."""

from collections.abc import Sequence

import numpy as np


def pad_sequences(cases: Sequence[np.ndarray], n_steps: int | None = None) -> np.ndarray:
    """Pad cases of unequal lengths with NaN at the end, into one array.

    Parameters
    ----------
    cases : list of arrays of shape (n_steps_i, n_channels)
        At least one case, all with the same number of channels.
    n_steps : int, optional
        Number of steps of the result, at least that of the longest case. None takes the longest case.

    Returns
    -------
    array of float32, shape (n_cases, n_steps, n_channels)

    Examples
    --------
    >>> import numpy as np
    >>> pad_sequences([np.ones((1, 1)), np.ones((2, 1))])[:, :, 0]
    array([[ 1., nan],
           [ 1.,  1.]], dtype=float32)
    """
    longest = max(len(case) for case in cases)
    X = np.full((len(cases), longest if n_steps is None else n_steps, cases[0].shape[1]), np.nan, dtype=np.float32)
    for row, case in zip(X, cases, strict=True):
        row[: len(case)] = case
    return X


def observed_steps(X: np.ndarray) -> np.ndarray:
    """Return whether each step is observed: any channel is not NaN, or any token id is not 0.

    Parameters
    ----------
    X : array of shape (n_cases, n_steps, n_channels), or integer ids (n_cases, n_steps[, n_pieces])

    Returns
    -------
    array of bool, shape (n_cases, n_steps)

    Examples
    --------
    >>> import numpy as np
    >>> observed_steps(np.array([[3, 1, 0]]))
    array([[ True,  True, False]])
    """
    real = X != 0 if np.issubdtype(X.dtype, np.integer) else ~np.isnan(X)
    return real.any(axis=2) if real.ndim == 3 else real


def longest_runs(X: np.ndarray) -> np.ndarray:
    """Return the largest number of consecutive observed steps of each case.

    Parameters
    ----------
    X : array as for `observed_steps`

    Returns
    -------
    array of int, shape (n_cases,)

    Examples
    --------
    >>> import numpy as np
    >>> longest_runs(np.array([[3, 0, 7, 7], [1, 0, 0, 0]]))
    array([2, 1])
    """
    real = observed_steps(X)
    count = real.cumsum(axis=1)
    count_before_run = np.maximum.accumulate(np.where(real, 0, count), axis=1)
    return (count - count_before_run).max(axis=1)


def lengths(X: np.ndarray) -> np.ndarray:
    """Return the number of steps of each case up to its last observed one.

    Parameters
    ----------
    X : array as for `observed_steps`

    Returns
    -------
    array of int, shape (n_cases,)
        0 for a case without an observed step.

    Examples
    --------
    >>> import numpy as np
    >>> lengths(np.array([[3, 0, 7, 0], [1, 0, 0, 0]]))
    array([3, 1])
    """
    real = observed_steps(X)
    return np.where(real.any(axis=1), real.shape[1] - real[:, ::-1].argmax(axis=1), 0)
