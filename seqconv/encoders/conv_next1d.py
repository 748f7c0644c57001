"""ConvNeXt of Liu and others in one dimension."""

from collections.abc import Sequence
from typing import Any

import keras

from seqconv.arguments import number
from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import normalize_steps
from seqconv.layers import LayerScale, MaskedAdd, MaskedConv1D, MaskedDepthwiseConv1D
from seqconv.layers.portable import gelu


class ConvNeXt1D(Encoder):
    """Residual blocks of a depthwise convolution and two dense layers at each step, in four stages of halved length.

    Parameters
    ----------
    filters : sequence of int, default=(96, 192, 384, 768)
        Channels of each stage.
    depths : sequence of int, default=(3, 3, 9, 3)
        Blocks of each stage, as many entries as `filters`.
    kernel_size : int, default=7
        Taps of the depthwise convolutions.
    drop_path : float, default=0.1
        Largest share of cases that skip a block in training; it rises from 0 with depth.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: one dimension in place of two. The last normalization is of each step, and not of their mean.

    References
    ----------
    Liu, Mao, Wu, Feichtenhofer, Darrell and Xie (2022), "A ConvNet for the 2020s", section 2, the tiny model.

    Examples
    --------
    >>> from seqconv.encoders import ConvNeXt1D
    >>> ConvNeXt1D(depths=(1, 1, 1, 1)).receptive_field
    392
    """

    paper, year, domain = "Liu et al.", 2022, "image"

    def __init__(
        self,
        filters: Sequence[int] = (96, 192, 384, 768),
        depths: Sequence[int] = (3, 3, 9, 3),
        kernel_size: int = 7,
        drop_path: float = 0.1,
    ) -> None:
        self.filters = filters
        self.depths = depths
        self.kernel_size = kernel_size
        self.drop_path = drop_path

    def __call__(self, x: Any) -> Any:
        depths, drop, block = self.sizes("depths"), number("drop_path", self.drop_path, 0, below=1), 0
        for stage, (filters, depth) in enumerate(zip(self.sizes("filters"), depths, strict=True)):
            if stage == 0:
                x = normalize_steps(MaskedConv1D(filters, 4, strides=4, padding="same")(x))
            else:
                x = MaskedConv1D(filters, 2, strides=2, padding="same")(normalize_steps(x))
            for _ in range(depth):
                x = self._block(x, filters, drop * block / max(1, sum(depths) - 1))  # (batch, steps, filters)
                block += 1
        return normalize_steps(x)

    def _block(self, x, filters, drop):
        y = normalize_steps(MaskedDepthwiseConv1D(self.kernel_size, padding="same")(x))
        y = MaskedConv1D(4 * filters, 1, activation=gelu)(y)
        y = LayerScale(1e-6)(MaskedConv1D(filters, 1)(y))
        y = keras.layers.Dropout(drop, noise_shape=(None, 1, 1))(y) if drop else y
        return MaskedAdd()([x, y])

    def convolutions(self) -> list[tuple[int, int, int]]:
        first = [(4, 4, 1)]
        for stage, depth in enumerate(self.sizes("depths")):
            first += [(2, 2, 1)] * (stage > 0) + [(self.kernel_size, 1, 1)] * depth
        return first
