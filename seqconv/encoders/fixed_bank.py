"""Base of the fixed banks: encoders whose kernels are drawn once and never trained."""

from typing import Any

import numpy as np
from sklearn.base import clone

from seqconv import geometry
from seqconv.arguments import whole
from seqconv.banks.series import Series
from seqconv.encoders.base import Encoder


class FixedBank(Encoder):
    """Fixed kernels and what they count of a case: features (batch, features), for a head in closed form.

    A bank has two forms. `learn` and `transform` compute on the CPU without Keras. A call draws layers of the same features.
    A subclass has the parameter `n_steps`, and defines `_learn`, `_transform`, `_draw` and `dilations`.

    Attributes
    ----------
    is_scaled : bool
        Whether the features come scaled, so that none needs to be divided by its deviation.
    is_joined : bool
        Whether the features also count in the head on the features of all banks.
    """

    is_scaled = False
    is_joined = True
    n_steps: int | None = None

    def fitted_to(self, n_steps: int) -> "FixedBank":
        """Return a copy for cases of at most `n_steps` steps; the user's own `n_steps` stays."""
        return clone(self) if self.n_steps is not None else clone(self).set_params(n_steps=n_steps)

    def learn(self, series: Series, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], list[np.ndarray]]:
        """Draw kernels and learn thresholds from training cases.

        Parameters
        ----------
        series : Series
            Training cases, or a sample of them.
        rng : numpy.random.Generator

        Returns
        -------
        weights : dict of str to array
            By ``layer/weight`` of the layers that a call draws.
        features : list of arrays of float32, shape (n_cases, n_features)
            Features of these cases, one array for each of `members`.
        """
        weights, features = self._learn(series, rng)
        return weights, [features]

    def transform(self, series: Series, weights: dict[str, np.ndarray]) -> np.ndarray:
        """Return the features of cases, float32 (n_cases, n_features), joined over `members`."""
        return self._transform(series, weights)

    def members(self) -> list["FixedBank"]:
        """Return the banks whose features are joined; the bank itself if it is one."""
        return [self]

    def __call__(self, x: Any) -> Any:
        """Draw the layers on a tensor (batch, steps, channels), and return features (batch, features)."""
        import keras

        drawn = self.draw(x)
        return drawn[0] if len(drawn) == 1 else keras.layers.Concatenate()(drawn)

    def draw(self, x: Any, prefix: str = "") -> list[Any]:
        """Draw the layers, whose names begin with `prefix`, and return the features of each of `members`."""
        if self.n_steps is None:
            raise ValueError(f"{type(self).__name__} must know the length of a case to be drawn; give n_steps.")
        return [self._draw(x, prefix)]

    def dilations(self) -> list[int]:
        """Return the dilations of the kernels of 9 taps, ascending."""
        raise TypeError(f"{type(self).__name__} must define dilations().")

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [(9, 1, max(self.dilations()))]

    def _length(self) -> int:
        return whole(f"n_steps of {type(self).__name__}", self.n_steps, least=1)


def rocket_plan(bank: FixedBank, is_difference: bool) -> tuple[list[int], list[int]]:
    """Return dilations and thresholds per kernel of a rocket bank with the parameter `n_features`."""
    n_features = whole(f"n_features of {type(bank).__name__}", bank.n_features, least=84)
    return geometry.rocket_dilations(max(1, bank._length() - is_difference), n_features)
