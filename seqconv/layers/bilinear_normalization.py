"""Normalization of a window along its steps and along its channels."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import number
from seqconv.layers.slots import as_floats
from seqconv.masks import masked_mean, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class BilinearNormalization(keras.layers.Layer):
    """Add two normalized forms of a window by trained weights: along its steps, and along its channels.

    Parameters
    ----------
    epsilon : float, default=1e-3
        Number added to the variances, above 0.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `epsilon` is not a number above 0.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to the same.
    Mask: only real steps count in the moments along the steps; passed on unchanged.
    Backend: all; moments in float32 under mixed precision.
    Differs: along the channels all steps share one factor and one offset. The paper trains them for each step of a
    window of fixed length.

    References
    ----------
    Tran, Kanniainen, Gabbouj and Iosifidis (2021), "Data normalization for bilinear structures in high-frequency
    financial time-series", equations 3 to 9.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import BilinearNormalization
    >>> y = BilinearNormalization(epsilon=1e-6)(np.array([[[1.0, 3.0], [3.0, 1.0]]], "float32"))
    >>> np.asarray(y).round(2).tolist()
    [[[-1.0, 1.0], [1.0, -1.0]]]
    """

    def __init__(self, epsilon: float = 1e-3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.epsilon = number("epsilon", epsilon, above=0)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        n_channels = input_shape[-1]
        half, not_negative = keras.initializers.Constant(0.5), keras.constraints.NonNeg()
        self.time_gamma = self.add_weight((n_channels,), "ones", name="time_gamma")
        self.time_beta = self.add_weight((n_channels,), "zeros", name="time_beta")
        self.channel_gamma = self.add_weight((), "ones", name="channel_gamma")
        self.channel_beta = self.add_weight((), "zeros", name="channel_beta")
        self.shares = self.add_weight((2,), half, constraint=not_negative, name="shares")

    def call(self, inputs: Any, mask: Any = None) -> Any:
        inputs = zero_hidden(as_floats(inputs, self.compute_dtype), mask)
        x = ops.cast(inputs, keras.backend.result_type(inputs.dtype, "float32"))
        apart = x - ops.expand_dims(masked_mean(x, mask), 1)
        variance = ops.expand_dims(masked_mean(ops.square(apart), mask), 1)  # (batch, 1, channels)
        by_time = apart * ops.rsqrt(variance + self.epsilon)
        across = x - ops.mean(x, axis=-1, keepdims=True)
        spread = ops.mean(ops.square(across), axis=-1, keepdims=True)  # (batch, steps, 1)
        by_channel = across * ops.rsqrt(spread + self.epsilon)
        weights = [
            ops.cast(one, x.dtype)
            for one in (self.time_gamma, self.time_beta, self.channel_gamma, self.channel_beta, self.shares)
        ]
        by_time, by_channel = by_time * weights[0] + weights[1], by_channel * weights[2] + weights[3]
        return ops.cast(weights[4][0] * by_time + weights[4][1] * by_channel, inputs.dtype)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "epsilon": self.epsilon}
