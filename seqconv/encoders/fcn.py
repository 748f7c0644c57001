"""Fully convolutional network of Wang, Yan and Oates."""

from collections.abc import Sequence
from typing import Any

from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import convolve, rectify
from seqconv.encoders.training import archive_settings


class FCN(Encoder):
    """Fully convolutional network: three convolutions, each batch-normalized and rectified; mean pooling.

    Parameters
    ----------
    filters : sequence of int, default=(128, 256, 128)
        Number of filters of each convolution.
    kernel_sizes : sequence of int, default=(8, 5, 3)
        Number of taps of each convolution, as many entries as `filters`.
    padding : {"same", "valid", "causal", "full"}, default="same"
        "valid" keeps only features that see no padding: cases must then be as long as the receptive field. "full" adds
        those that see the ends of a case with any of their taps.

    Raises
    ------
    ValueError
        If `filters` and `kernel_sizes` are not sequences of one length; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, steps, filters[-1]).
    Mask: passed on.
    Backend: all.
    Differs: the moving statistics of batch normalization have momentum 0.9, so that short fits end with true ones.

    References
    ----------
    Wang, Yan and Oates (2017), "Time series classification from scratch with deep neural networks: a strong baseline",
    section II.B. With one channel and ten classes: 265,994 trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import FCN
    >>> FCN().receptive_field
    14
    """

    paper, year, domain = "Wang et al.", 2017, "series"

    def __init__(
        self, filters: Sequence[int] = (128, 256, 128), kernel_sizes: Sequence[int] = (8, 5, 3), padding: str = "same"
    ) -> None:
        self.filters = filters
        self.kernel_sizes = kernel_sizes
        self.padding = padding

    def __call__(self, x: Any) -> Any:
        filters, kernel_sizes = self.sizes("filters"), self.sizes("kernel_sizes")
        if len(filters) != len(kernel_sizes):
            raise ValueError(
                f"FCN requires one kernel size for each convolution, got {len(filters)} filters {filters} and "
                f"{len(kernel_sizes)} kernel_sizes {kernel_sizes}."
            )
        for width, kernel_size in zip(filters, kernel_sizes, strict=True):
            x = rectify(convolve(x, width, kernel_size, padding=self.padding))  # (batch, steps, width)
        return x

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        return archive_settings(2_000, max(1, min(n_cases // 10, 16)))

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [(kernel_size, 1, 1) for kernel_size in self.sizes("kernel_sizes")]
