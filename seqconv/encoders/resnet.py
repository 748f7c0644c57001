"""Residual network of Wang, Yan and Oates."""

from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import convolve, normalize, rectify
from seqconv.layers import MaskedAdd


class ResNet(Encoder):
    """Residual network: blocks of three convolutions with a shortcut around each; mean pooling.

    Parameters
    ----------
    filters : sequence of int, default=(64, 128, 128)
        Number of filters of each block.
    kernel_sizes : sequence of int, default=(8, 5, 3)
        Steps that the convolutions of every block see.

    References
    ----------
    Wang, Yan and Oates (2017), "Time series classification from scratch with deep neural networks: a strong baseline",
    section II.C. With one channel and ten classes: 505,290 trainable parameters.

    Notes
    -----
    A shortcut is a convolution of one step where the number of channels changes, and batch normalisation alone where it
    does not, as in the authors' code.

    Differs: batch normalisation forgets at 0.9 a step, so that short fits end with true statistics.

    Examples
    --------
    >>> from seqconv.encoders import ResNet
    >>> ResNet().receptive_field
    40
    """

    def __init__(self, filters=(64, 128, 128), kernel_sizes=(8, 5, 3)):
        self.filters = filters
        self.kernel_sizes = kernel_sizes

    def __call__(self, x):
        for filters in self.sizes("filters"):
            x = self._block(x, filters)  # (batch, steps, filters)
        return x

    def _block(self, x, filters):
        shortcut = normalize(x) if x.shape[-1] == filters else convolve(x, filters, 1)
        *first, last = self.sizes("kernel_sizes")
        for kernel_size in first:
            x = rectify(convolve(x, filters, kernel_size))
        x = convolve(x, filters, last)
        return rectify(MaskedAdd()([shortcut, x]))

    def convolutions(self):
        return [(kernel_size, 1, 1) for _ in self.sizes("filters") for kernel_size in self.sizes("kernel_sizes")]
