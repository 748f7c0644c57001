"""Disjoint convolutions of Foumani and others."""

from collections.abc import Sequence
from typing import Any

import keras

from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import MOMENTUM, downsample, normalize
from seqconv.layers import EachGroup, MaskedBatchNormalization, MaskedConv1D


class DisjointCNN(Encoder):
    """Convolutions along time and across channels in turn, four times.

    Parameters
    ----------
    filters : int, default=64
        Number of filters of each convolution.
    kernel_sizes : sequence of int, default=(8, 5, 5, 3)
        Taps along time of each block.
    pool_size : int, default=5
        Steps of a window of the last pooling.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: the third block takes the output of the second; in the authors' code it takes that of the wrong layer.

    References
    ----------
    Foumani, Tan and Salehi (2021), "Disjoint-CNN for multivariate time series classification", section III. With nine
    channels and ten classes: 826,826 trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import DisjointCNN
    >>> DisjointCNN().receptive_field
    22
    """

    paper, year, domain = "Foumani et al.", 2021, "series"

    def __init__(
        self,
        filters: int = 64,
        kernel_sizes: Sequence[int] = (8, 5, 5, 3),
        pool_size: int = 5,
    ) -> None:
        self.filters = filters
        self.kernel_sizes = kernel_sizes
        self.pool_size = pool_size

    def __call__(self, x: Any) -> Any:
        for kernel_size in self.sizes("kernel_sizes"):
            along_time = MaskedConv1D(self.filters, kernel_size, padding="same", kernel_initializer="he_uniform")
            each = [along_time, MaskedBatchNormalization(momentum=MOMENTUM), keras.layers.ELU()]
            x = EachGroup(x.shape[-1], each)(x)  # (batch, steps, channels * filters)
            x = MaskedConv1D(self.filters, 1, kernel_initializer="he_uniform")(x)
            x = keras.layers.ELU()(normalize(x))  # (batch, steps, filters)
        return downsample(x, self.pool_size)

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [(size, 1, 1) for size in self.sizes("kernel_sizes")] + [(self.pool_size, self.pool_size, 1)]
