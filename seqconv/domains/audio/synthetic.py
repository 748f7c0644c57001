"""Synthetic clips of sound from a seed, for examples and tests without a download."""

import numpy as np

from seqconv.arguments import number, whole
from seqconv.data import SequenceSet

CLASSES = ("clicks", "falling", "noise", "rising", "tone", "trill")
_N_DEVICES = 8


def make_audio(
    n_cases: int = 240,
    n_classes: int = 6,
    max_seconds: float = 1.0,
    sampling_rate_hz: int = 8000,
    random_state: int = 0,
) -> SequenceSet:
    """Make synthetic sounds in noise: tones, rising and falling sweeps, trills, clicks and bursts of noise.

    Parameters
    ----------
    n_cases : int
        Number of clips, at least ``n_classes``; the classes are of equal size, up to one.
    n_classes : int
        Number of classes, 2 to 6: the first of ``clicks``, ``falling``, ``noise``, ``rising``, ``tone``, ``trill``.
    max_seconds : float
        Longest clip, at least 0.6; the shortest lasts half as long.
    sampling_rate_hz : int
        Sampling rate, at least 4000.
    random_state : int
        Seed; the global random state is neither read nor changed.

    Returns
    -------
    SequenceSet
        X: list of ``(samples, sampling_rate_hz)``, samples float32 ``(n_samples,)`` from -1 to 1. y: the name of the
        class. groups: the synthetic device, 0 to 7, that recorded the clip.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    A sound lasts 0.15 to 0.3 s, begins at random and has a random loudness and pitch. Each device has its own noise,
    gain and muffling, so that groups must be kept apart. A rising and a falling sweep hold the same frequencies in
    another order, which summaries over time do not see.

    Examples
    --------
    >>> s = make_audio(12)
    >>> samples, sampling_rate_hz = s.X[0]
    >>> len(s), sampling_rate_hz, samples.dtype, sorted(set(s.y.tolist()))[:3]
    (12, 8000, dtype('float32'), ['clicks', 'falling', 'noise'])
    """
    whole("n_classes", n_classes, 2, len(CLASSES))
    whole("n_cases", n_cases, n_classes)
    number("max_seconds", max_seconds, 0.6)
    number("sampling_rate_hz", sampling_rate_hz, 4000)
    rng = np.random.default_rng(random_state)
    y = np.array(CLASSES)[rng.permutation(np.arange(n_cases) % n_classes)]
    groups = rng.integers(_N_DEVICES, size=n_cases)
    devices = [_Device(np.random.default_rng((random_state, number))) for number in range(_N_DEVICES)]
    X = []
    for name, device in zip(y, groups, strict=True):
        n_samples = int(rng.uniform(0.5, 1) * max_seconds * sampling_rate_hz)
        sound = _sound(name, int(rng.uniform(0.15, 0.3) * sampling_rate_hz), sampling_rate_hz, rng)
        clip = np.zeros(n_samples)
        start = rng.integers(0, n_samples - len(sound) + 1)
        clip[start : start + len(sound)] = rng.uniform(0.3, 1) * sound
        X.append((devices[device].record(clip, rng), sampling_rate_hz))
    return SequenceSet(X, y, groups)


class _Device:
    """Microphone with its own muffling, gain and hiss."""

    def __init__(self, rng):
        self.muffling = rng.uniform(0, 0.6)
        self.gain = rng.uniform(0.2, 0.8)
        self.hiss = rng.uniform(0.01, 0.06)

    def record(self, clip: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Return the clip as this device records it."""
        from scipy.signal import lfilter

        heard = lfilter([1 - self.muffling], [1, -self.muffling], clip + self.hiss * rng.normal(size=len(clip)))
        return np.clip(self.gain * heard, -1, 1).astype(np.float32)


def _sound(name, n_samples, rate_hz, rng):
    """Return one sound of a class, faded in and out."""
    time = np.arange(n_samples) / rate_hz
    low_hz = rng.uniform(400, 800)
    high_hz = low_hz * rng.uniform(1.5, 2.2)
    progress = time / time[-1]
    if name == "noise":
        sound = rng.normal(size=n_samples) / 3
    elif name == "clicks":
        sound = np.zeros(n_samples)
        sound[:: int(rate_hz / rng.uniform(30, 60))] = 1
        sound = np.convolve(sound, np.exp(-np.arange(20) / 4) * (-1) ** np.arange(20), "same")
    else:
        middle_hz = (low_hz + high_hz) / 2
        pitch_hz = {
            "rising": low_hz + (high_hz - low_hz) * progress,
            "falling": high_hz - (high_hz - low_hz) * progress,
            "tone": np.full(n_samples, middle_hz),
            "trill": middle_hz + (high_hz - low_hz) / 2 * np.sin(2 * np.pi * rng.uniform(18, 26) * time),
        }[name]
        sound = np.sin(2 * np.pi * np.cumsum(pitch_hz) / rate_hz + rng.uniform(0, 2 * np.pi))
    return sound * np.minimum(1, 10 * np.minimum(progress, 1 - progress))
