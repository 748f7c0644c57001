"""VGG networks in one dimension."""

from collections.abc import Sequence
from typing import Any

from seqconv.arguments import choice
from seqconv.encoders.binned import Binned
from seqconv.encoders.blocks import convolve, downsample, rectify

# Convolutions of each group, by depth.
_GROUPS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


class VGG(Binned):
    """Groups of convolutions of three taps, each group followed by max pooling, and two wide dense layers.

    Parameters
    ----------
    depth : {11, 13, 16, 19}, default=11
        Number of layers with weights.
    filters : sequence of int, default=(64, 128, 256, 512, 512)
        Number of filters of each group.
    dense : sequence of int, default=(4096, 4096)
        Units of the dense layers after it. Empty means none, and a mean over all steps in their place.
    n_bins : int, default=16
        Parts of a case of which the dense layers see the mean: as many as a case of 512 steps has steps left.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: one dimension, with batch normalization; cases of any length are averaged into `n_bins` parts before the
    dense layers, where the paper has one size.

    References
    ----------
    Simonyan and Zisserman (2015), "Very deep convolutional networks for large-scale image recognition", table 1. With
    one channel and ten classes, ``depth=11`` and ``dense=()``: 3,085,578 trainable parameters; ``depth=16``: 4,920,906.

    Examples
    --------
    >>> from seqconv.encoders import VGG
    >>> VGG(16, dense=()).receptive_field
    212
    """

    paper, year, domain = "Simonyan and Zisserman", 2015, "image"
    dropout = 0.5

    def __init__(
        self,
        depth: int = 11,
        filters: Sequence[int] = (64, 128, 256, 512, 512),
        dense: Sequence[int] = (4096, 4096),
        n_bins: int = 16,
    ) -> None:
        self.depth = depth
        self.filters = filters
        self.dense = dense
        self.n_bins = n_bins

    def __call__(self, x: Any) -> Any:
        for filters, n_convolutions in zip(self.sizes("filters"), self._groups(), strict=True):
            for _ in range(n_convolutions):
                x = rectify(convolve(x, filters, 3))
            x = downsample(x, 2)  # (batch, steps / 2, filters)
        return x

    def _groups(self):
        return _GROUPS[choice("depth", self.depth, tuple(_GROUPS))]

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [one for n in self._groups() for one in [*[(3, 1, 1)] * n, (2, 2, 1)]]
