"""Network of Kachuee, Fazeli and Sarrafzadeh for heartbeats."""

from collections.abc import Sequence
from typing import Any

import keras

from seqconv.arguments import whole
from seqconv.encoders.binned import Binned
from seqconv.encoders.blocks import downsample, rectify
from seqconv.layers import MaskedAdd, MaskedConv1D


class KachueeECG(Binned):
    """Five residual blocks of two convolutions with max pooling, and two dense layers.

    Parameters
    ----------
    filters : int, default=32
        Number of filters.
    n_blocks : int, default=5
        Number of blocks.
    kernel_size : int, default=5
        Number of taps.
    dense : sequence of int, default=(32, 32)
        Units of the dense layers after it. Empty means none, and a mean over all steps in their place.
    n_bins : int, default=2
        Parts of a case of which the dense layers see the mean: as many as 187 steps have steps left.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: cases of any length are averaged into `n_bins` parts before the dense layers, where the paper has one size.

    References
    ----------
    Kachuee, Fazeli and Sarrafzadeh (2018), "ECG heartbeat classification: a deep transferable representation", figure
    1. With one channel and five classes: 55,013 trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import KachueeECG
    >>> KachueeECG().dense
    (32, 32)
    """

    paper, year, domain = "Kachuee et al.", 2018, "medical"

    def __init__(
        self,
        filters: int = 32,
        n_blocks: int = 5,
        kernel_size: int = 5,
        dense: Sequence[int] = (32, 32),
        n_bins: int = 2,
    ) -> None:
        self.filters = filters
        self.n_blocks = n_blocks
        self.kernel_size = kernel_size
        self.dense = dense
        self.n_bins = n_bins

    def __call__(self, x: Any) -> Any:
        x = self._convolution()(x)
        for _ in range(whole("n_blocks", self.n_blocks, 1)):
            y = self._convolution()(rectify(self._convolution()(x)))
            x = downsample(rectify(MaskedAdd()([x, y])), 5, 2)  # (batch, steps / 2, filters)
        return x

    def _convolution(self):
        return MaskedConv1D(self.filters, self.kernel_size, padding="same")

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        # The paper says no more than this.
        rate = keras.optimizers.schedules.ExponentialDecay(1e-3, 10_000, 0.75)
        return {"optimizer": keras.optimizers.Adam(rate)}

    def convolutions(self) -> list[tuple[int, int, int]]:
        size = self.kernel_size
        return [(size, 1, 1), *[(size, 1, 1), (size, 1, 1), (5, 2, 1)] * self.n_blocks]
