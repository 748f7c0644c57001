"""Mean and deviation of channels, kept case by case so that any part of the cases can be summed up."""

import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# Largest level in deviations: float32 then still tells a thousand values within a deviation apart.
_HIGHEST_LEVEL = 2**14
# Of fewer values any may be far from the others.
_MANY = 100
# What a channel is divided by that did not vary: nothing was learnt of it, so it must not decide when it varies later.
SILENCED = 1e30


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

    def centre_and_scale(
        self, names: Sequence | None = None, may_be_constant: Collection = ()
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and standard deviation of each channel over all cases.

        Parameters
        ----------
        names : sequence, optional
            Name of each channel, for the warnings.
        may_be_constant : collection, default=()
            Names of channels of which no warning is given if they do not vary.

        Returns
        -------
        centre, scale : arrays of float64, shape (n_channels,)
            A channel without an observed value has centre 0. A channel that does not vary has scale `SILENCED`.

        Warns
        -----
        UserWarning
            If a channel varies too little around its level for float32.
            If a channel does not vary, or has no observed value.
            If one value makes more than half of the variance of a channel.
        """
        count = self.count.sum(axis=0)
        centre = (self.count * self.mean).sum(axis=0) / np.maximum(count, 1)
        between = (self.count * np.square(self.mean - centre)).sum(axis=0)
        deviation = np.sqrt((self.squares.sum(axis=0) + between) / np.maximum(count, 1))
        # Rounding leaves a constant a tiny deviation, which must not be scaled up to 1.
        varies = deviation > 1e-7 * self.largest.max(axis=0)
        for channel in np.flatnonzero(varies):
            warn_of_level(f"{called(channel, names)} of X", centre[channel], deviation[channel])
        apart = np.maximum(self.largest.max(axis=0) - np.abs(centre), 0)
        is_wild = varies & (count >= _MANY) & (np.square(apart / deviation.clip(1e-300)) > count / 2)
        for channel in np.flatnonzero(is_wild):
            warnings.warn(
                f"{called(channel, names)} of X has a value of magnitude {self.largest[:, channel].max():.6g}, "
                f"{apart[channel] / deviation[channel]:.0f} deviations from the mean: check it, or take scaling='robust'.",
                stacklevel=2,
            )
        for channel in np.flatnonzero(~varies):
            if count[channel] and names is not None and names[channel] in may_be_constant:
                continue
            what = f"is constant ({centre[channel]:.6g})" if count[channel] else "has no observed value"
            warnings.warn(
                f"{called(channel, names)} {what} in the training part: nothing can be learnt of it.", stacklevel=2
            )
        return centre, np.where(varies, deviation, SILENCED)


def called(channel: int, names: Sequence | None) -> str:
    """Return what messages call a channel.

    Examples
    --------
    >>> called(8, None), called(1, ["gap", "elapsed"])
    ('channel 8', "channel 1 ('elapsed')")
    """
    return f"channel {channel}" if names is None else f"channel {channel} ({str(names[channel])!r})"


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
