"""Made-up clips of sound from a seed, for examples and tests without any download."""

import numpy as np

from seqconv.data import SequenceSet

CLASSES = ("clicks", "falling", "noise", "rising", "tone", "trill")
_N_DEVICES = 8


def make_audio(n_cases=240, n_classes=6, max_seconds=1.0, sampling_rate_hz=8000, random_state=0):
    """Made-up sounds in noise: tones, rising and falling sweeps, trills, clicks and bursts of noise.

    Parameters
    ----------
    n_cases : int
        At least ``n_classes``; the classes are as equally many as can be.
    n_classes : int
        2 to 6: the first so many of ``clicks``, ``falling``, ``noise``, ``rising``, ``tone``, ``trill``.
    max_seconds : float
        Longest clip, at least 0.6; the shortest lasts half as long.
    sampling_rate_hz : int
        At least 4000.
    random_state : int
        The same seed gives the same sounds. The global random state is neither read nor changed.

    Returns
    -------
    SequenceSet
        X: list of ``(samples, sampling_rate_hz)``, samples float32 ``(n_samples,)`` from -1 to 1. y: the name of the
        class. groups: the made-up device, 0 to 7, that recorded the clip.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    A sound lasts 0.15 to 0.3 s, begins at random and has a random loudness and pitch. Each device has its own noise,
    gain and muffling, so that groups are worth keeping apart. A sweep that rises and one that falls hold the same
    frequencies: only their order tells them apart, which summaries over time do not see.

    Examples
    --------
    >>> s = make_audio(12)
    >>> samples, sampling_rate_hz = s.X[0]
    >>> len(s), sampling_rate_hz, samples.dtype, sorted(set(s.y.tolist()))[:3]
    (12, 8000, dtype('float32'), ['clicks', 'falling', 'noise'])
    """
    least = {"n_cases": (n_cases, n_classes), "max_seconds": (max_seconds, 0.6), "n_classes": (n_classes, 2)}
    for name, (value, lowest) in (least | {"sampling_rate_hz": (sampling_rate_hz, 4000)}).items():
        if not value >= lowest:
            raise ValueError(f"{name} must be at least {lowest}, got {value}.")
    if n_classes > len(CLASSES):
        raise ValueError(f"n_classes must be at most {len(CLASSES)}, got {n_classes}.")
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
    """A microphone: how it muffles, how loud it is and how it hisses."""

    def __init__(self, rng):
        self.muffling = rng.uniform(0, 0.6)
        self.gain = rng.uniform(0.2, 0.8)
        self.hiss = rng.uniform(0.01, 0.06)

    def record(self, clip, rng):
        from scipy.signal import lfilter

        heard = lfilter([1 - self.muffling], [1, -self.muffling], clip + self.hiss * rng.normal(size=len(clip)))
        return np.clip(self.gain * heard, -1, 1).astype(np.float32)


def _sound(name, n_samples, rate_hz, rng):
    """One sound of a class, faded in and out."""
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
