"""MiniRocket of Dempster, Schmidt and Webb."""

from typing import Any

import numpy as np

from seqconv.banks import rocket
from seqconv.banks.series import Series
from seqconv.encoders.fixed_bank import FixedBank, rocket_plan


class MiniRocket(FixedBank):
    """Proportion of steps at which fixed dilated kernels exceed thresholds.

    Parameters
    ----------
    n_features : int, default=10_000
        The multiple of 84 below it is used.
    difference : bool, default=False
        Whether to look at the first difference of the series.
    n_steps : int, optional
        Length of a case for which the dilations are chosen. None is the longest training case.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, features).
    Mask: hidden steps count as 0 in the convolution and not in the proportion.
    Backend: all; on the CPU also by numba, without Keras.
    Differs: with several channels, each kernel and dilation sums its own random channels, as in aeon.

    References
    ----------
    Dempster, Schmidt and Webb (2021), "MiniRocket: a very fast (almost) deterministic transform for time series
    classification", section 3.

    Examples
    --------
    >>> from seqconv.encoders import MiniRocket
    >>> MiniRocket(n_steps=150).receptive_field
    145
    """

    paper, year, domain = "Dempster et al.", 2021, "series"

    def __init__(self, n_features: int = 10_000, difference: bool = False, n_steps: int | None = None) -> None:
        self.n_features = n_features
        self.difference = difference
        self.n_steps = n_steps

    def dilations(self) -> list[int]:
        return rocket_plan(self, self.difference)[0]

    def _learn(self, series: Series, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], np.ndarray]:
        series = series.difference() if self.difference else series
        dilations, counts = rocket_plan(self, self.difference)
        channels = rocket.draw_channels(84 * len(dilations), series.values.shape[1], rng)
        thresholds = rocket.fit_thresholds(series, dilations, counts, channels, rng)
        weights = {"rocket/thresholds": thresholds, "rocket/channels": channels}
        return weights, rocket.rocket_features(series, dilations, counts, channels, thresholds)

    def _transform(self, series: Series, weights: dict[str, np.ndarray]) -> np.ndarray:
        series = series.difference() if self.difference else series
        plan = rocket_plan(self, self.difference)
        return rocket.rocket_features(series, *plan, weights["rocket/channels"], weights["rocket/thresholds"])

    def _draw(self, x: Any, prefix: str) -> Any:
        from seqconv.layers import RocketFeatures1D

        plan = rocket_plan(self, self.difference)
        return RocketFeatures1D(*plan, difference=self.difference, name=f"{prefix}rocket")(x)
