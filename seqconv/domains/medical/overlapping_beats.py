"""Beats in rows so long that the next one begins in them: intervals between beats, and the signal before each."""

from collections.abc import Sequence

import numpy as np

from seqconv.domains.medical.beats import beside_typical, rhythm

_LEAST_OVERLAP = 8
# Values are written with three decimals.
_ROUNDING = 1.5e-3
_UNLIKE = 2e-3


def beat_intervals(X: np.ndarray, groups: Sequence, least_steps: int = 20) -> np.ndarray:
    """Find the steps from each beat to the next, where the next row continues the row.

    Parameters
    ----------
    X : array of shape (n_beats, n_steps)
        Rows of the heartbeat csv, NaN after the end. Each begins at its R peak and lasts 1.2 of the local median
        interval, so that the next beat mostly begins in it.
    groups : array of shape (n_beats,)
        Recording of each row; the rows of one recording are consecutive beats.
    least_steps : int, default=20
        Shortest interval between two beats.

    Returns
    -------
    array of float64, shape (n_beats,)
        NaN for the last beat of a recording. The length of the row if the next row is not found in it, as the pause was
        longer.

    Notes
    -----
    A row is found if it is equal to three decimals over 8 steps or more. As rows are scaled in windows of 10 s, another
    scaling is tried, too. Then a row is found if it is equal over 12 steps or more, to 0.2 % of its variance. On the
    records 119 and 207, whose annotations are published, all intervals found are right.

    Examples
    --------
    >>> import numpy as np
    >>> signal = np.random.default_rng(0).normal(size=90)
    >>> rows = np.full((2, 60), np.nan)
    >>> rows[0], rows[1, :50] = signal[:60], signal[40:]
    >>> beat_intervals(rows, ["a", "a"])
    array([40., nan])
    """
    X, groups = np.asarray(X, np.float32), np.asarray(groups)
    lengths = X.shape[1] - np.isnan(X)[:, ::-1].argmin(axis=1)
    follows = np.flatnonzero(groups[1:] == groups[:-1])
    intervals = np.full(len(X), np.nan)
    intervals[follows] = lengths[follows]
    left = follows
    for shift in range(least_steps, X.shape[1] - _LEAST_OVERLAP):
        left = left[lengths[left] - shift >= _LEAST_OVERLAP]
        gap = np.abs(X[left, shift:] - X[left + 1, : X.shape[1] - shift])
        with np.errstate(invalid="ignore"):
            is_same = ~(gap > _ROUNDING).any(axis=1) & (lengths[left + 1] >= _LEAST_OVERLAP)
        intervals[left[is_same]] = shift
        left = left[~is_same]
    rest = follows[intervals[follows] == lengths[follows]]
    found, unlike = _rescaled_shifts(X, rest, lengths, least_steps)
    intervals[rest[unlike < _UNLIKE]] = found[unlike < _UNLIKE]
    return intervals


def _rescaled_shifts(X, rows, lengths, least_steps):
    """Return the shift at which the next row best continues each row after scaling, and the share of variance left."""
    best, least = np.zeros(len(rows), int), np.full(len(rows), np.inf)
    ahead, behind = X[rows].astype(np.float64), X[rows + 1].astype(np.float64)
    for shift in range(least_steps, X.shape[1] - 12):
        some = np.flatnonzero(lengths[rows] - shift >= 12)
        _, variance, left = _fit(ahead[some, shift:], behind[some, : X.shape[1] - shift])
        unlike = np.where(variance > 1e-3, left, np.inf)
        better = unlike < least[some]
        best[some[better]], least[some[better]] = shift, unlike[better]
    return best, least


def _fit(u, v):
    """Fit level and gain that turn u into v where both are observed.

    Returns
    -------
    (level, gain), the smaller variance of the two, and the share of v's variance that is left
    """
    both = ~(np.isnan(u) | np.isnan(v))
    n = np.maximum(both.sum(axis=1), 1)
    u, v = np.where(both, u, 0), np.where(both, v, 0)
    mean_u, mean_v = u.sum(axis=1) / n, v.sum(axis=1) / n
    var_u = (u * u).sum(axis=1) - n * mean_u**2
    var_v = (v * v).sum(axis=1) - n * mean_v**2
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = ((u * v).sum(axis=1) - n * mean_u * mean_v) / var_u
        left = 1 - gain**2 * var_u / var_v
    variance = np.where((n >= 12) & (gain > 0), np.minimum(var_u, var_v), 0)
    return (mean_v - gain * mean_u, gain), variance, left


