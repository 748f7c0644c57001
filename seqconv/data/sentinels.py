"""Numbers that stand for a missing value."""

import warnings
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from seqconv.data.moments import Moments, called

# What loggers and databases write where they measured nothing.
_USUAL = [-1e30, -99999, -32768, -32767, -9999, -999.25, -999, -200, -99, 999, 9999, 32767, 65535, 99999, 1e20, 1e30]
_USUAL = np.array([*_USUAL, 1e35, 9.96921e36], np.float32)
# Least distance from all other values, in units of their range: of a usual number, and of any that comes so often.
_APART, _FAR_APART, _OFTEN = 1.0, 3.0, 3


def warn_of_sentinels(
    blocks: Callable[[], Iterable[np.ndarray]],
    moments: Moments,
    names: Sequence | None = None,
) -> None:
    """Warn of channels in which a usual number for a missing value, or one that repeats, is far from all other values.

    Parameters
    ----------
    blocks : callable
        Returns consecutive cases, float arrays ``(n_cases, n_steps, n_channels)``. Called only where the largest
        magnitude of a channel is such a number, or that of several cases.
    moments : Moments
    names : sequence, optional
        Name of each channel, for the warnings.

    Warns
    -----
    UserWarning
        Once a channel. The message names the number and says what to do.

    Examples
    --------
    >>> import warnings
    >>> X = np.array([[[1.0], [2.0], [-9999.0]]], "float32")
    >>> moments = Moments.measure(X)
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warn_of_sentinels(lambda: [X], moments)
    >>> print(told[0].message)
    channel 0 of X has 1 value(s) of -9999, all others are from 1 to 2: if it means missing, write NaN in its place.
    """
    largest = moments.largest.max(axis=0)
    # A number that stands for something is the largest of several cases.
    is_often = (moments.largest == largest).sum(axis=0) >= _OFTEN
    suspects = np.flatnonzero(np.isin(largest.astype(np.float32), np.abs(_USUAL)) | is_often)
    if not len(suspects):
        return
    counts = np.zeros(len(suspects), int)
    signs = np.zeros(len(suspects))
    low, high = np.full(len(suspects), np.inf), np.full(len(suspects), -np.inf)
    for block in blocks():
        for i, channel in enumerate(suspects):
            values = block[:, :, channel]
            is_suspect = np.abs(values) == np.float32(largest[channel])
            counts[i] += is_suspect.sum()
            signs[i] += np.sign(values[is_suspect]).sum()
            rest = values[~is_suspect & ~np.isnan(values)]
            if rest.size:
                low[i], high[i] = min(low[i], rest.min()), max(high[i], rest.max())
    for i, channel in enumerate(suspects):
        number = np.sign(signs[i]) * largest[channel]
        is_usual = np.float32(number) in _USUAL
        is_one = abs(signs[i]) == counts[i] and (is_usual or (counts[i] >= _OFTEN and high[i] > low[i]))
        away = low[i] - number if number < 0 else number - high[i]
        least = (_APART if is_usual else _FAR_APART) * max(high[i] - low[i], 1e-12)
        if is_one and np.isfinite(low[i]) and away > least:
            warnings.warn(
                f"{called(channel, names)} of X has {counts[i]:,} value(s) of {number:g}, all others are from {low[i]:.6g} to "
                f"{high[i]:.6g}: if it means missing, write NaN in its place.",
                stacklevel=2,
            )
