"""ModernTCN of Luo and Wang."""

from collections.abc import Sequence
from typing import Any

import keras

from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import MOMENTUM, normalize
from seqconv.layers import (
    ChannelShuffle,
    EachGroup,
    MaskedAdd,
    MaskedBatchNormalization,
    MaskedConv1D,
    ReparameterizedConv1D,
)
from seqconv.layers.portable import gelu


class ModernTCN(Encoder):
    """Blocks of a long depthwise convolution, and dense layers within each channel and across them.

    Parameters
    ----------
    filters : sequence of int, default=(32, 64)
        Features of each channel, a stage each.
    depths : sequence of int, default=(1, 1)
        Blocks of each stage, as many entries as `filters`.
    kernel_size : int, default=51
        Taps of the long depthwise convolution, odd.
    small_kernel_size : int, default=5
        Taps of the short one beside it, odd.
    patch_size : int, default=8
        Taps of the first convolution.
    patch_stride : int, default=4
        Its strides.
    ratio : int, default=1
        Width of the hidden dense layers as a multiple.
    dropout_rate : float, default=0.1
        Share dropped in the dense layers, 0 to below 1.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: mean pooling, where the paper flattens cases of one length.

    References
    ----------
    Luo and Wang (2024), "ModernTCN: a modern pure convolution structure for general time series analysis", sections 3.2
    and 3.3.

    Examples
    --------
    >>> from seqconv.encoders import ModernTCN
    >>> ModernTCN(filters=(8,), depths=(2,)).receptive_field
    408
    """

    paper, year, domain = "Luo and Wang", 2024, "series"

    def __init__(
        self,
        filters: Sequence[int] = (32, 64),
        depths: Sequence[int] = (1, 1),
        kernel_size: int = 51,
        small_kernel_size: int = 5,
        patch_size: int = 8,
        patch_stride: int = 4,
        ratio: int = 1,
        dropout_rate: float = 0.1,
    ) -> None:
        self.filters = filters
        self.depths = depths
        self.kernel_size = kernel_size
        self.small_kernel_size = small_kernel_size
        self.patch_size = patch_size
        self.patch_stride = patch_stride
        self.ratio = ratio
        self.dropout_rate = dropout_rate

    def __call__(self, x: Any) -> Any:
        n_channels = x.shape[-1]
        stages = zip(self.sizes("filters"), self.sizes("depths"), strict=True)
        for stage, (filters, depth) in enumerate(stages):
            taps, strides = (self.patch_size, self.patch_stride) if stage == 0 else (2, 2)
            x = EachGroup(n_channels, self._shortened(filters, taps, strides))(x)
            for _ in range(depth):
                x = self._block(x, n_channels, filters)  # (batch, steps, channels * filters)
        return x

    def _shortened(self, filters, taps, strides):
        return [
            MaskedConv1D(filters, taps, strides, padding="same"),
            MaskedBatchNormalization(momentum=MOMENTUM),
        ]

    def _block(self, x, n_channels, filters):
        long = ReparameterizedConv1D(None, (self.kernel_size, self.small_kernel_size), momentum=MOMENTUM)
        y = self._dense(normalize(long(x)), n_channels, filters)
        # Now place after place: the dense layers mix the channels of one feature.
        y = self._dense(ChannelShuffle(n_channels)(y), filters, n_channels)
        return MaskedAdd()([x, ChannelShuffle(filters)(y)])

    def _dense(self, x, groups, size):
        width = groups * size
        x = MaskedConv1D(width * self.ratio, 1, groups=groups, activation=gelu)(x)
        x = keras.layers.Dropout(self.dropout_rate)(x)
        return keras.layers.Dropout(self.dropout_rate)(MaskedConv1D(width, 1, groups=groups)(x))

    def convolutions(self) -> list[tuple[int, int, int]]:
        found = []
        for stage, depth in enumerate(self.sizes("depths")):
            found += [(2, 2, 1) if stage else (self.patch_size, self.patch_stride, 1)]
            found += [(max(self.kernel_size, self.small_kernel_size), 1, 1)] * depth
        return found
