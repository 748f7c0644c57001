"""AlexNet in one dimension."""

from collections.abc import Sequence
from typing import Any

from seqconv.encoders.binned import Binned
from seqconv.encoders.blocks import downsample
from seqconv.layers import MaskedConv1D

# Taps and strides of the convolutions, and those before a max pooling.
_KERNELS = ((11, 4), (5, 1), (3, 1), (3, 1), (3, 1))
_POOLED = (0, 1, 4)


class AlexNet(Binned):
    """Five convolutions, three of them followed by max pooling, and two wide dense layers.

    Parameters
    ----------
    filters : sequence of int, default=(96, 256, 384, 384, 256)
        Number of filters of the five convolutions.
    dense : sequence of int, default=(4096, 4096)
        Units of the dense layers after it. Empty means none, and a mean over all steps in their place.
    n_bins : int, default=15
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
    Differs: one dimension, without local response normalization and groups; cases of any length are averaged into
    `n_bins` parts before the dense layers, where the paper has one size.

    References
    ----------
    Krizhevsky, Sutskever and Hinton (2012), "ImageNet classification with deep convolutional neural networks", section
    3.5. With one channel, 512 steps and ten classes: 33.7 million trainable parameters, 1.16 million with ``dense=()``.

    Examples
    --------
    >>> from seqconv.encoders import AlexNet
    >>> AlexNet(dense=()).pooling
    'mean'
    """

    paper, year, domain = "Krizhevsky et al.", 2012, "image"
    dropout = 0.5

    def __init__(
        self,
        filters: Sequence[int] = (96, 256, 384, 384, 256),
        dense: Sequence[int] = (4096, 4096),
        n_bins: int = 15,
    ) -> None:
        self.filters = filters
        self.dense = dense
        self.n_bins = n_bins

    def __call__(self, x: Any) -> Any:
        for i, (filters, (kernel_size, strides)) in enumerate(zip(self.sizes("filters"), _KERNELS, strict=True)):
            x = MaskedConv1D(filters, kernel_size, strides, "same", activation="relu")(x)
            x = downsample(x, 3, 2) if i in _POOLED else x  # (batch, steps, filters)
        return x

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [one for i, (k, s) in enumerate(_KERNELS) for one in [(k, s, 1), *[(3, 2, 1)] * (i in _POOLED)]]
