"""LeNet-5 in one dimension."""

from collections.abc import Sequence
from typing import Any

from seqconv.encoders.binned import Binned
from seqconv.layers import MaskedConv1D, MaskedMaxPooling1D


class LeNet(Binned):
    """Two short convolutions, each followed by max pooling, and two dense layers.

    Parameters
    ----------
    filters : sequence of int, default=(6, 16)
        Number of filters of each convolution.
    kernel_size : int, default=5
        Number of taps.
    padding : {"valid", "same"}, default="valid"
        "valid" needs cases of 16 steps by default.
    dense : sequence of int, default=(120, 84)
        Units of the dense layers after it. Empty means none, and a mean over all steps in their place.
    n_bins : int, default=125
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
    Differs: one dimension, rectifiers and max pooling in place of sigmoids and averages; cases of any length are
    averaged into `n_bins` parts before the dense layers, where the paper has one size.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), "Gradient-based learning applied to document recognition", section II.B.
    With one channel, 512 steps and ten classes: 251,666 trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import LeNet
    >>> LeNet().receptive_field
    16
    """

    paper, year, domain = "LeCun et al.", 1998, "image"

    def __init__(
        self,
        filters: Sequence[int] = (6, 16),
        kernel_size: int = 5,
        padding: str = "valid",
        dense: Sequence[int] = (120, 84),
        n_bins: int = 125,
    ) -> None:
        self.filters = filters
        self.kernel_size = kernel_size
        self.padding = padding
        self.dense = dense
        self.n_bins = n_bins

    def __call__(self, x: Any) -> Any:
        for filters in self.sizes("filters"):
            x = MaskedConv1D(filters, self.kernel_size, padding=self.padding, activation="relu")(x)
            x = MaskedMaxPooling1D(2, padding=self.padding)(x)  # (batch, steps / 2, filters)
        return x

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [(self.kernel_size, 1, 1), (2, 2, 1)] * len(self.sizes("filters"))
