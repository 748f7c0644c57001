"""Weights of channels from their means."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.layers.slots import as_floats
from seqconv.masks import masked_mean, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class SqueezeExcitation1D(keras.layers.Layer):
    """Multiply each channel by a weight from 0 to 1, made of the means of all channels over the real steps.

    Parameters
    ----------
    reduction : int, default=16
        Channels for each unit of the hidden layer, at least 1. There is at least one unit.
    activation : str or callable, default="relu"
        Function of the hidden layer.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `reduction` is not an integer of at least 1.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to the same.
    Mask: only real steps count in the means; passed on unchanged.
    Backend: all.

    References
    ----------
    Hu, Shen and Sun (2018), "Squeeze-and-excitation networks", equations 2 to 4.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import SqueezeExcitation1D
    >>> tuple(SqueezeExcitation1D(4)(np.ones((2, 10, 8), "float32")).shape)
    (2, 10, 8)
    """

    def __init__(self, reduction: int = 16, activation: Any = "relu", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reduction = whole("reduction", reduction, 1)
        self.activation = keras.activations.get(activation)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        n_channels = input_shape[-1]
        n_hidden = max(1, n_channels // self.reduction)
        self.squeeze_kernel = self.add_weight((n_channels, n_hidden), "glorot_uniform", name="squeeze_kernel")
        self.squeeze_bias = self.add_weight((n_hidden,), "zeros", name="squeeze_bias")
        self.excite_kernel = self.add_weight((n_hidden, n_channels), "glorot_uniform", name="excite_kernel")
        self.excite_bias = self.add_weight((n_channels,), "zeros", name="excite_bias")

    def call(self, inputs: Any, mask: Any = None) -> Any:
        x = zero_hidden(as_floats(inputs, self.compute_dtype), mask)
        means = masked_mean(x, mask)  # (batch, channels)
        hidden = self.activation(ops.matmul(means, self.squeeze_kernel) + self.squeeze_bias)
        weights = ops.sigmoid(ops.matmul(hidden, self.excite_kernel) + self.excite_bias)
        return x * ops.expand_dims(weights, 1)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        activation = keras.activations.serialize(self.activation)
        return {**super().get_config(), "reduction": self.reduction, "activation": activation}
