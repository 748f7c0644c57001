"""Convolutional network for sentences of Kim."""

import keras

from seqconv.encoders.base import Encoder
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
        Share of the pooled features dropped in front of the head.
    max_norm : float or None, default=3.0
        Largest norm of a class's weights in the head.

    References
    ----------
    Kim (2014), "Convolutional neural networks for sentence classification", section 2. With vectors of 300 numbers and two
    classes: 360,902 trainable parameters without the embedding.

    Notes
    -----
    Differs: `same` padding, where the paper pads with `kernel_size - 1` zeros at both ends, so that the branches share one
    mask. Max pooling sees the same windows but those that hold fewer than half a filter of text.

    Examples
    --------
    >>> from seqconv.encoders import KimCNN
    >>> KimCNN(filters=50).get_params()["filters"]
    50
    """

    pooling = "max"

    def __init__(self, filters=100, kernel_sizes=(3, 4, 5), activation="relu", dropout=0.5, max_norm=3.0):
        self.filters = filters
        self.kernel_sizes = kernel_sizes
        self.activation = activation
        self.dropout = dropout
        self.max_norm = max_norm

    def __call__(self, x):
        try:
            activation = keras.layers.Activation(self.activation)
        except ValueError as error:
            what = f"the name of a Keras activation, got {self.activation!r}"
            raise ValueError(f"activation of KimCNN must be {what}.") from error
        branches = [MaskedConv1D(self.filters, size, padding="same")(x) for size in self.sizes("kernel_sizes")]
        joined = branches[0] if len(branches) == 1 else MaskedConcatenate()(branches)
        return activation(joined)  # (batch, steps, widths * filters)

    def convolutions(self):
        return [(max(self.sizes("kernel_sizes")), 1, 1)]
