"""Temporal convolutional network of Bai, Kolter and Koltun."""

from typing import Any

import keras

from seqconv.arguments import whole
from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import rectify
from seqconv.encoders.training import n_batches, paper_settings, steps_down
from seqconv.layers import MaskedAdd, MaskedConv1D, WeightNormConv1D

_START = keras.initializers.RandomNormal(stddev=0.01)


class TCN(Encoder):
    """Residual blocks of two causal convolutions each, whose dilation doubles; the last step counts.

    Parameters
    ----------
    filters : int, default=25
        Number of filters.
    depth : int, default=8
        Number of blocks.
    kernel_size : int, default=7
        Number of taps.
    dropout_rate : float, default=0.0
        Share of whole channels dropped after each convolution, 0 to below 1; the paper takes 0 to 0.5.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.

    References
    ----------
    Bai, Kolter and Koltun (2018), "An empirical evaluation of generic convolutional and recurrent networks for sequence
    modeling", section 3. With one channel and ten classes: 66,910 trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import TCN
    >>> TCN().receptive_field
    3061
    """

    paper, year, domain = "Bai et al.", 2018, "series"
    pooling = "last"
    padding = "causal"

    def __init__(
        self,
        filters: int = 25,
        depth: int = 8,
        kernel_size: int = 7,
        dropout_rate: float = 0.0,
    ) -> None:
        self.filters = filters
        self.depth = depth
        self.kernel_size = kernel_size
        self.dropout_rate = dropout_rate

    def __call__(self, x: Any) -> Any:
        for block in range(whole("depth", self.depth, 1)):
            shortcut = x if x.shape[-1] == self.filters else MaskedConv1D(self.filters, 1, kernel_initializer=_START)(x)
            for _ in range(2):
                x = rectify(self._convolution(2**block)(x))  # (batch, steps, filters)
                x = keras.layers.SpatialDropout1D(self.dropout_rate)(x) if self.dropout_rate else x
            x = rectify(MaskedAdd()([shortcut, x]))
        return x

    def _convolution(self, rate):
        return WeightNormConv1D(
            self.filters, self.kernel_size, padding="causal", dilation_rate=rate, kernel_initializer=_START
        )

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        rate = steps_down((2e-3, 2e-4), 10 * n_batches(n_cases, 64))
        return paper_settings(20, 64, keras.optimizers.Adam(rate, clipnorm=1.0))

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [(self.kernel_size, 1, 2**block) for block in range(self.depth) for _ in range(2)]
