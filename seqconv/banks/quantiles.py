"""Quantiles of intervals of a series, of its differences and of its spectrum."""

import math

import numpy as np

from seqconv.banks.plain import real_rows
from seqconv.banks.series import Series

# Steps of an interval that one more quantile stands for.
STEPS_PER_QUANTILE = 4
# Steps that the first difference is averaged over.
SMOOTHED = 5


def n_quantile_features(n_steps: int, depth: int = 6, spectrum: bool = True, n_channels: int = 1) -> int:
    """Return how many features `quantile_features` gives a case.

    Examples
    --------
    >>> n_quantile_features(100), n_quantile_features(100, spectrum=False, n_channels=2)
    (1042, 1716)
    """
    levels = [level for length in _lengths(n_steps, spectrum) for level in _levels(length, depth)]
    return n_channels * sum(_n_quantiles(width) for _, _, widths in levels for width in widths)


def quantile_features(series: Series, n_steps: int, depth: int = 6, spectrum: bool = True) -> np.ndarray:
    """Compute quantiles of intervals of each case.

    Parameters
    ----------
    series : Series
    n_steps : int, at least 1
        Length of a case that the numbers of intervals and of their quantiles come from.
    depth : int, default=6
        Most levels of intervals. Level j halves the series j times.
    spectrum : bool, default=True
        Whether to add quantiles of the amplitudes of the Fourier transform.

    Returns
    -------
    array of float32, shape (n_cases, n_features)
        In order of channel, representation, level, interval, quantile. The representations are the series, its
        smoothed first difference, its second difference and its spectrum. In a level, intervals that are moved by half
        an interval follow the others.

    Notes
    -----
    Mask: only the real steps of a case are read, one after the other as if nothing were missing between them. A case of
    another length has the same intervals, scaled to its length, of at least one step. A representation without a value
    is one zero.

    References
    ----------
    Dempster, Schmidt and Webb (2024), "QUANT", section 3.

    Examples
    --------
    >>> series = Series.read(np.random.default_rng(0).normal(size=(5, 100, 1)))
    >>> quantile_features(series, 100).shape
    (5, 1042)
    """
    real = real_rows(series)
    n_cases, n_channels, _ = series.values.shape
    features = np.empty((n_cases, n_channels, n_quantile_features(n_steps, depth, spectrum)), np.float32)
    lengths = real.sum(axis=1)
    for length in np.unique(lengths):
        cases = np.flatnonzero(lengths == length)
        # A case at a time, so that its steps stay together.
        steps = np.stack([series.values[case][:, real[case]] for case in cases])  # (cases, channels, length)
        features[cases] = _features(steps, n_steps, depth, spectrum)
    return features.reshape(n_cases, -1)


def _features(steps, n_steps, depth, spectrum):
    """Return the features of cases of one length, (cases, channels, features)."""
    found = []
    representations = _representations(steps, n_steps, spectrum)
    for values, fitted_length in zip(representations, _lengths(n_steps, spectrum), strict=True):
        for n_intervals, is_moved, widths in _levels(fitted_length, depth):
            starts, stops = _bounds(values.shape[-1], n_intervals, is_moved)
            found.append(_level_features(values, starts, stops, np.array([_n_quantiles(width) for width in widths])))
    return np.concatenate(found, axis=-1)


def _level_features(values, starts, stops, n_quantiles):
    """Return the quantiles of all intervals of a level, (cases, channels, features)."""
    widths = stops - starts
    found = np.empty((*values.shape[:2], n_quantiles.sum()), np.float32)
    firsts = np.cumsum(n_quantiles) - n_quantiles
    # Intervals of one width are computed together.
    for width, n in sorted(set(zip(widths.tolist(), n_quantiles.tolist(), strict=True))):
        chosen = np.flatnonzero((widths == width) & (n_quantiles == n))
        # (cases, channels, intervals, width); in order of rows, so that means are summed alike for any number of cases.
        interval = np.sort(np.take(values, starts[chosen][:, None] + np.arange(width), axis=-1), axis=-1)
        position = (np.array([0.5]) if n == 1 else np.linspace(0, 1, n)) * (width - 1)
        below = position.astype(int)
        above = np.minimum(below + 1, width - 1)
        part = (position - below).astype(np.float32)
        quantiles = interval[..., below] + part * (interval[..., above] - interval[..., below])
        if n > 1:
            quantiles[..., 1::2] -= interval.mean(axis=-1, keepdims=True)
        found[..., firsts[chosen][:, None] + np.arange(n)] = quantiles
    return found


def _representations(steps, n_steps, spectrum):
    """Return the series, its differences and its spectrum, each of at least one value."""
    first = np.diff(steps)
    if first.shape[-1]:
        margin = SMOOTHED // 2
        padded = np.pad(first, ((0, 0), (0, 0), (margin, margin)), "edge")
        n_values = first.shape[-1]
        smoothed = sum(padded[..., i : i + n_values] for i in range(SMOOTHED)) / np.float32(SMOOTHED)
    else:
        smoothed = first
    found = [steps, smoothed, np.diff(steps, n=2)]
    found = [values if values.shape[-1] else np.zeros((*steps.shape[:2], 1), np.float32) for values in found]
    if spectrum:
        cut = steps if steps.shape[-1] else found[0]
        found.append(np.abs(np.fft.rfft(cut, n=n_steps)).astype(np.float32))
    return found


def _lengths(n_steps, spectrum):
    """Return the number of values of each representation of a case of the fitted length."""
    return [n_steps, max(n_steps - 1, 1), max(n_steps - 2, 1)] + [n_steps // 2 + 1] * spectrum


def _levels(length, depth):
    """Return (number of intervals of the level, whether they are moved, their widths) of each level."""
    levels = []
    for level in range(min(depth, int(math.log2(length)) + 1)):
        n_intervals = 2**level
        starts, stops = _bounds(length, n_intervals, False)
        widths = stops - starts
        levels.append((n_intervals, False, widths.tolist()))
        # The lower median, as in the published code.
        if n_intervals > 1 and np.sort(widths)[(n_intervals - 1) // 2] > 1:
            starts, stops = _bounds(length, n_intervals, True)
            levels.append((n_intervals, True, (stops - starts).tolist()))
    return levels


def _bounds(length, n_intervals, is_moved):
    """Return the first steps of intervals, and the steps after their last ones."""
    bounds = length * np.arange(n_intervals + 1) // n_intervals
    starts, stops = bounds[:-1], bounds[1:]
    if is_moved:
        move = math.ceil(length / n_intervals / 2)
        starts, stops = starts[:-1] + move, stops[:-1] + move
    starts = np.minimum(starts, length - 1)
    return starts, np.clip(stops, starts + 1, length)


def _n_quantiles(width):
    return 1 + (width - 1) // STEPS_PER_QUANTILE
