"""Hydra of Dempster, Schmidt and Webb."""

from typing import Any

import numpy as np

from seqconv.arguments import whole
from seqconv.banks import hydra
from seqconv.banks.series import Series
from seqconv.encoders.fixed_bank import FixedBank
from seqconv.geometry import hydra_dilations


class Hydra(FixedBank):
    """Counts of the kernels that respond most, and least, of groups of eight random kernels.

    At each step the kernel with the largest response of its group gets that response, and the one with the smallest gets 1.
    The sums are scaled by statistics of the training cases.

    Parameters
    ----------
    n_groups : int, default=64
        Half of them look at the series, half at its first difference.
    n_steps : int, optional
        Length of a case for which the dilations are chosen. None is the longest training case.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, features).
    Mask: hidden steps count as 0 in the convolution, and not in the counts.
    Backend: all; on the CPU also by numba, without Keras.

    References
    ----------
    Dempster, Schmidt and Webb (2023), "Hydra: competing convolutional kernels for fast and accurate time series
    classification", section 3.

    Examples
    --------
    >>> from seqconv.encoders import Hydra
    >>> Hydra(n_steps=150).dilations()
    [1, 2, 4, 8, 16]
    """

    paper, year, domain = "Dempster et al.", 2023, "series"
    is_scaled = True

    def __init__(self, n_groups: int = 64, n_steps: int | None = None) -> None:
        self.n_groups = n_groups
        self.n_steps = n_steps

    def dilations(self) -> list[int]:
        return hydra_dilations(self._length())

    def _half(self):
        return whole("n_groups of Hydra", self.n_groups, least=2) // 2

    def _learn(self, series: Series, rng: np.random.Generator) -> tuple[dict[str, np.ndarray], np.ndarray]:
        weights, features = {}, []
        for name, side in _sides(series):
            dilations = self.dilations()
            kernels, channels = hydra.draw_kernels(len(dilations), self._half(), side.values.shape[1], rng)
            counts = hydra.hydra_counts(side, dilations, kernels, channels)
            centre, scale = hydra.sparse_moments(counts)
            learnt = {"kernels": kernels, "channels": channels, "centre": centre, "scale": scale}
            weights |= {f"{name}/{key}": array for key, array in learnt.items()}
            features.append(hydra.sparse_scaled(counts, centre, scale))
        return weights, np.concatenate(features, axis=1)

    def _transform(self, series: Series, weights: dict[str, np.ndarray]) -> np.ndarray:
        features = []
        for name, side in _sides(series):
            kernels, channels, *moments = (
                weights[f"{name}/{key}"] for key in ("kernels", "channels", "centre", "scale")
            )
            features.append(
                hydra.sparse_scaled(hydra.hydra_counts(side, self.dilations(), kernels, channels), *moments)
            )
        return np.concatenate(features, axis=1)

    def _draw(self, x: Any, prefix: str) -> Any:
        import keras

        from seqconv.layers import HydraFeatures1D

        sides = [
            HydraFeatures1D(self.dilations(), self._half(), is_difference, name=f"{prefix}{name}")(x)
            for name, is_difference in (("hydra", False), ("hydra_of_difference", True))
        ]
        return keras.layers.Concatenate()(sides)


def _sides(series):
    return ("hydra", series), ("hydra_of_difference", series.difference())
