"""Beats cut so long that the next one begins in them: the intervals between them, and what came before each."""

import numpy as np

from seqconv.domains.medical.beats import beside_typical, rhythm

_LEAST_OVERLAP = 8
_ROUNDING = 1.5e-3  # values are written with three decimals
_UNLIKE = 2e-3


def beat_intervals(X, groups, least_steps=20):
    """Steps from each beat to the next, found where the next row continues the row.

    Parameters
    ----------
    X : array of shape (n_beats, n_steps)
        Rows of the heartbeat csv: each begins at its R peak and goes on for 1.2 of the local median interval, so that the
        next beat mostly begins in it. NaN behind the end.
    groups : array of shape (n_beats,)
        Recording of each row; the rows of one recording are consecutive beats.
    least_steps : int, default=20
        No two beats are nearer than this.

    Returns
    -------
    array of float64, shape (n_beats,)
        NaN for the last beat of a recording. Where the next row is not found in a row, the pause was longer than the row: the
        length of the row.

    Notes
    -----
    A row is found if it is the same to three decimals over 8 steps or more; else, as rows are scaled in windows of 10 s, if
    it is the same after another scaling, over 12 steps or more, to 0.2 % of its variance. On the records 119 and 207, whose
    annotations are published, all intervals found so are right.

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
    """The shift at which the next row continues each row best after scaling, and the share of variance it leaves."""
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
    """Level and gain that make u into v where both are observed, their smaller variance, and the share of v's that is left."""
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


def with_lead_in(X, groups, intervals, before_steps=40, after_steps=56):
    """Windows around the R peaks: what came before each is taken from the row before.

    Parameters
    ----------
    X : array of shape (n_beats, n_steps)
        Rows as in `beat_intervals`.
    groups : array of shape (n_beats,)
    intervals : array of shape (n_beats,)
        Of `beat_intervals`.
    before_steps, after_steps : int
        Steps before the R peak and from it on.

    Returns
    -------
    array of float32, shape (n_beats, before_steps + after_steps)
        The R peak is step `before_steps`. NaN where no row tells: behind the end of the row; before a beat that the row
        before does not reach. What the row before holds is brought to the scale of the row itself.

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


def beats_in_context(X, groups):
    """Rows of the heartbeat csv as windows around the R peaks, beside the typical beat and the rhythm of their patient.

    Parameters
    ----------
    X : array of shape (n_beats, n_steps) or (n_beats, n_steps, 1)
        Rows as in `beat_intervals`.
    groups : array of shape (n_beats,)
        Recording of each row; the rows of one recording are consecutive beats.

    Returns
    -------
    array of float32, shape (n_beats, 96, 10)
        The two channels of `seqconv.domains.medical.beats.beside_typical`, from 40 steps before the R peak to 56 from it on, and the
        eight values of `seqconv.domains.medical.beats.rhythm`, the same at every step.

    Notes
    -----
    It looks at all beats of a recording but at no label, so that it may be called before a split between patients.

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


def with_constants(X, values):
    """X with channels added that have one value for a whole case; hidden where the case has no step.

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
