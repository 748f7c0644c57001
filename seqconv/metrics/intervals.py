"""How far a figure moves when the cases are drawn anew."""

import warnings

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils.validation import check_consistent_length, column_or_1d


def bootstrap_interval(statistic, *arrays, blocks=None, n_resamples=1000, level=0.95, random_state=None):
    """Percentile interval of a figure: how far it moves when the cases are drawn anew.

    Parameters
    ----------
    statistic : callable
        Takes the arrays, resampled alike, and gives a number, such as scikit-learn's ``matthews_corrcoef``.
    *arrays : array of shape (n_cases, ...)
        What `statistic` takes, such as true and predicted classes.
    blocks : array of shape (n_cases,), optional
        Cases of one day or one patient are not independent: those of equal label are drawn together. None draws single
        cases.
    n_resamples : int, default=1000
    level : float, default=0.95
        Share of the resamples within the interval, between 0 and 1.
    random_state : int, optional
        Seed; the global random state is neither read nor changed.

    Returns
    -------
    low, high : float
        NaN where the figure is undefined in every resample.

    Raises
    ------
    ValueError
        No arrays, unequal lengths, fewer than 2 cases or blocks, or a number out of its range. What `statistic` raises
        is passed on.

    Warns
    -----
    UndefinedMetricWarning
        Resamples in which `statistic` is NaN, for instance because a rare class was not drawn, are left out, and so
        many: the interval is then that of the resamples in which the figure exists, narrower than the truth. Figures
        that scikit-learn defines for one class alone (a Matthews correlation of 0) count as they are.

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
    if n_resamples < 1 or not 0 < level < 1:
        raise ValueError(f"n_resamples must be at least 1 and level between 0 and 1, got {n_resamples} and {level}.")
    blocks = np.arange(len(arrays[0])) if blocks is None else column_or_1d(blocks)
    check_consistent_length(*arrays, blocks)
    _, block_of, sizes = np.unique(blocks, return_inverse=True, return_counts=True)
    if len(sizes) < 2:
        raise ValueError(f"at least 2 cases or blocks are required to draw from, got {len(sizes)}.")
    rows_of = np.split(np.argsort(block_of, kind="stable"), np.cumsum(sizes)[:-1])
    draw = np.random.default_rng(random_state)
    found = np.empty(n_resamples)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)  # told once, below
        for number in range(n_resamples):
            rows = np.concatenate([rows_of[block] for block in draw.integers(len(sizes), size=len(sizes))])
            found[number] = statistic(*(array[rows] for array in arrays))
    n_undefined = int(np.isnan(found).sum())
    if n_undefined:
        told = f"{n_undefined} of {n_resamples} resamples are left out: the figure is undefined (NaN) in them."
        warnings.warn(told, UndefinedMetricWarning, stacklevel=2)
    if n_undefined == n_resamples:
        return np.nan, np.nan
    low, high = np.nanquantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
