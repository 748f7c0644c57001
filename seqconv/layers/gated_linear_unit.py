"""Product of one half of the channels with a gate made of the other."""

from typing import Any

import keras
from keras import ops

from seqconv.layers.slots import as_floats
from seqconv.masks import zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class GatedLinearUnit(keras.layers.Layer):
    """Multiply the first half of the channels by the sigmoid of the second half.

    Parameters
    ----------
    activation : str or callable, optional
        Function of the first half. None is the paper's; "tanh" is the gate of WaveNet.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If the number of channels is odd.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, steps, channels / 2).
    Mask: passed on unchanged.
    Backend: all.

    References
    ----------
    Dauphin, Fan, Auli and Grangier (2017), "Language modeling with gated convolutional networks", equation 1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import GatedLinearUnit
    >>> np.asarray(GatedLinearUnit()(np.array([[[3.0, 0.0]]], "float32"))).tolist()
    [[[1.5]]]
    """

    def __init__(self, activation: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.activation = keras.activations.get(activation)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        if input_shape[-1] % 2:
            raise ValueError(f"{self.name} requires an even number of channels, got {input_shape[-1]}.")

    def call(self, inputs: Any, mask: Any = None) -> Any:
        value, gate = ops.split(zero_hidden(as_floats(inputs, self.compute_dtype), mask), 2, axis=-1)
        return self.activation(value) * ops.sigmoid(gate)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return (*input_shape[:-1], input_shape[-1] // 2)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "activation": keras.activations.serialize(self.activation)}
