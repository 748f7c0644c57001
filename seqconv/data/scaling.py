"""Centre and scale of channels, missing values left out."""

import warnings

import numpy as np

# Times the deviation that a level may be: float32 then still tells a thousand values within a deviation.
_HIGHEST_LEVEL = 2**14


def warn_of_level(name, level, deviation):
    """Warn where values differ so little from one another that float32, in which networks compute, rounds them alike.

    Parameters
    ----------
    name : str
        What the values are.
    level, deviation : float

    Warns
    -----
    UserWarning
        The message says what to subtract.
    """
    if abs(level) > _HIGHEST_LEVEL * deviation > 0:
        warnings.warn(
            f"{name} differs by {deviation:.3g} around {level:.6g}, too little for float32: subtract {level:.6g}.",
            stacklevel=2,
        )


def warn_of_rounding(parts):
    """Warn of channels whose values differ, but so little that as float32 they are one, or nearly.

    Parameters
    ----------
    parts : iterable of arrays of shape (n_cases, n_steps, n_channels)
        Before they are rounded.

    Warns
    -----
    UserWarning
        The message says what to subtract.
    """
    ends = [[end.reduce(part, axis=(0, 1)) for end in (np.fmin, np.fmax)] for part in parts]
    least, most = (end.reduce(found) for end, found in zip((np.fmin, np.fmax), zip(*ends, strict=True), strict=True))
    for channel, (low, high) in enumerate(zip(least.tolist(), most.tolist(), strict=True)):
        largest = max(abs(low), abs(high))
        if 1e-13 * largest < high - low and float(np.float32(high)) - float(np.float32(low)) <= 7e-7 * largest:
            warn_of_level(f"channel {channel} of X", (low + high) / 2, (high - low) / 4)


def channel_statistics(X):
    """Mean and standard deviation of each channel over all observed values.

    Parameters
    ----------
    X : array of shape (n_cases, n_steps, n_channels)
        NaN is left out.

    Returns
    -------
    centre, scale : arrays of float64, shape (n_channels,)
        A channel without an observed value has centre 0; where nothing varies, the scale is 1.

    Examples
    --------
    >>> import numpy as np
    >>> channel_statistics(np.array([[[1.0], [3.0], [np.nan]]]))
    (array([2.]), array([1.]))
    """
    statistics = ChannelStatistics(X.shape[-1])
    statistics.add(X)
    return statistics.centre_and_scale()


class ChannelStatistics:
    """Mean and deviation of channels of which some cases are seen at a time.

    Parameters
    ----------
    n_channels : int

    References
    ----------
    Chan, Golub and LeVeque (1979), "Updating formulae and a pairwise algorithm for computing sample variances", 2.1.
    """

    def __init__(self, n_channels):
        self.count, self.mean, self.squares, self.largest = np.zeros((4, n_channels))

    def add(self, X):
        """Take in cases ``(n_cases, n_steps, n_channels)``; whether all their values are observed."""
        observed = 0
        for channel in range(X.shape[-1]):  # one channel at a time: no float64 copy of the whole of X
            values = X[..., channel].astype(np.float64)
            values = values[~np.isnan(values)]
            observed += len(values)
            if len(values):
                self._add_channel(channel, values)
        return observed == X.size

    def _add_channel(self, channel, values):
        count = self.count[channel] + len(values)
        mean = values.mean()
        apart = mean - self.mean[channel]
        between = apart**2 * self.count[channel] * len(values) / count
        self.squares[channel] += np.square(values - mean).sum() + between
        self.mean[channel] += apart * len(values) / count
        self.count[channel] = count
        self.largest[channel] = max(self.largest[channel], np.abs(values).max())

    def centre_and_scale(self):
        """As `channel_statistics`, of all cases added."""
        deviation = np.sqrt(self.squares / np.maximum(self.count, 1))
        # A constant leaves a deviation of rounding errors, which is not to be blown up to 1.
        varies = deviation > 1e-7 * self.largest
        for channel in np.flatnonzero(varies):
            warn_of_level(f"channel {channel} of X", self.mean[channel], deviation[channel])
        return self.mean.copy(), np.where(varies, deviation, 1.0)
