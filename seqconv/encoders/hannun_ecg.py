"""Network of Hannun and others for single-lead ECGs."""

from typing import Any

import keras

from seqconv.arguments import whole
from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import convolve, downsample, normalize, rectify
from seqconv.encoders.training import paper_settings, plateau
from seqconv.layers import MaskedAdd, MaskedConcatenate, MaskedConv1D


class HannunECG(Encoder):
    """Sixteen residual blocks of two long convolutions, which halve the length in turn.

    Parameters
    ----------
    filters : int, default=32
        Number of filters of the first four blocks; each next four have twice as many.
    n_blocks : int, default=16
        Number of blocks.
    kernel_size : int, default=16
        Number of taps.
    dropout_rate : float, default=0.2
        Share dropped before the second convolution of a block, 0 to below 1.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: one answer for a case, where the paper has one for each 256 steps.

    References
    ----------
    Hannun, Rajpurkar and others (2019), "Cardiologist-level arrhythmia detection and classification in ambulatory
    electrocardiograms using a deep neural network", methods. With one channel and fourteen classes: 10,468,718 parameters.

    Examples
    --------
    >>> from seqconv.encoders import HannunECG
    >>> HannunECG(n_blocks=2).receptive_field
    91
    """

    paper, year, domain = "Hannun et al.", 2019, "medical"

    def __init__(
        self,
        filters: int = 32,
        n_blocks: int = 16,
        kernel_size: int = 16,
        dropout_rate: float = 0.2,
    ) -> None:
        self.filters = filters
        self.n_blocks = n_blocks
        self.kernel_size = kernel_size
        self.dropout_rate = dropout_rate

    def __call__(self, x: Any) -> Any:
        x = rectify(convolve(x, self.filters, self.kernel_size))
        for block in range(whole("n_blocks", self.n_blocks, 1)):
            x = self._block(x, block)  # (batch, steps, filters)
        return rectify(normalize(x))

    def _block(self, x, block):
        filters, strides = self.filters * 2 ** (block // 4), 1 + block % 2
        shortcut = downsample(x, strides) if strides > 1 else x
        if filters > x.shape[-1]:
            # The new channels of the shortcut are 0.
            shortcut = MaskedConcatenate()([shortcut, keras.layers.Rescaling(0.0)(shortcut)])
        y = rectify(normalize(x)) if block else x
        y = self._convolution(filters, strides)(y)
        y = keras.layers.Dropout(self.dropout_rate)(rectify(normalize(y)))
        return MaskedAdd()([shortcut, self._convolution(filters, 1)(y)])

    def _convolution(self, filters, strides):
        return MaskedConv1D(filters, self.kernel_size, strides, "same", kernel_initializer="he_normal")

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        slower = plateau(2, 0.1, 1e-6, "val_loss")
        optimizer = keras.optimizers.Adam(1e-3, clipnorm=1.0)
        return paper_settings(100, 128, optimizer, (slower,), validation_fraction=0.1, patience=8)

    def convolutions(self) -> list[tuple[int, int, int]]:
        blocks = [
            one
            for block in range(self.n_blocks)
            for one in [(self.kernel_size, 1 + block % 2, 1), (self.kernel_size, 1, 1)]
        ]
        return [(self.kernel_size, 1, 1), *blocks]