def with_lead_in(
    X: np.ndarray, groups: Sequence, intervals: np.ndarray, before_steps: int = 40, after_steps: int = 56
) -> np.ndarray:
    """Return windows around the R peaks; the steps before a peak are taken from the row before.

    Parameters
    ----------
    X : array of shape (n_beats, n_steps)
        Rows as in `beat_intervals`.
    groups : array of shape (n_beats,)
    intervals : array of shape (n_beats,)
        Result of `beat_intervals`.
    before_steps, after_steps : int
        Number of steps before the R peak and from it on.

    Returns
    -------
    array of float32, shape (n_beats, before_steps + after_steps)
        The R peak is step `before_steps`. NaN after the end of the row, and before a beat that the row before does not
        reach. Values of the row before are brought to the scale of the row itself.

    Examples
    --------
    >>> import numpy as np
    >>> signal = np.arange(100.0) % 7
    >>> rows = np.stack([signal[:60], signal[40:]])
    >>> with_lead_in(rows, ["a", "a"], [40, np.nan], 3, 2)[1].tolist()
    [2.0, 3.0, 4.0, 5.0, 6.0]
    """
    X, groups, intervals = np.asarray(X, np.float32), np.asarray(groups), np.asarray(intervals)
    windows = np.full((len(X), before_steps + after_steps), np.nan, np.float32)
    n_own = min(after_steps, X.shape[1])
    windows[:, before_steps : before_steps + n_own] = X[:, :n_own]
    lengths = X.shape[1] - np.isnan(X)[:, ::-1].argmin(axis=1)
    follows = np.flatnonzero((groups[1:] == groups[:-1]) & (intervals[:-1] < lengths[:-1]))
    for row in follows:
        shift = int(intervals[row])
        n_shared = min(lengths[row] - shift, lengths[row + 1])
        (level, gain), _, _ = _fit(X[row : row + 1, shift : shift + n_shared], X[row + 1 : row + 2, :n_shared])
        n_before = min(before_steps, shift)
        windows[row + 1, before_steps - n_before : before_steps] = level + gain * X[row, shift - n_before : shift]
    return windows


def beats_in_context(X: np.ndarray, groups: Sequence) -> np.ndarray:
    """Return rows of the heartbeat csv as windows around the R peaks, with typical beat and rhythm of their patient.

    Parameters
    ----------
    X : array of shape (n_beats, n_steps) or (n_beats, n_steps, 1)
        Rows as in `beat_intervals`.
    groups : array of shape (n_beats,)
        Recording of each row; the rows of one recording are consecutive beats.

    Returns
    -------
    array of float32, shape (n_beats, 96, 10)
        The two channels of `seqconv.domains.medical.beats.beside_typical`, from 40 steps before the R peak to 56 from
        it on. Then the eight values of `seqconv.domains.medical.beats.rhythm`, the same at every step.

    Notes
    -----
    All beats of a recording are used but no label, so that it may be called before a split between patients.

    Examples
    --------
    >>> import numpy as np
    >>> signal = np.random.default_rng(0).normal(size=400)
    >>> rows = np.stack([signal[start : start + 60] for start in range(0, 320, 40)])
    >>> beats_in_context(rows, ["a"] * 8).shape
    (8, 96, 10)
    """
    X = np.asarray(X, np.float32).reshape(len(X), -1)
    intervals = beat_intervals(X, groups)
    shape = beside_typical(with_lead_in(X, groups, intervals)[:, :, None], groups)
    return with_constants(shape, rhythm(intervals, groups))


def with_constants(X: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Add channels that have one value for a whole case, NaN where the case has no step.

    Parameters
    ----------
    X : array of shape (n_cases, n_steps, n_channels)
    values : array of shape (n_cases, n_values)

    Returns
    -------
    array of float32, shape (n_cases, n_steps, n_channels + n_values)

    Examples
    --------
    >>> import numpy as np
    >>> with_constants(np.array([[[1.0], [np.nan]]]), [[7.0]])[0].tolist()
    [[1.0, 7.0], [nan, nan]]
    """
    X, values = np.asarray(X, np.float32), np.asarray(values, np.float32)
    added = np.repeat(values[:, None, :], X.shape[1], axis=1)
    added[np.isnan(X).all(axis=2)] = np.nan
    return np.concatenate([X, added], axis=2)
