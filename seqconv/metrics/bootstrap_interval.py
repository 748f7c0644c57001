"""Bootstrap interval of a figure."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils.validation import check_consistent_length, column_or_1d

from seqconv.arguments import number, whole


def bootstrap_interval(
    statistic: Callable[..., float],
    *arrays: Any,
    blocks: Any = None,
    n_resamples: int = 1000,
    level: float = 0.95,
    random_state: int | None = None,
) -> tuple[float, float]:
    """Estimate the percentile interval of a figure by drawing the cases again.

    Parameters
    ----------
    statistic : callable
        Takes the resampled arrays and returns a number, such as scikit-learn's ``matthews_corrcoef``.
    *arrays : array of shape (n_cases, ...)
        Arguments of `statistic`, such as true and predicted classes. All are resampled alike.
    blocks : array of shape (n_cases,), optional
        Label of the block of each case, such as its day or patient. Cases of one block are drawn together,
        because they are not independent. None draws single cases.
    n_resamples : int, default=1000
        Number of resamples, at least 1.
    level : float, default=0.95
        Share of the resamples within the interval, between 0 and 1.
    random_state : int, optional
        Seed. The global random state is neither read nor changed.

    Returns
    -------
    low, high : float
        Ends of the interval. NaN if the figure is undefined in every resample.

    Raises
    ------
    ValueError
        If no array is given.
        If the lengths are unequal.
        If there are fewer than 2 cases or blocks.
        If `n_resamples` or `level` is out of its range.

    Warns
    -----
    UndefinedMetricWarning
        If `statistic` is NaN in some resamples, for instance because a rare class was not drawn.
        They are left out, and the interval is narrower than the true one.

    Notes
    -----
    An error raised by `statistic` is passed on.
    Resamples with one class only count if scikit-learn defines the figure, such as a Matthews correlation of 0.

    References
    ----------
    Efron and Tibshirani (1993), "An Introduction to the Bootstrap", chapter 13.

    Examples
    --------
    >>> from sklearn.metrics import accuracy_score
    >>> y, predicted = np.zeros(100), np.arange(100) < 20
    >>> low, high = bootstrap_interval(accuracy_score, y, predicted, random_state=0)
    >>> round(float(low), 2), round(float(high), 2)
    (0.72, 0.88)
    """
    arrays = [np.asarray(array) for array in arrays]
    if not arrays:
        raise ValueError("at least one array of cases is required, got none.")
    n_resamples = whole("n_resamples", n_resamples, 1)
    level = number("level", level, above=0, below=1)
    blocks = np.arange(len(arrays[0])) if blocks is None else column_or_1d(blocks)
    check_consistent_length(*arrays, blocks)
    _, block_of, sizes = np.unique(blocks, return_inverse=True, return_counts=True)
    if len(sizes) < 2:
        raise ValueError(f"at least 2 cases or blocks are required to draw from, got {len(sizes)}.")
    rows_of = np.split(np.argsort(block_of, kind="stable"), np.cumsum(sizes)[:-1])
    draw = np.random.default_rng(random_state)
    found = np.empty(n_resamples)
    with warnings.catch_warnings():
        # One warning follows for all resamples together.
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        for resample in range(n_resamples):
            rows = np.concatenate([rows_of[block] for block in draw.integers(len(sizes), size=len(sizes))])
            found[resample] = statistic(*(array[rows] for array in arrays))
    n_undefined = int(np.isnan(found).sum())
    if n_undefined:
        message = f"{n_undefined} of {n_resamples} resamples are left out: the figure is undefined (NaN) in them."
        warnings.warn(message, UndefinedMetricWarning, stacklevel=2)
    if n_undefined == n_resamples:
        return np.nan, np.nan
    low, high = np.nanquantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
