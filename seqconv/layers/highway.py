"""Layer that passes a trained share of its input on."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import number
from seqconv.layers.slots import as_floats
from seqconv.masks import zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class Highway(keras.layers.Layer):
    """Mix a dense layer with its input, T(x) * H(x) + (1 - T(x)) * x, at each step.

    Parameters
    ----------
    activation : str or callable, default="relu"
        Function of H.
    gate_bias : float, default=-2.0
        Start of the bias of T = sigmoid. A negative one passes the input on at first.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `gate_bias` is not a number.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to the same.
    Mask: passed on unchanged.
    Backend: all.

    References
    ----------
    Srivastava, Greff and Schmidhuber (2015), "Highway networks", equation 3.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import Highway
    >>> np.asarray(Highway(gate_bias=-50.0)(np.array([[[3.0, 4.0]]], "float32"))).tolist()
    [[[3.0, 4.0]]]
    """

    def __init__(self, activation: Any = "relu", gate_bias: float = -2.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)
        self.gate_bias = number("gate_bias", gate_bias)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        n = input_shape[-1]
        self.kernel = self.add_weight((n, n), "glorot_uniform", name="kernel")
        self.bias = self.add_weight((n,), "zeros", name="bias")
        self.gate_kernel = self.add_weight((n, n), "glorot_uniform", name="gate_kernel")
        start = keras.initializers.Constant(self.gate_bias)
        self.gate_bias_weight = self.add_weight((n,), start, name="gate_bias")

    def call(self, inputs: Any, mask: Any = None) -> Any:
        x = zero_hidden(as_floats(inputs, self.compute_dtype), mask)
        gate = ops.sigmoid(ops.matmul(x, self.gate_kernel) + self.gate_bias_weight)
        changed = self.activation(ops.matmul(x, self.kernel) + self.bias)
        return gate * changed + (1 - gate) * x

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        activation = keras.activations.serialize(self.activation)
        return {**super().get_config(), "activation": activation, "gate_bias": self.gate_bias}
