"""LITE of Ismail-Fawaz and others."""

from typing import Any

from seqconv.arguments import whole
from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import normalize, rectify
from seqconv.encoders.training import archive_settings
from seqconv.layers import HandCraftedFilters1D, MaskedConcatenate, MaskedConv1D, MaskedSeparableConv1D


class LITE(Encoder):
    """Light inception with boosting techniques: one inception layer with hand-crafted filters, two separable convolutions.

    Parameters
    ----------
    filters : int, default=32
        Number of filters of each length, and of the separable convolutions.
    kernel_size : int, default=40
        Number of taps of the longest trained filters; the others have a half and a quarter.
    multivariate : bool, default=False
        Whether the first layer treats each channel by itself before it mixes them: LITEMV.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.

    References
    ----------
    Ismail-Fawaz, Devanne, Berretti, Weber and Forestier (2023), "LITE: light inception with boosting techniques for
    time series classification", section III; and (2025), "Look into the LITE in deep learning for time series
    classification" for LITEMV. With one channel and ten classes: 10,144 trainable parameters.

    Examples
    --------
    >>> from seqconv.encoders import LITE
    >>> LITE().receptive_field
    170
    """

    paper, year, domain = "Ismail-Fawaz et al.", 2023, "series"
    paper_epochs, paper_batch_size = 1_500, 64

    def __init__(
        self,
        filters: int = 32,
        kernel_size: int = 40,
        multivariate: bool = False,
    ) -> None:
        self.filters = filters
        self.kernel_size = kernel_size
        self.multivariate = multivariate

    def __call__(self, x: Any) -> Any:
        first = MaskedSeparableConv1D if self.multivariate else MaskedConv1D
        branches = [first(self.filters, size, padding="same", use_bias=False)(x) for size in self._kernel_sizes()]
        branches.append(rectify(HandCraftedFilters1D(depthwise=self.multivariate)(x)))
        x = rectify(normalize(MaskedConcatenate()(branches)))  # (batch, steps, 3 * filters + 17)
        for size, rate in self._separable():
            separable = MaskedSeparableConv1D(self.filters, size, padding="same", dilation_rate=rate, use_bias=False)
            x = rectify(normalize(separable(x)))
        return x

    def _kernel_sizes(self):
        size = whole("kernel_size", self.kernel_size, 4)
        return [size, size // 2, size // 4]

    def _separable(self):
        return [(self._kernel_sizes()[1], 2), (self._kernel_sizes()[2], 4)]

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        return archive_settings(1_500, 64)

    def convolutions(self) -> list[tuple[int, int, int]]:
        # The longest hand-crafted filter has 96 taps.
        first = max(96, self._kernel_sizes()[0])
        return [(first, 1, 1), *((size, 1, rate) for size, rate in self._separable())]
