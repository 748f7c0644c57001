"""Fully convolutional network of Wang, Yan and Oates."""

from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import convolve, rectify


class FCN(Encoder):
    """Fully convolutional network: three convolutions, each batch-normalised and rectified; mean pooling.

    Parameters
    ----------
    filters : sequence of int, default=(128, 256, 128)
        Number of filters of each convolution.
    kernel_sizes : sequence of int, default=(8, 5, 3)
        Steps that each convolution sees, as many as `filters`.
    padding : {"same", "valid", "causal", "full"}, default="same"
        ``"valid"`` keeps only features that see no padding: cases must then be as long as the receptive field. ``"full"``
        adds those that see the ends of a case with any of their steps.

    References
    ----------
    Wang, Yan and Oates (2017), "Time series classification from scratch with deep neural networks: a strong baseline",
    section II.B. With one channel and ten classes: 265,994 trainable parameters.

    Notes
    -----
    Differs: batch normalisation forgets at 0.9 a step, so that short fits end with true statistics.

    Examples
    --------
    >>> from seqconv.encoders import FCN
    >>> FCN().receptive_field
    14
    """

    def __init__(self, filters=(128, 256, 128), kernel_sizes=(8, 5, 3), padding="same"):
        self.filters = filters
        self.kernel_sizes = kernel_sizes
        self.padding = padding

    def __call__(self, x):
        filters, kernel_sizes = self.sizes("filters"), self.sizes("kernel_sizes")
        if len(filters) != len(kernel_sizes):
            raise ValueError(
                f"FCN needs one kernel size a convolution, got {len(filters)} filters {filters} and "
                f"{len(kernel_sizes)} kernel_sizes {kernel_sizes}."
            )
        for width, kernel_size in zip(filters, kernel_sizes, strict=True):
            x = rectify(convolve(x, width, kernel_size, padding=self.padding))  # (batch, steps, width)
        return x

    def convolutions(self):
        return [(kernel_size, 1, 1) for kernel_size in self.sizes("kernel_sizes")]

    @property
    def min_steps(self):
        return self.receptive_field if self.padding == "valid" else 1
