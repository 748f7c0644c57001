"""Centre and scale of channels, without missing values."""

import warnings
from collections.abc import Iterable

import numpy as np

# Largest level in deviations: float32 then still distinguishes a thousand values within one deviation.
_HIGHEST_LEVEL = 2**14


def warn_of_level(name: str, level: float, deviation: float) -> None:
    """Warn if values differ too little around their level for float32, in which networks compute.

    Parameters
    ----------
    name : str
        Name of the values, for the message.
    level, deviation : float
        Mean and standard deviation of the values.

    Warns
    -----
    UserWarning
        If the level is above 2**14 deviations; the message says what to subtract.
    """
    if abs(level) > _HIGHEST_LEVEL * deviation > 0:
        warnings.warn(
            f"{name} differs by {deviation:.3g} around {level:.6g}, too little for float32: subtract {level:.6g}.",
            stacklevel=2,
        )


def warn_of_rounding(parts: Iterable[np.ndarray]) -> None:
    """Warn of channels whose values differ, but are equal or nearly so as float32.

    Parameters
    ----------
    parts : iterable of arrays of shape (n_cases, n_steps, n_channels)
        Values before rounding to float32.

    Warns
    -----
    UserWarning
        If rounding removes the differences of a channel; the message says what to subtract.
    """
    ends = [[end.reduce(part, axis=(0, 1)) for end in (np.fmin, np.fmax)] for part in parts]
    least, most = (end.reduce(found) for end, found in zip((np.fmin, np.fmax), zip(*ends, strict=True), strict=True))
    for channel, (low, high) in enumerate(zip(least.tolist(), most.tolist(), strict=True)):
        largest = max(abs(low), abs(high))
        if 1e-13 * largest < high - low and float(np.float32(high)) - float(np.float32(low)) <= 7e-7 * largest:
            warn_of_level(f"channel {channel} of X", (low + high) / 2, (high - low) / 4)


def channel_statistics(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compute the mean and standard deviation of each channel over all observed values.

    Parameters
    ----------
    X : array of shape (n_cases, n_steps, n_channels)
        NaN is ignored.

    Returns
    -------
    centre, scale : arrays of float64, shape (n_channels,)
        A channel without an observed value has centre 0. A constant channel has scale 1.

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
    """Running mean and deviation of channels, updated with some cases at a time.

    Parameters
    ----------
    n_channels : int
        Number of channels.

    References
    ----------
    Chan, Golub and LeVeque (1979), "Updating formulae and a pairwise algorithm for computing sample variances", 2.1.

    Examples
    --------
    >>> import numpy as np
    >>> statistics = ChannelStatistics(1)
    >>> statistics.add(np.array([[[1.0]]])), statistics.add(np.array([[[3.0], [np.nan]]]))
    (True, False)
    >>> statistics.centre_and_scale()
    (array([2.]), array([1.]))
    """

    def __init__(self, n_channels: int):
        self.count, self.mean, self.squares, self.largest = np.zeros((4, n_channels))

    def add(self, X: np.ndarray) -> bool:
        """Add cases of shape (n_cases, n_steps, n_channels) and return whether all their values are observed."""
        observed = 0
        # One channel at a time avoids a float64 copy of the whole of X.
        for channel in range(X.shape[-1]):
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

    def centre_and_scale(self) -> tuple[np.ndarray, np.ndarray]:
        """Return centre and scale of all cases added, as `channel_statistics` does."""
        deviation = np.sqrt(self.squares / np.maximum(self.count, 1))
        # The deviation of a constant is rounding error: scaling by it would amplify the error to 1.
        varies = deviation > 1e-7 * self.largest
        for channel in np.flatnonzero(varies):
            warn_of_level(f"channel {channel} of X", self.mean[channel], deviation[channel])
        return self.mean.copy(), np.where(varies, deviation, 1.0)
