"""Series as the banks read them."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Series:
    """Cases of any length, scaled, with zeros where nothing was observed.

    Parameters
    ----------
    values : array of float32, shape (n_cases, n_channels, n_steps)
        0 at hidden steps, and at the end of shorter cases.
    lengths : array of int64, shape (n_cases,)
        Steps of each case up to its last real one.
    real : array of bool, shape (n_cases, n_steps), optional
        Which steps are real. None if those before the length of a case all are.
    """

    values: np.ndarray
    lengths: np.ndarray
    real: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.values)

    @classmethod
    def read(cls, X: np.ndarray, centre: np.ndarray | None = None, scale: np.ndarray | None = None) -> "Series":
        """Read X with NaN for missing values.

        Parameters
        ----------
        X : array of float32, shape (n_cases, n_steps, n_channels)
        centre, scale : arrays of float32, shape (n_channels,), optional
            Subtracted from each channel, and what it is then divided by.
        """
        if centre is not None:
            X = (X - centre) / scale
        values = np.ascontiguousarray(X.transpose(0, 2, 1), dtype=np.float32)
        n_cases, _, n_steps = values.shape
        hidden = np.isnan(values)
        if not hidden.any():
            return cls(values, np.full(n_cases, n_steps))
        values = np.where(hidden, np.float32(0), values)
        return cls.masked(values, ~hidden.all(axis=1))

    @classmethod
    def masked(cls, values: np.ndarray, real: np.ndarray) -> "Series":
        """Make series from values that are 0 where `real`, (n_cases, n_steps), is False."""
        n_steps = real.shape[1]
        lengths = np.where(real.any(axis=1), n_steps - real[:, ::-1].argmax(axis=1), 0)
        has_gaps = (real.sum(axis=1) < lengths).any()
        return cls(values, lengths, real if has_gaps else None)

    def difference(self) -> "Series":
        """Return the first differences; a step is real if both its ends are. Each case is one step shorter."""
        values = np.ascontiguousarray(self.values[:, :, 1:] - self.values[:, :, :-1])
        steps = np.arange(values.shape[2])
        real = steps < self.lengths[:, None] - 1 if self.real is None else self.real[:, 1:] & self.real[:, :-1]
        if self.real is None and (self.lengths == self.values.shape[2]).all():
            return Series(values, self.lengths - 1)
        return self.masked(np.where(real[:, None], values, np.float32(0)), real)
