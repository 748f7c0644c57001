"""GoogLeNet in one dimension."""

from collections.abc import Sequence
from typing import Any

from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import convolve, downsample, rectify
from seqconv.layers import MaskedConcatenate

# Filters of each module: alone, before and of the short branch, before and of the long one, after the pool.
_STAGES = (
    ((64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64)),
    (
        (192, 96, 208, 16, 48, 64),
        (160, 112, 224, 24, 64, 64),
        (128, 128, 256, 24, 64, 64),
        (112, 144, 288, 32, 64, 64),
        (256, 160, 320, 32, 128, 128),
    ),
    ((256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128)),
)


class GoogLeNet(Encoder):
    """Nine inception modules of short filters side by side, after two convolutions.

    Parameters
    ----------
    kernel_sizes : sequence of int, default=(3, 5)
        Taps of the two longer branches of a module.
    dropout : float, default=0.4
        Share of the pooled features dropped before the head, 0 to below 1.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: one dimension, with batch normalization and without the two auxiliary heads.

    References
    ----------
    Szegedy and others (2015), "Going deeper with convolutions", table 1.

    Examples
    --------
    >>> from seqconv.encoders import GoogLeNet
    >>> GoogLeNet().pooling
    'mean'
    """

    paper, year, domain = "Szegedy et al.", 2015, "image"

    def __init__(
        self,
        kernel_sizes: Sequence[int] = (3, 5),
        dropout: float = 0.4,
    ) -> None:
        self.kernel_sizes = kernel_sizes
        self.dropout = dropout

    def __call__(self, x: Any) -> Any:
        x = downsample(rectify(convolve(x, 64, 7, 2)), 3, 2)
        x = rectify(convolve(rectify(convolve(x, 64, 1)), 192, 3))
        for stage in _STAGES:
            x = downsample(x, 3, 2)
            for widths in stage:
                x = self._module(x, *widths)  # (batch, steps, sum of four widths)
        return x

    def _module(self, x, alone, before_short, short, before_long, long, pooled):
        first, second = self.sizes("kernel_sizes")
        branches = [rectify(convolve(x, alone, 1))]
        for before, filters, size in ((before_short, short, first), (before_long, long, second)):
            branches.append(rectify(convolve(rectify(convolve(x, before, 1)), filters, size)))
        branches.append(rectify(convolve(downsample(x, 3, 1), pooled, 1)))
        return MaskedConcatenate()(branches)

    def convolutions(self) -> list[tuple[int, int, int]]:
        longest = max(3, *self.sizes("kernel_sizes"))
        found = [(7, 2, 1), (3, 2, 1), (3, 1, 1)]
        for stage in _STAGES:
            found += [(3, 2, 1), *[(longest, 1, 1)] * len(stage)]
        return found
