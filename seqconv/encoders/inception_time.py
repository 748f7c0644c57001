"""Inception network for time series of Ismail Fawaz and others."""

from typing import Any

from seqconv.arguments import whole
from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import convolve, normalize, rectify
from seqconv.encoders.training import archive_settings
from seqconv.layers import MaskedAdd, MaskedConcatenate, MaskedConv1D, MaskedMaxPooling1D


class InceptionTime(Encoder):
    """Inception network: modules of long, middle and short filters side by side; mean pooling.

    One network is one member of the published classifier, which averages five:
    ``SeqConvClassifier(InceptionTime(), n_members=5)``.

    Parameters
    ----------
    filters : int, default=32
        Number of filters of each of the four branches of a module.
    depth : int, default=6
        Number of modules.
    kernel_size : int, default=40
        Number of taps of the longest filters; the others have a half and a quarter of it.
    bottleneck : int or None, default=32
        Number of channels to which a module first reduces an input of several channels. None reduces nothing.
    residual : bool, default=True
        Whether a shortcut joins every third module with the input of the module two before it.

    Raises
    ------
    ValueError
        If a number is not an integer of at least 1; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, steps, 4 * filters).
    Mask: passed on.
    Backend: all.
    Differs: the moving statistics of batch normalization have momentum 0.9, so that short fits end with true ones.

    References
    ----------
    Ismail Fawaz and others (2020), "InceptionTime: finding AlexNet for time series classification", section 3. With one
    channel and ten classes: 421,482 trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import InceptionTime
    >>> InceptionTime(depth=3).receptive_field
    118
    """

    paper, year, domain = "Ismail Fawaz et al.", 2020, "series"
    paper_epochs, paper_batch_size = 1_500, 64

    def __init__(
        self,
        filters: int = 32,
        depth: int = 6,
        kernel_size: int = 40,
        bottleneck: int | None = 32,
        residual: bool = True,
    ) -> None:
        self.filters = filters
        self.depth = depth
        self.kernel_size = kernel_size
        self.bottleneck = bottleneck
        self.residual = residual

    def __call__(self, x: Any) -> Any:
        start = x
        for module in range(whole("depth", self.depth, 1)):
            x = self._module(x, module)  # (batch, steps, 4 * filters)
            if self.residual and module % 3 == 2:
                shortcut = convolve(start, 4 * self.filters, 1, use_bias=False)
                start = x = rectify(MaskedAdd()([shortcut, x]))
        return x

    def _module(self, x, module):
        return rectify(normalize(MaskedConcatenate()(self._branches(x, module))))

    def _branches(self, x, module):
        reduced = x
        if self.bottleneck is not None and x.shape[-1] > 1:
            reduced = self._convolution(x, whole("bottleneck", self.bottleneck, 1), 1)  # (batch, steps, bottleneck)
        branches = [self._convolution(reduced, self.filters, size) for size in self._kernel_sizes()]
        pooled = MaskedMaxPooling1D(3, strides=1, padding="same")(x)
        return [*branches, self._convolution(pooled, self.filters, 1)]

    def _convolution(self, x, filters, kernel_size):
        return MaskedConv1D(filters, kernel_size, padding="same", use_bias=False)(x)

    def _kernel_sizes(self):
        return [max(1, whole("kernel_size", self.kernel_size, 1) // 2**i) for i in range(3)]

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        return archive_settings(1_500, 64)

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [(max(3, self.kernel_size), 1, 1)] * self.depth
