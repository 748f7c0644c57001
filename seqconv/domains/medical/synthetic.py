"""Synthetic electrocardiograms of patients who differ, by a known model of the heartbeat."""

from typing import NamedTuple

import numpy as np

from seqconv.arguments import number, whole
from seqconv.data import SequenceSet
from seqconv.data.recording import Recording

# McSharry and others, table I: angle, height and width of the waves P, Q, R, S and T.
_ANGLES = np.array([-1 / 3, -1 / 12, 0, 1 / 12, 1 / 2]) * np.pi
_HEIGHTS = np.array([1.2, -5.0, 30.0, -7.5, 0.75])
_WIDTHS = np.array([0.25, 0.1, 0.1, 0.1, 0.4])
_R_MILLIVOLT = 1.2
_STEP_MILLIVOLT = 0.005
_LIMIT_MILLIVOLT = 5.12
_SHARES = {"N": 0.72, "S": 0.1, "V": 0.14, "F": 0.04}
_BEFORE_SECONDS, _AFTER_SECONDS = 0.4, 0.6


class _Beat(NamedTuple):
    """Heights in millivolt, angles and widths of the five waves of a beat."""

    heights: np.ndarray
    angles: np.ndarray
    widths: np.ndarray


def make_heartbeats(
    n_patients: int = 12,
    n_beats: int = 60,
    sampling_rate_hz: float = 125.0,
    random_state: int = 0,
    as_recordings: bool = False,
) -> SequenceSet:
    """Make synthetic heartbeats of patients, each with a heart, a rhythm, an electrode and a noise of their own.

    Parameters
    ----------
    n_patients : int, default=12
        Number of patients, at least 1.
    n_beats : int, default=60
        Number of beats of each patient, at least 4.
    sampling_rate_hz : float, default=125
        Sampling rate, 100 to 10000.
    random_state : int, default=0
        Seed; a patient's heart does not depend on the number of patients. The global random state is neither read nor
        changed.
    as_recordings : bool, default=False
        Whether X is a recording a patient, of one lead with its beats annotated, in place of the beats.

    Returns
    -------
    SequenceSet
        X: float32 ``(n_patients * n_beats, n_steps, 1)``, from 0.4 s before the R peak to 0.6 s from it on, in
        millivolt; or a list of `seqconv.data.recording.Recording`. y: ``"N"``, ``"S"``, ``"V"`` or ``"F"``; None for
        recordings. groups: patients.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    N: normal. S (supraventricular): early, the QRS complex as in N, another P wave, a short pause after it. V
    (ventricular): early, without P wave, with a wide QRS complex, another T wave and a full pause after it. F: fusion
    of N and V, between them. A width that is unusual for one patient is usual for another, so that a split must keep
    patients apart.

    References
    ----------
    McSharry, Clifford, Tarassenko and Smith (2003), "A dynamical model for generating synthetic electrocardiogram
    signals". Differs: the waves are summed in closed form, without the model's slow return to the baseline.

    Examples
    --------
    >>> beats = make_heartbeats(n_patients=2, n_beats=30)
    >>> beats.X.shape, sorted(set(beats.y.tolist())), sorted(set(beats.groups.tolist()))
    ((60, 125, 1), ['F', 'N', 'S', 'V'], ['made00', 'made01'])
    >>> make_heartbeats(2, 30, 360, as_recordings=True).X[0]
    Recording('made00', ... s of 1 leads at 360 Hz, 30 annotations)
    """
    whole("n_patients", n_patients, 1)
    whole("n_beats", n_beats, 4)
    number("sampling_rate_hz", sampling_rate_hz, 100, 10_000)
    names = [f"made{patient:02d}" for patient in range(n_patients)]
    draws = [np.random.default_rng([random_state, patient]) for patient in range(n_patients)]
    made = [_record(name, n_beats, float(sampling_rate_hz), draw) for name, draw in zip(names, draws, strict=True)]
    if as_recordings:
        return SequenceSet(made, groups=names)
    n_before, n_after = round(_BEFORE_SECONDS * sampling_rate_hz), round(_AFTER_SECONDS * sampling_rate_hz)
    X = np.stack([one.signal[at - n_before : at + n_after] for one in made for at in one.samples])
    return SequenceSet(X, np.concatenate([one.symbols for one in made]), np.repeat(names, n_beats))


