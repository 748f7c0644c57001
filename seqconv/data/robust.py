"""Centre and scale of channels that single wild values do not move."""

from collections.abc import Iterable

import numpy as np

_MOST_VALUES = 1 << 20
# Interquartile range of a normal distribution of deviation 1.
_NORMAL_RANGE = 1.349


def robust_statistics(
    parts: Iterable[np.ndarray], n_steps: int, centre: np.ndarray, scale: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the median of each channel, and its interquartile range as the deviation of a normal distribution.

    Parameters
    ----------
    parts : iterable of arrays of shape (n_cases, n_steps, n_channels)
        Consecutive cases, NaN where nothing was observed.
    n_steps : int
        Steps of all cases. Of more than a million, every so many are taken.
    centre, scale : arrays of shape (n_channels,)
        Mean and deviation. They are returned for a channel whose middle half is one value, or that has none.

    Examples
    --------
    >>> X = np.array([[[1.0], [2.0], [3.0], [4.0], [-9999.0]]])
    >>> [float(one[0].round(2)) for one in robust_statistics([X], 5, X.mean((0, 1)), X.std((0, 1)))]
    [2.0, 1.48]
    """
    every, seen, chosen = max(1, n_steps // _MOST_VALUES), 0, []
    for part in parts:
        rows = part.reshape(-1, part.shape[-1])
        chosen.append(rows[-seen % every :: every])
        seen += len(rows)
    values = np.concatenate(chosen)
    quartiles = np.full((3, values.shape[1]), np.nan)
    for channel, column in enumerate(values.T):
        observed = column[~np.isnan(column)]
        if len(observed):
            quartiles[:, channel] = np.quantile(observed, (0.25, 0.5, 0.75))
    low, median, high = quartiles
    varies = high > low
    return np.where(varies, median, centre), np.where(varies, (high - low) / _NORMAL_RANGE, scale)
