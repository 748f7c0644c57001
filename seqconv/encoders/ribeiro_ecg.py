"""Network of Ribeiro and others for twelve-lead ECGs."""

from collections.abc import Sequence
from typing import Any

import keras

from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import bins, downsample, normalize, rectify
from seqconv.encoders.training import paper_settings, plateau
from seqconv.layers import MaskedAdd, MaskedConv1D


class RibeiroECG(Encoder):
    """Four residual blocks of two long convolutions, each of which shortens four times.

    Parameters
    ----------
    filters : sequence of int, default=(64, 128, 196, 256, 320)
        Number of filters of the first convolution and of each block.
    kernel_size : int, default=16
        Number of taps.
    strides : int, default=4
        Factor by which a block shortens.
    dropout_rate : float, default=0.2
        Share dropped after each rectifier in a block, 0 to below 1.
    n_bins : int, default=16
        Parts of a case of which the head sees the mean: as many as 4096 steps have steps left.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: cases of any length are averaged into `n_bins` parts, where the paper pads to 4096 steps.

    References
    ----------
    Ribeiro and others (2020), "Automatic diagnosis of the 12-lead ECG using a deep neural network", methods. With
    twelve leads and six labels: 6,421,910 trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import RibeiroECG
    >>> RibeiroECG().receptive_field
    2566
    """

    paper, year, domain = "Ribeiro et al.", 2020, "medical"

    def __init__(
        self,
        filters: Sequence[int] = (64, 128, 196, 256, 320),
        kernel_size: int = 16,
        strides: int = 4,
        dropout_rate: float = 0.2,
        n_bins: int = 16,
    ) -> None:
        self.filters = filters
        self.kernel_size = kernel_size
        self.strides = strides
        self.dropout_rate = dropout_rate
        self.n_bins = n_bins

    @property
    def pooling(self) -> Any:
        """Means of equal parts of a case."""
        return bins(self.n_bins)

    def __call__(self, x: Any) -> Any:
        first, *rest = self.sizes("filters")
        x = rectify(normalize(self._convolution(first, 1)(x)))
        shortcut = x
        for filters in rest:
            shortcut = MaskedConv1D(filters, 1, use_bias=False)(downsample(shortcut, self.strides))
            y = self._dropped(normalize(self._convolution(filters, 1)(x)))
            shortcut = MaskedAdd()([shortcut, self._convolution(filters, self.strides)(y)])
            x = self._dropped(normalize(shortcut))  # (batch, steps / strides, filters)
        return x

    def _dropped(self, x):
        return keras.layers.Dropout(self.dropout_rate)(rectify(x))

    def _convolution(self, filters, strides):
        settings = {"use_bias": False, "kernel_initializer": "he_normal"}
        return MaskedConv1D(filters, self.kernel_size, strides, "same", **settings)

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        slower = plateau(7, 0.1, 1e-5, "val_loss")
        optimizer = keras.optimizers.Adam(1e-3)
        return paper_settings(70, 64, optimizer, (slower,), validation_fraction=0.02, patience=9)

    def convolutions(self) -> list[tuple[int, int, int]]:
        size = self.kernel_size
        return [(size, 1, 1), *[(size, 1, 1), (size, self.strides, 1)] * (len(self.sizes("filters")) - 1)]