def _record(name, n_beats, rate_hz, draw):
    """Return the recording of one patient."""
    interval = 60 / draw.uniform(55, 95)
    normal = _normal_beat(interval, draw)
    symbols = _symbols(n_beats, draw)
    ectopic = {"S": _supraventricular(normal, draw), "V": _ventricular(normal, draw)}
    times = _times(symbols, interval, draw)
    seconds = np.arange(int((times[-1] + 1.5) * rate_hz)) / rate_hz
    signal = np.zeros(len(seconds))
    for time, symbol in zip(times, symbols, strict=True):
        beat = _mixed(normal, ectopic["V"], draw.uniform(0.3, 0.7)) if symbol == "F" else ectopic.get(symbol, normal)
        signal += _wave(seconds, time, beat, draw.lognormal(0, 0.06, size=5), interval)
    signal = signal * draw.uniform(0.6, 1.4) + _disturbance(seconds, draw)
    signal = np.clip(np.round(signal / _STEP_MILLIVOLT) * _STEP_MILLIVOLT, -_LIMIT_MILLIVOLT, _LIMIT_MILLIVOLT)
    limits = [(-_LIMIT_MILLIVOLT, _LIMIT_MILLIVOLT)]
    at = np.round(times * rate_hz).astype(int)
    return Recording(signal.astype(np.float32)[:, None], rate_hz, ["II"], at, symbols, limits, name)


def _normal_beat(interval, draw):
    """Return the model's beat at this heart rate, with a height and a width of each patient's own."""
    quick = np.sqrt(1 / interval)
    heights = _HEIGHTS * _WIDTHS**2
    heights *= _R_MILLIVOLT / heights[2] * draw.lognormal(0, 0.5, size=5)
    angles = _ANGLES * np.array([np.sqrt(quick), quick, 1, quick, np.sqrt(quick)])
    widths = _WIDTHS * quick * draw.uniform(0.85, 1.2, size=5)
    # A bundle branch block is wide, but usual for this patient.
    if draw.uniform() < 0.4:
        wide = draw.uniform(1.3, 2.2)
        widths[1:4] *= wide
        angles[[1, 3]] *= wide
    return _Beat(heights, angles, widths)


def _supraventricular(normal, draw):
    heights, angles = normal.heights.copy(), normal.angles.copy()
    heights[0] *= draw.uniform(-0.6, 1)
    angles[0] *= draw.uniform(0.8, 1)
    return _Beat(heights, angles, normal.widths)


def _ventricular(normal, draw):
    factors = np.array([0, 0, draw.uniform(0.6, 1.5), draw.uniform(0.5, 3), draw.uniform(-1.8, 0.6)])
    wide = draw.uniform(1.4, 2.5)
    widths = normal.widths * np.array([1, 1, wide, wide, 1])
    return _Beat(normal.heights * factors, normal.angles * np.array([1, 1, 1, wide, 1]), widths)


def _mixed(one, other, share):
    return _Beat(*(share * a + (1 - share) * b for a, b in zip(one, other, strict=True)))


def _symbols(n_beats, draw):
    """Draw the symbols of the beats; each kind occurs, the first and the last are normal."""
    kinds = list(_SHARES)
    symbols = draw.choice(kinds, size=n_beats, p=list(_SHARES.values()))
    if n_beats >= 16:
        symbols[[4, 8, 12]] = kinds[1:]
    symbols[[0, -1]] = "N"
    return symbols


def _times(symbols, interval, draw):
    """Return the seconds of the R peaks: breathing moves them, ectopic beats come early."""
    times, late = [1.0], 0.0
    for symbol in symbols[1:]:
        early = {"N": 0.0, "S": draw.uniform(0.2, 0.35), "V": draw.uniform(0.25, 0.4), "F": draw.uniform(0, 0.08)}[
            symbol
        ]
        breath = 0.04 * np.sin(2 * np.pi * 0.25 * times[-1]) + draw.normal(scale=0.02)
        times.append(times[-1] + interval * (1 + breath + late - early))
        late = early if symbol == "V" else 0.0
    return np.array(times)


def _wave(seconds, time, beat, change, interval):
    turn = 2 * np.pi * (seconds - time) / interval
    near = np.abs(turn) < 2 * np.pi
    waves = beat.heights * change * np.exp(-((turn[near, None] - beat.angles) ** 2) / (2 * beat.widths**2))
    wave = np.zeros(len(seconds))
    wave[near] = waves.sum(axis=1)
    return wave


def _disturbance(seconds, draw):
    """Return drift by breathing, hum of the mains and noise of the muscles."""
    breathing, mains = draw.uniform(0.15, 0.35), 50.0
    drift = draw.uniform(0.05, 0.25) * np.sin(2 * np.pi * (breathing * seconds + draw.uniform()))
    hum = draw.uniform(0, 0.03) * np.sin(2 * np.pi * (mains * seconds + draw.uniform()))
    return drift + hum + draw.normal(scale=draw.uniform(0.02, 0.08), size=len(seconds))
