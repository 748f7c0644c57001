"""Interval quantiles of QUANT, by Dempster, Schmidt and Webb."""

from typing import Any

import numpy as np

from seqconv.arguments import flag, whole
from seqconv.banks import quantiles
from seqconv.banks.series import Series
from seqconv.encoders.fixed_bank import FixedBank

_MOST_STEPS = 2_048


class IntervalQuantiles(FixedBank):
    """Quantiles of dyadic intervals of the series, its two differences and its spectrum.

    They know level and position in time, which convolutional banks forget.

    Parameters
    ----------
    depth : int, default=6
        Number of levels: intervals of the whole length, its half, its quarter and so on.
    spectrum : bool, default=True
        Whether to take the absolute Fourier transform as well. False for models that are exported to ONNX.
    n_steps : int, optional
        Length of a case for which the intervals are chosen. None is the longest training case, at most 2,048 steps
        without the spectrum: more quantiles of an interval hardly differ, and would not fit in memory.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, features).
    Mask: hidden steps are left out, and the intervals scaled to the real steps of a case.
    Backend: all; on the CPU also without Keras.
    Differs: the head of the paper is a forest of extremely randomized trees.

    References
    ----------
    Dempster, Schmidt and Webb (2024), "QUANT: a minimalist interval method for time series classification", section 3.
    """

    paper, year, domain = "Dempster et al.", 2024, "series"
    is_joined = False  # next to thousands of kernels they are lost; a head of their own is not

    def __init__(self, depth: int = 6, spectrum: bool = True, n_steps: int | None = None) -> None:
        self.depth = depth
        self.spectrum = spectrum
        self.n_steps = n_steps

    def fitted_to(self, n_steps: int) -> FixedBank:
        # The spectrum is that of the first n_steps, so it needs the whole length.
        return super().fitted_to(n_steps if self.spectrum else min(n_steps, _MOST_STEPS))

    def dilations(self) -> list[int]:
        return [1]

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [(self._length(), 1, 1)]

    def _settings(self):
        depth = whole("depth of IntervalQuantiles", self.depth, least=1)
        return self._length(), depth, flag("spectrum of IntervalQuantiles", self.spectrum)

    def _learn(self, series: Series, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], np.ndarray]:
        return {}, quantiles.quantile_features(series, *self._settings())

    def _transform(self, series: Series, weights: dict[str, np.ndarray]) -> np.ndarray:
        return quantiles.quantile_features(series, *self._settings())

    def _draw(self, x: Any, prefix: str) -> Any:
        from seqconv.layers import QuantileFeatures1D

        return QuantileFeatures1D(*self._settings(), name=f"{prefix}quantiles")(x)
