"""Heartbeats among their neighbours: how early a beat came, and how it differs from the typical beat of its patient."""

import warnings
from collections.abc import Sequence

import numpy as np

# Classes of the AAMI standard (ANSI/AAMI EC57) by the symbols of WFDB annotations: normal and bundle branch block,
# supraventricular ectopic, ventricular ectopic, fusion of these two, paced and unknown. Escape beats are among N, as in
# de Chazal and others (2004), table I.
AAMI_CLASSES = {
    **dict.fromkeys("NLRBej", "N"),
    **dict.fromkeys("AaJSn", "S"),
    **dict.fromkeys("VEr", "V"),
    "F": "F",
    **dict.fromkeys("/fQ?", "Q"),
}
_WINDOW_BEATS = 21
_LARGEST = 4.0
_LEAST_DISTANCE = 0.03


def rhythm(intervals: Sequence[float], groups: Sequence | None = None) -> np.ndarray:
    """Describe how early and how late each beat came, by the intervals around it.

    Parameters
    ----------
    intervals : array of shape (n_beats,)
        Time from each beat to the next one of its group, in any unit; NaN where unknown, as after the last.
    groups : array of shape (n_beats,), optional
        Recording of each beat; the beats of one recording are in order of time. None is one recording.

    Returns
    -------
    array of float32, shape (n_beats, 8)
        Logarithms of ratios, 0 where unknown, within -4 and 4. Columns: the interval before the beat, and the one after
        it, over the local interval; both over the usual interval; the interval before the one before, and the one after
        the one after, over the usual one; the irregularity; the first column divided by the irregularity + 0.02.

        The local interval is the median of the 21 around the beat, the usual one that of the recording. The
        irregularity is the median distance of the 21 intervals around from their local ones.

    Notes
    -----
    All beats of the recording are used, also later ones, but no label. A premature beat is short before. In atrial
    fibrillation all intervals are irregular, so that a short one means little.

    References
    ----------
    De Chazal, O'Dwyer and Reilly (2004), "Automatic classification of heartbeats using ECG morphology and heartbeat
    interval features", section III.C. Differs: ratios in place of seconds, and the irregularity.

    Examples
    --------
    >>> import numpy as np
    >>> found = rhythm([0.8, 0.8, 0.4, 1.2, 0.8, np.nan])
    >>> found[3, :2].round(2)
    array([-0.69,  0.41], dtype=float32)
    """
    intervals = np.asarray(intervals, np.float64)
    found = np.empty((len(intervals), 8), np.float32)
    for rows in _recordings(groups, len(intervals)):
        found[rows] = _rhythm_of_one(intervals[rows])
    return found


def _rhythm_of_one(after):
    before = np.concatenate([[np.nan], after[:-1]])
    local, usual = _running_median(after), _median(after)
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.log(after / local)
        irregularity = _running_median(np.abs(off))
        early, ratios = np.log(before / local), np.log(np.stack([before, after]) / usual)
        # Two beats at one sample are infinitely early.
        against_usual = early / (irregularity + 0.02)
    earlier = np.concatenate([[np.nan], ratios[0, :-1]])
    later = np.concatenate([ratios[1, 1:], [np.nan]])
    columns = [early, off, *ratios, earlier, later, irregularity, against_usual]
    return np.clip(np.nan_to_num(np.stack(columns, axis=1), posinf=0, neginf=0), -_LARGEST, _LARGEST)


def _running_median(values):
    """Return the median of the 21 values around each, fewer at the ends; NaN if none is known."""
    half = _WINDOW_BEATS // 2
    padded = np.pad(values, half, constant_values=np.nan)
    return _median(np.lib.stride_tricks.sliding_window_view(padded, _WINDOW_BEATS), axis=-1)


def _median(values, axis=None):
    with warnings.catch_warnings():
        # The median of no value is NaN, as intended.
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmedian(values, axis=axis)


def _mean(beats):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(beats, axis=1)


