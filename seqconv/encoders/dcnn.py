"""Dynamic convolutional network of Kalchbrenner, Grefenstette and Blunsom."""

from collections.abc import Sequence
from typing import Any

import keras

from seqconv.encoders.base import Encoder
from seqconv.layers import DynamicKMaxPooling1D, Folding1D, KMaxPooling1D, MaskedConv1D


class DCNN(Encoder):
    """Wide convolutions of each row of a sentence, folding and dynamic k-max pooling.

    Parameters
    ----------
    filters : sequence of int, default=(6, 14)
        Number of feature maps of each layer.
    kernel_sizes : sequence of int, default=(7, 5)
        Taps of each layer, as many entries as `filters`.
    k_top : int, default=4
        Values kept of each row at the end.
    fold : bool, default=True
        Whether each layer adds its rows in pairs.

    Raises
    ------
    ValueError
        If the numbers of a word cannot be folded in pairs; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, output steps, features).
    Mask: passed on.
    Backend: all.
    Differs: the bias is added before folding, which computes the same functions. The tanh of the last layer precedes
    its k-max pooling, which chooses the same steps.

    References
    ----------
    Kalchbrenner, Grefenstette and Blunsom (2014), "A convolutional neural network for modelling sentences", section 3.
    The paper has vectors of 48 numbers for two classes.

    Examples
    --------
    >>> from seqconv.encoders import DCNN
    >>> DCNN().pooling.k
    4
    """

    paper, year, domain = "Kalchbrenner et al.", 2014, "text"
    paper_shape = (64, 48)
    dropout = 0.5

    def __init__(
        self,
        filters: Sequence[int] = (6, 14),
        kernel_sizes: Sequence[int] = (7, 5),
        k_top: int = 4,
        fold: bool = True,
    ) -> None:
        self.filters = filters
        self.kernel_sizes = kernel_sizes
        self.k_top = k_top
        self.fold = fold

    @property
    def pooling(self) -> Any:
        """The values kept at the end."""
        return KMaxPooling1D(self.k_top, flatten=True)

    def __call__(self, x: Any) -> Any:
        sentence, rows, n_layers = x, x.shape[-1], len(self.sizes("filters"))
        pairs = zip(self.sizes("filters"), self.sizes("kernel_sizes"), strict=True)
        for i, (filters, kernel_size) in enumerate(pairs, 1):
            x = MaskedConv1D(rows * filters, kernel_size, padding="full", groups=rows)(x)
            if self.fold:
                x, rows = Folding1D(rows)(x), rows // 2
            if i < n_layers:
                x = DynamicKMaxPooling1D(self.k_top, i, n_layers)([x, sentence])
            x = keras.layers.Activation("tanh")(x)  # (batch, values kept, rows * filters)
        return x

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [(size, 1, 1) for size in self.sizes("kernel_sizes")]
