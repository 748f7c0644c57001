"""Synthetic series from a seed, for examples and tests without a download."""

import numpy as np

from seqconv.arguments import number, whole
from seqconv.data import SequenceSet


def make_series(
    n_cases: int = 200,
    n_steps: int = 100,
    n_channels: int = 1,
    n_classes: int = 2,
    random_state: int = 0,
    unequal: bool = False,
    missing: float = 0.0,
) -> SequenceSet:
    """Make synthetic series whose classes differ only by a short shape at a random place in noise.

    Parameters
    ----------
    n_cases : int
        Number of cases, at least ``n_classes``; the classes are of equal size, up to one.
    n_steps : int
        Number of steps of the longest case, at least 16.
    n_channels, n_classes : int
        Number of channels, at least 1, and of classes, at least 2.
    random_state : int
        Seed; the global random state is neither read nor changed.
    unequal : bool
        True draws the length of every case between half of ``n_steps`` and ``n_steps``.
    missing : float
        Share of values, 0 to below 1, that are made NaN at random; the first step of a case stays.

    Returns
    -------
    SequenceSet
        X: float32 ``(n_cases, n_steps, n_channels)``, or a list of ``(n_steps_i, n_channels)`` if ``unequal``. y: int64
        from 0.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    A shape is a wave in a window, of mean 0 and of the same energy in every class. Classes differ in its frequency and
    in the direction in which it runs. Neither mean, spread nor place show the class. So convolution and a maximum over
    time find it, and summaries of the whole case do not.

    Examples
    --------
    >>> s = make_series(6, n_steps=20, n_channels=2, n_classes=3)
    >>> s.X.shape, np.bincount(s.y)
    ((6, 20, 2), array([2, 2, 2]))
    >>> s = make_series(6, unequal=True)
    >>> type(s.X), max(len(case) for case in s.X) <= 100
    (<class 'list'>, True)
    """
    limits = {"n_cases": (n_cases, n_classes), "n_steps": (n_steps, 16), "n_channels": (n_channels, 1)}
    for name, (value, least) in {**limits, "n_classes": (n_classes, 2)}.items():
        whole(name, value, least)
    number("missing", missing, 0, below=1)
    draw = np.random.RandomState(random_state)
    y = draw.permutation(np.arange(n_cases, dtype=np.int64) % n_classes)
    lengths = draw.randint((n_steps + 1) // 2, n_steps + 1, size=n_cases) if unequal else np.full(n_cases, n_steps)
    X = [_series(n, n_channels, _shape(label, n_steps), draw) for n, label in zip(lengths, y, strict=True)]
    for case in X:
        hidden = draw.rand(*case.shape) < missing
        hidden[0] = False
        case[hidden] = np.nan
    return SequenceSet(X if unequal else np.stack(X), y)


def _shape(label, n_steps):
    """Return a wave of mean 0 and energy 1 in a window; odd classes run backwards."""
    length = max(8, min(32, n_steps // 4))
    time = np.arange(length) / length
    wave = np.sin(2 * np.pi * (1 + label // 2) * time * (1 + time)) * np.sin(np.pi * time)
    wave = wave - wave.mean()
    return (wave[::-1] if label % 2 else wave) / np.linalg.norm(wave)


def _series(n_steps, n_channels, shape, draw):
    case = draw.normal(size=(n_steps, n_channels))
    start = draw.randint(0, n_steps - len(shape) + 1)
    case[start : start + len(shape)] += 10 * draw.uniform(0.8, 1.2) * shape[:, None]
    return case.astype(np.float32)
