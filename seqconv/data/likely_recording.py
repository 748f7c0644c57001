"""Tables that look like one recording in place of cases."""

import warnings

import numpy as np

# Fewer rows, or more columns, are taken for cases without a look at them.
_FEWEST_ROWS, _MOST_COLUMNS = 500, 16
# Variance of the step from row to row, as a share of the variance of the column, below which rows follow one another.
_STEADY = 0.2


def warn_of_one_recording(X: np.ndarray, stacklevel: int = 2) -> bool:
    """Warn if the rows of a table follow one another like the steps of one recording, and return whether they do.

    Parameters
    ----------
    X : array of shape (n_cases, n_steps)
    stacklevel : int, default=2
        Level of the user's call, as `warnings.warn` counts it from this function.

    Returns
    -------
    bool

    Warns
    -----
    UserWarning
        If there are at least 500 rows of at most 16 columns, and each column changes little from row to row.

    Examples
    --------
    >>> warn_of_one_recording(np.random.default_rng(0).normal(size=(600, 3)))
    False
    """
    n_rows, n_columns = X.shape
    if n_rows < _FEWEST_ROWS or n_columns > _MOST_COLUMNS or X.dtype.kind not in "fiu":
        return False
    values = np.asarray(X, np.float64)
    if not np.isfinite(values).all():
        return False
    variance = values.var(axis=0)
    looks = bool((variance > 0).all() and (np.diff(values, axis=0).var(axis=0) < _STEADY * variance).all())
    if looks:
        warnings.warn(
            f"X has {n_rows:,} cases of {n_columns} steps, and neighbouring cases are alike. If X is one recording of "
            f"{n_rows:,} steps and {n_columns} channels, cut it by seqconv.formats.windows(X, y, n_steps=...).",
            stacklevel=stacklevel,
        )
    return looks
