"""Deep residual networks of He and others in one dimension."""

from typing import Any

from seqconv.arguments import choice
from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import convolve, downsample, rectify
from seqconv.layers import MaskedAdd

# Blocks of each stage, by depth.
_STAGES = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


class DeepResNet(Encoder):
    """Residual blocks of two convolutions, or of three with a bottleneck, in four stages of halved length.

    Parameters
    ----------
    depth : {18, 34, 50, 101, 152}, default=18
        Number of layers with weights.
    filters : int, default=64
        Number of filters of the first stage; each next one has twice as many.
    kernel_size : int, default=3
        Taps of the convolutions in the blocks.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: one dimension.

    References
    ----------
    He, Zhang, Ren and Sun (2016), "Deep residual learning for image recognition", table 1.

    Examples
    --------
    >>> from seqconv.encoders import DeepResNet
    >>> DeepResNet(18).receptive_field
    435
    """

    paper, year, domain = "He et al.", 2016, "image"

    def __init__(
        self,
        depth: int = 18,
        filters: int = 64,
        kernel_size: int = 3,
    ) -> None:
        self.depth = depth
        self.filters = filters
        self.kernel_size = kernel_size

    def __call__(self, x: Any) -> Any:
        x = downsample(rectify(convolve(x, self.filters, 7, 2, use_bias=False)), 3, 2)
        for stage, n_blocks in enumerate(self._stages()):
            for i in range(n_blocks):
                x = self._block(x, self.filters * 2**stage, 2 if stage and not i else 1)  # (batch, steps, features)
        return x

    def _block(self, x, filters, strides):
        if self.depth < 50:
            y = rectify(convolve(x, filters, self.kernel_size, strides, use_bias=False))
            y = convolve(y, filters, self.kernel_size, use_bias=False)
        else:
            y = rectify(convolve(x, filters, 1, use_bias=False))
            y = rectify(convolve(y, filters, self.kernel_size, strides, use_bias=False))
            y = convolve(y, 4 * filters, 1, use_bias=False)
        n_out = y.shape[-1]
        shortcut = x if x.shape[-1] == n_out and strides == 1 else convolve(x, n_out, 1, strides, use_bias=False)
        return rectify(MaskedAdd()([shortcut, y]))

    def _stages(self):
        return _STAGES[choice("depth", self.depth, tuple(_STAGES))]

    def convolutions(self) -> list[tuple[int, int, int]]:
        found, n_long = [(7, 2, 1), (3, 2, 1)], 2 if self.depth < 50 else 1
        for stage, n_blocks in enumerate(self._stages()):
            for i in range(n_blocks):
                found += [(self.kernel_size, 2 if stage and not i else 1, 1)] + [(self.kernel_size, 1, 1)] * (
                    n_long - 1
                )
        return found
