"""MultiRocket of Tan, Dempster, Bergmeir and Webb."""

from typing import Any

import numpy as np

from seqconv.arguments import choice
from seqconv.banks import rocket
from seqconv.banks.series import Series
from seqconv.encoders.fixed_bank import FixedBank, rocket_plan

POOLS = ("proportion", "longest", "mean", "index")


class MultiRocket(FixedBank):
    """Four statistics of MiniRocket's kernels, on the series and on its first difference.

    For each kernel and threshold: the proportion of steps above the threshold, their longest run, their mean excess and
    their mean index.

    Parameters
    ----------
    n_features : int, default=6_250
        Kernels times thresholds of the series, and of its difference. Each gives four features.
    compat : {"corrected", "reference"}, default="corrected"
        "reference" computes what the published code computes: the mean adds the threshold, steps at the threshold neither
        end nor lengthen a run, and the left taps on the difference come one step late.
    n_steps : int, optional
        Length of a case for which the dilations are chosen. None is the longest training case.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, features).
    Mask: hidden steps count as 0 in the convolution, and not in the statistics.
    Backend: all; on the CPU also by numba, without Keras.

    References
    ----------
    Tan, Dempster, Bergmeir and Webb (2022), "MultiRocket: multiple pooling operators and transformations for fast and
    effective time series classification", section 3.

    Examples
    --------
    >>> from seqconv.encoders import MultiRocket
    >>> MultiRocket(n_steps=24).dilations()
    [1, 2]
    """

    paper, year, domain = "Tan et al.", 2022, "series"

    def __init__(self, n_features: int = 6_250, compat: str = "corrected", n_steps: int | None = None) -> None:
        self.n_features = n_features
        self.compat = compat
        self.n_steps = n_steps

    def dilations(self) -> list[int]:
        return rocket_plan(self, is_difference=False)[0]

    def _learn(self, series: Series, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], np.ndarray]:
        weights = {}
        for name, side, is_difference in _sides(series):
            plan = rocket_plan(self, is_difference)
            weights[f"{name}/channels"] = rocket.draw_channels(84 * len(plan[0]), side.values.shape[1], rng)
            weights[f"{name}/thresholds"] = rocket.fit_thresholds(side, *plan, weights[f"{name}/channels"], rng)
        return weights, self._transform(series, weights)

    def _transform(self, series: Series, weights: dict[str, np.ndarray]) -> np.ndarray:
        compat = choice("compat of MultiRocket", self.compat, ("corrected", "reference"))
        features = []
        for name, side, is_difference in _sides(series):
            learnt = weights[f"{name}/channels"], weights[f"{name}/thresholds"]
            plan = rocket_plan(self, is_difference)
            features.append(rocket.rocket_features(side, *plan, *learnt, POOLS, compat, is_difference))
        return np.concatenate(features, axis=1)

    def _draw(self, x: Any, prefix: str) -> Any:
        import keras

        from seqconv.layers import RocketFeatures1D

        sides = [
            RocketFeatures1D(
                *rocket_plan(self, is_difference), POOLS, is_difference, self.compat, name=f"{prefix}{name}"
            )(x)
            for name, is_difference in (("rocket", False), ("rocket_of_difference", True))
        ]
        return keras.layers.Concatenate()(sides)


def _sides(series):
    return ("rocket", series, False), ("rocket_of_difference", series.difference(), True)
