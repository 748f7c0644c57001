"""Trained factor of each channel."""

from typing import Any

import keras

from seqconv.arguments import number
from seqconv.layers.slots import as_floats
from seqconv.masks import zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class LayerScale(keras.layers.Layer):
    """Multiply each channel by a trained factor that starts small, so that a deep residual network starts as identity.

    Parameters
    ----------
    start : float, default=1e-6
        First value of all factors.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `start` is not a number.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to the same.
    Mask: passed on unchanged.
    Backend: all.

    References
    ----------
    Touvron, Cord, Sablayrolles, Synnaeve and Jegou (2021), "Going deeper with image transformers", equation 4.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import LayerScale
    >>> np.asarray(LayerScale(0.5)(np.array([[[2.0, 4.0]]], "float32"))).tolist()
    [[[1.0, 2.0]]]
    """

    def __init__(self, start: float = 1e-6, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start = number("start", start)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        start = keras.initializers.Constant(self.start)
        self.factor = self.add_weight((input_shape[-1],), start, name="factor")

    def call(self, inputs: Any, mask: Any = None) -> Any:
        return zero_hidden(as_floats(inputs, self.compute_dtype), mask) * self.factor

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "start": self.start}
