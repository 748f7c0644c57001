"""Convolutional network of Zhao and others for time series."""

from collections.abc import Sequence
from typing import Any

import keras

from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import bins
from seqconv.encoders.training import paper_settings
from seqconv.layers import MaskedAveragePooling1D, MaskedConv1D


class TimeCNN(Encoder):
    """Two convolutions with sigmoids, each averaged over neighbours, and a dense layer over places in time.

    Parameters
    ----------
    filters : sequence of int, default=(6, 12)
        Number of filters of each convolution.
    kernel_size : int, default=7
        Number of taps.
    pool_size : int, default=3
        Steps averaged after each convolution.
    padding : {"valid", "same"}, default="valid"
        "valid" needs cases of 33 steps by default.
    n_bins : int, default=54
        Parts of a case of which the head sees the mean: as many as a case of 512 steps has steps left.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: the head has a softmax and cross-entropy, where the paper has sigmoids and squared errors. Cases of other
    lengths are averaged into `n_bins` parts, where the paper has one length.

    References
    ----------
    Zhao, Lu, Chen, Liu and Wu (2017), "Convolutional neural networks for time series classification", section 3. With
    one channel, 512 steps and ten classes: 7,054 trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import TimeCNN
    >>> TimeCNN().receptive_field
    33
    """

    paper, year, domain = "Zhao et al.", 2017, "series"

    def __init__(
        self,
        filters: Sequence[int] = (6, 12),
        kernel_size: int = 7,
        pool_size: int = 3,
        padding: str = "valid",
        n_bins: int = 54,
    ) -> None:
        self.filters = filters
        self.kernel_size = kernel_size
        self.pool_size = pool_size
        self.padding = padding
        self.n_bins = n_bins

    @property
    def pooling(self) -> Any:
        """Means of equal parts of a case."""
        return bins(self.n_bins)

    def __call__(self, x: Any) -> Any:
        for filters in self.sizes("filters"):
            x = MaskedConv1D(filters, self.kernel_size, padding=self.padding, activation="sigmoid")(x)
            x = MaskedAveragePooling1D(self.pool_size, padding=self.padding)(x)  # (batch, steps / pool_size, filters)
        return x

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        return paper_settings(2_000, 16, keras.optimizers.Adam(1e-3))

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [(self.kernel_size, 1, 1), (self.pool_size, self.pool_size, 1)] * len(self.sizes("filters"))
