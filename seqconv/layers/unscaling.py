"""Scaled targets to the units of the user."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="seqconv")
class Unscaling(keras.layers.Layer):
    """Multiply every output by a scale and add a centre: the last layer of a regressor.

    Parameters
    ----------
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Notes
    -----
    Shape: (batch, outputs) to the same.
    Mask: neither used nor made.
    Backend: all; computes and answers in float32.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import Unscaling
    >>> layer = Unscaling()
    >>> layer.build((None, 1))
    >>> layer.set_statistics([10.0], [2.0])
    >>> np.asarray(layer(np.array([[0.5]], "float32"))).tolist()
    [[11.0]]
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"dtype": "float32", **kwargs})

    def build(self, input_shape: Any) -> None:
        shape = (input_shape[-1],)
        self.centre = self.add_weight(shape, "zeros", trainable=False, name="centre")
        self.scale = self.add_weight(shape, "ones", trainable=False, name="scale")
        self.built = True

    def set_statistics(self, centre: Any, scale: Any) -> None:
        """Set the number added and the factor, arrays (outputs,)."""
        self.centre.assign(ops.convert_to_tensor(centre, "float32"))
        self.scale.assign(ops.convert_to_tensor(scale, "float32"))

    def call(self, inputs: Any) -> Any:
        return inputs * self.scale + self.centre

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return tuple(input_shape)