def beside_typical(X: np.ndarray, groups: Sequence | None = None) -> np.ndarray:
    """Scale beats by the amplitude of their neighbours, and add their difference from the typical beat of their patient.

    Parameters
    ----------
    X : array of shape (n_beats, n_steps, n_leads)
        Windows cut alike around the beats; NaN where nothing was observed.
    groups : array of shape (n_beats,), optional
        Recording of each beat; the beats of one recording are in order of time. None is one recording.

    Returns
    -------
    array of float32, shape (n_beats, n_steps, 2 * n_leads)
        First the leads: less their own median, divided by the median range of the 21 beats around, within -2 and 2.
        Then the same less `typical_beat` of the recording, within -16 and 16. This difference is divided by the usual
        distance of the recording's beats from the typical one (their median mean distance, + 0.03).

    Notes
    -----
    All beats of a recording are used, also later ones, but no label: no beat of a new patient needs an annotation. The
    effect of a recorder's gain, an electrode's place or a bundle branch block is in the typical beat, so not in the
    difference.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.zeros((9, 5, 1))
    >>> X[:, 2] = 2.0
    >>> X[4, 3] = -2.0  # the odd one
    >>> beside_typical(X)[4, :, 1].tolist()  # all others are alike
    [0.0, 0.0, 0.0, -16.0, 0.0]
    """
    X = np.asarray(X, np.float32)
    found = np.empty((*X.shape[:2], 2 * X.shape[2]), np.float32)
    for rows in _recordings(groups, len(X)):
        for lead in range(X.shape[2]):
            beats = _in_local_units(X[rows, :, lead].astype(np.float64))
            distance = beats - typical_beat(beats)
            usual = np.nan_to_num(_median(_mean(np.abs(distance))))
            found[rows, :, lead] = np.clip(beats, -2, 2)
            found[rows, :, X.shape[2] + lead] = np.clip(distance / (usual + _LEAST_DISTANCE), -16, 16)
    return found


def _in_local_units(beats):
    """Return the beats of one lead (n_beats, n_steps), less their medians, in ranges of their neighbours."""
    low, level, high = (_quantile(beats, share) for share in (0.02, 0.5, 0.98))
    local = _running_median(high - low)
    # A lead without contact.
    local[~(local > 0)] = 1.0
    return (beats - level[:, None]) / local[:, None]


def _quantile(beats, share):
    """Return the value of each beat nearest to a quantile; 0 if nothing is observed."""
    # NaN is sorted last.
    ordered, count = np.sort(beats, axis=1), (~np.isnan(beats)).sum(axis=1)
    place = np.round(share * np.maximum(count - 1, 0)).astype(int)
    return np.nan_to_num(np.take_along_axis(ordered, place[:, None], axis=1)[:, 0])


def typical_beat(beats: np.ndarray) -> np.ndarray:
    """Return the typical beat of a recording, which many ectopic beats do not change.

    Parameters
    ----------
    beats : array of shape (n_beats, n_steps)
        Beats of one lead, cut alike; NaN where nothing was observed.

    Returns
    -------
    array of float64, shape (n_steps,)
        Median beat, computed again three times from the half of the beats that is nearest to it.

    Examples
    --------
    >>> import numpy as np
    >>> typical_beat(np.array([[0.0, 1], [0, 1], [0, 1.1], [5, -5], [5, -5]])).tolist()
    [0.0, 1.0]
    """
    typical = _median(beats, axis=0)
    for _ in range(3):
        distance = _mean(np.abs(beats - typical))
        if np.isnan(distance).all():
            break
        typical = _median(beats[distance <= np.nanmedian(distance)], axis=0)
    return typical


def _recordings(groups, n_beats):
    """Return the rows of each recording, in their order."""
    if groups is None:
        return [np.arange(n_beats)]
    groups = np.asarray(groups)
    if groups.shape != (n_beats,):
        raise ValueError(f"groups must have one item a beat, {n_beats} in all, got shape {groups.shape}.")
    return [np.flatnonzero(groups == group) for group in np.unique(groups)]
