"""Convolutional network for sentences of Kim."""

from collections.abc import Sequence
from typing import Any

import keras

from seqconv.encoders.base import Encoder
from seqconv.encoders.training import paper_settings
from seqconv.layers import MaskedConcatenate, MaskedConv1D


class KimCNN(Encoder):
    """Kim's sentence network: filters of several widths side by side over word vectors; max pooling, dropout.

    Parameters
    ----------
    filters : int, default=100
        Number of filters of each width.
    kernel_sizes : sequence of int, default=(3, 4, 5)
        Widths in tokens.
    activation : str, default="relu"
        Name of a Keras activation.
    dropout : float, default=0.5
        Share of the pooled features dropped before the head, 0 to below 1.
    max_norm : float or None, default=3.0
        Largest norm of the weights of a class in the head, above 0. None means no bound.

    Raises
    ------
    ValueError
        If an argument is out of its range; raised when called.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, steps, widths * filters).
    Mask: passed on.
    Backend: all.
    Differs: `same` padding, so that the branches share one mask; the paper pads by `kernel_size - 1` zeros at both
    ends. Max pooling sees the same windows except those with less than half a filter of text.

    References
    ----------
    Kim (2014), "Convolutional neural networks for sentence classification", section 2. With vectors of 300 numbers and
    two classes: 360,902 trainable parameters without the embedding.

    Examples
    --------
    >>> from seqconv.encoders import KimCNN
    >>> KimCNN(filters=50).get_params()["filters"]
    50
    """

    paper, year, domain = "Kim", 2014, "text"
    pooling = "max"

    def __init__(
        self,
        filters: int = 100,
        kernel_sizes: Sequence[int] = (3, 4, 5),
        activation: str = "relu",
        dropout: float = 0.5,
        max_norm: float | None = 3.0,
    ) -> None:
        self.filters = filters
        self.kernel_sizes = kernel_sizes
        self.activation = activation
        self.dropout = dropout
        self.max_norm = max_norm

    def __call__(self, x: Any) -> Any:
        try:
            activation = keras.layers.Activation(self.activation)
        except ValueError as error:
            raise ValueError(
                f"activation of KimCNN must be the name of a Keras activation, got {self.activation!r}."
            ) from error
        branches = [MaskedConv1D(self.filters, size, padding="same")(x) for size in self.sizes("kernel_sizes")]
        joined = branches[0] if len(branches) == 1 else MaskedConcatenate()(branches)
        return activation(joined)  # (batch, steps, widths * filters)

    def paper_training(self, n_cases: int) -> dict[str, Any]:
        optimizer = keras.optimizers.Adadelta(1.0, rho=0.95, epsilon=1e-6)
        return paper_settings(25, 50, optimizer, validation_fraction=0.1)

    def convolutions(self) -> list[tuple[int, int, int]]:
        return [(max(self.sizes("kernel_sizes")), 1, 1)]
