"""Mean and deviation of channels, kept case by case so that any part of the cases can be summed up."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

# Largest level in deviations: float32 then still tells a thousand values within a deviation apart.
_HIGHEST_LEVEL = 2**14


@dataclass(frozen=True)
class Moments:
    """Moments of each channel of each case over its observed values.

    Parameters
    ----------
    count, mean, squares, largest : arrays of float64, shape (n_cases, n_channels)
        Observed values; their mean; sum of squared differences to it; largest magnitude.

    References
    ----------
    Chan, Golub and LeVeque (1979), "Updating formulae and a pairwise algorithm for computing sample variances", 2.1.
    """

    count: np.ndarray
    mean: np.ndarray
    squares: np.ndarray
    largest: np.ndarray

    @classmethod
    def measure(cls, X: np.ndarray) -> "Moments":
        """Measure cases of shape (n_cases, n_steps, n_channels); NaN is left out."""
        found = np.zeros((4, len(X), X.shape[2]))
        for channel in range(X.shape[2]):  # one channel at a time: no float64 copy of all of X
            values = X[:, :, channel].astype(np.float64)
            hidden = np.isnan(values)
            count = values.shape[1] - hidden.sum(axis=1)
            values[hidden] = 0
            mean = values.sum(axis=1) / np.maximum(count, 1)
            apart = values - mean[:, None]
            apart[hidden] = 0
            found[:, :, channel] = count, mean, np.square(apart).sum(axis=1), np.abs(values).max(axis=1)
        return cls(*found)

    @classmethod
    def join(cls, parts: list["Moments"]) -> "Moments":
        """Join the moments of consecutive blocks of cases."""
        names = ("count", "mean", "squares", "largest")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def of(self, rows: Any) -> "Moments":
        """Return the moments of some of the cases."""
        return Moments(self.count[rows], self.mean[rows], self.squares[rows], self.largest[rows])

    @property
    def n_observed(self) -> np.ndarray:
        """Number of observed values of each case."""
        return self.count.sum(axis=1)

    def centre_and_scale(self) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and standard deviation of each channel over all cases.

        Returns
        -------
        centre, scale : arrays of float64, shape (n_channels,)
            A channel without an observed value has centre 0. A channel that does not vary has scale 1.

        Warns
        -----
        UserWarning
            If a channel varies too little around its level for float32.
        """
        count = self.count.sum(axis=0)
        centre = (self.count * self.mean).sum(axis=0) / np.maximum(count, 1)
        between = (self.count * np.square(self.mean - centre)).sum(axis=0)
        deviation = np.sqrt((self.squares.sum(axis=0) + between) / np.maximum(count, 1))
        # Rounding leaves a constant a tiny deviation, which must not be scaled up to 1.
        varies = deviation > 1e-7 * self.largest.max(axis=0)
        for channel in np.flatnonzero(varies):
            warn_of_level(f"channel {channel} of X", centre[channel], deviation[channel])
        return centre, np.where(varies, deviation, 1.0)


def warn_of_level(name: str, level: float, deviation: float) -> None:
    """Warn if values vary too little around their level for float32, in which networks compute.

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
