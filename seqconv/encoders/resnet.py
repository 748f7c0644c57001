"""Residual network of Wang, Yan and Oates."""

from collections.abc import Sequence
from typing import Any

from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import convolve, normalize, rectify
from seqconv.encoders.training import archive_settings
from seqconv.layers import MaskedAdd


class ResNet(Encoder):
    """Residual network: blocks of three convolutions, each block with a shortcut; mean pooling.

    Parameters
    ----------
    filters : sequence of int, default=(64, 128, 128)
        Number of filters of each block.
    kernel_sizes : sequence of int, default=(8, 5, 3)
        Number of taps of the convolutions of every block.

    Raises
    ------
    ValueError
        If an argument is not a sequence of integers; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, steps, filters[-1]).
    Mask: passed on.
    Backend: all.
    Differs: the moving statistics of batch normalization have momentum 0.9, so that short fits end with true ones.
    A shortcut is a convolution of one tap if the number of channels changes, else batch normalization alone, as in the
    authors' code.

    References
    ----------
    Wang, Yan and Oates (2017), "Time series classification from scratch with deep neural networks: a strong baseline",
    section II.C. With one channel and ten classes: 505,290 trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import ResNet
    >>> ResNet().receptive_field
    40
    """

    paper, year, domain = "Wang et al.", 2017, "series"

    def __init__(self, filters: Sequence[int] = (64, 128, 128), kernel_sizes: Sequence[int] = (8, 5, 3)) -> None:
        self.filters = filters
        self.kernel_sizes = kernel_sizes

    def __call__(self, x: Any) -> Any:
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

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        return archive_settings(1_500, max(1, min(n_cases // 10, 64)))

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [(kernel_size, 1, 1) for _ in self.sizes("filters") for kernel_size in self.sizes("kernel_sizes")]
