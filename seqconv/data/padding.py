"""Cases of unequal lengths as one array, NaN where a case has no step."""

import numpy as np


def pad_sequences(cases, n_steps=None):
    """One array of cases of unequal lengths, NaN behind the end of each.

    Parameters
    ----------
    cases : list of arrays of shape (n_steps_i, n_channels)
    n_steps : int, optional
        Steps of the result; None takes the longest case.

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


def observed_steps(X):
    """Which steps hold anything: not NaN in any channel, or an id other than 0 in any piece.

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


def longest_runs(X):
    """Most observed steps in a row of each case, shape (n_cases,).

    Examples
    --------
    >>> import numpy as np
    >>> longest_runs(np.array([[3, 0, 7, 7], [1, 0, 0, 0]]))
    array([2, 1])
    """
    real = observed_steps(X)
    count = real.cumsum(axis=1)
    before_the_run = np.maximum.accumulate(np.where(real, 0, count), axis=1)
    return (count - before_the_run).max(axis=1)


def lengths(X):
    """Steps of each case up to its last observed one, shape (n_cases,); 0 where there is none.

    Examples
    --------
    >>> import numpy as np
    >>> lengths(np.array([[3, 0, 7, 0], [1, 0, 0, 0]]))
    array([3, 1])
    """
    real = observed_steps(X)
    return np.where(real.any(axis=1), real.shape[1] - real[:, ::-1].argmax(axis=1), 0)
