"""Deep pyramid convolutional network of Johnson and Zhang."""

from typing import Any

import keras

from seqconv.arguments import whole
from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import downsample, rectify
from seqconv.encoders.training import n_batches, paper_settings, steps_down
from seqconv.layers import MaskedAdd, MaskedConv1D


class DPCNN(Encoder):
    """Blocks of two convolutions with shortcuts over words, of which each halves the length.

    Parameters
    ----------
    filters : int, default=250
        Number of filters of all layers.
    n_blocks : int, default=7
        Number of blocks.
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
    Differs: a fixed number of blocks; the paper stops where one step is left. Region embedding without the unsupervised
    part.

    References
    ----------
    Johnson and Zhang (2017), "Deep pyramid convolutional neural networks for text categorization", section 2.

    Examples
    --------
    >>> from seqconv.encoders import DPCNN
    >>> DPCNN(n_blocks=2).receptive_field
    17
    """

    paper, year, domain = "Johnson and Zhang", 2017, "text"
    pooling = "max"

    def __init__(
        self,
        filters: int = 250,
        n_blocks: int = 7,
        dropout: float = 0.5,
    ) -> None:
        self.filters = filters
        self.n_blocks = n_blocks
        self.dropout = dropout

    def __call__(self, x: Any) -> Any:
        x = MaskedConv1D(self.filters, 3, padding="same")(x)
        for block in range(whole("n_blocks", self.n_blocks, 1)):
            x = downsample(x, 3, 2) if block else x
            y = self._convolution(self._convolution(x))
            x = MaskedAdd()([x, y])  # (batch, steps, filters)
        return x

    def _convolution(self, x):
        return MaskedConv1D(self.filters, 3, padding="same")(rectify(x))

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        # As the authors' scripts for the reviews of Yelp.
        rate = steps_down((0.05, 0.005), 24 * n_batches(n_cases, 100))
        return paper_settings(30, 100, keras.optimizers.SGD(rate, momentum=0.9, weight_decay=1e-4))

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [(3, 1, 1), *[(3, 1, 1), (3, 1, 1), (3, 2, 1)] * (self.n_blocks - 1), (3, 1, 1), (3, 1, 1)]
