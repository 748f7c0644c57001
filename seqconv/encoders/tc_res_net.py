"""Temporal convolution network of Choi and others for keywords."""

from typing import Any

import keras

from seqconv.arguments import choice, number
from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import convolve, rectify
from seqconv.encoders.training import n_batches, paper_settings, steps_down
from seqconv.layers import MaskedAdd, MaskedConv1D


class TCResNet(Encoder):
    """Residual blocks along time over cepstra as channels.

    Parameters
    ----------
    depth : {8, 14}, default=8
        Number of convolutions along the longest path.
    width : float, default=1.0
        Multiple of the number of filters.
    dropout : float, default=0.5
        Share of the pooled features dropped before the head, 0 to below 1.

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
    Choi and others (2019), "Temporal convolution for real-time keyword spotting on mobile devices", section 3. With 40
    channels and twelve classes: 65,000 trainable parameters, 305,000 with ``depth=14, width=1.5``.

    Examples
    --------
    >>> from seqconv.encoders import TCResNet
    >>> TCResNet().receptive_field
    171
    """

    paper, year, domain = "Choi et al.", 2019, "audio"

    def __init__(
        self,
        depth: int = 8,
        width: float = 1.0,
        dropout: float = 0.5,
    ) -> None:
        self.depth = depth
        self.width = width
        self.dropout = dropout

    def __call__(self, x: Any) -> Any:
        first, *rest = self._widths()
        x = MaskedConv1D(first, 3, padding="same", use_bias=False)(x)
        for filters in rest:
            x = self._block(x, filters)  # (batch, steps, filters)
        return x

    def _block(self, x, filters):
        is_same = x.shape[-1] == filters
        y = rectify(convolve(x, filters, 9, 1 if is_same else 2, use_bias=False))
        y = convolve(y, filters, 9, use_bias=False)
        shortcut = x if is_same else rectify(convolve(x, filters, 1, 2, use_bias=False))
        return rectify(MaskedAdd()([shortcut, y]))

    def _widths(self):
        repeats = {8: 1, 14: 2}[choice("depth", self.depth, (8, 14))]
        width = number("width", self.width, above=0)
        return [max(1, int(n * width)) for n in (16, *(n for n in (24, 32, 48) for _ in range(repeats)))]

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        rate = steps_down((0.1, 0.01, 0.001), 10_000)
        epochs = n_batches(30_000, n_batches(n_cases, 100))
        return paper_settings(epochs, 100, keras.optimizers.SGD(rate, momentum=0.9))

    def convolutions(self) -> list[tuple[int, int, int]]:
        first, *rest = self._widths()
        pairs = zip([first, *rest], rest, strict=False)
        return [(3, 1, 1), *(one for a, b in pairs for one in [(9, 1 if a == b else 2, 1), (9, 1, 1)])]
