"""Scaling of features."""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="seqconv")
class FeatureScaling(keras.layers.Layer):
    """Subtract a centre from every feature and divide it by a scale.

    Parameters
    ----------
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If the input is not of two dimensions.

    Notes
    -----
    Shape: (batch, features) to the same.
    Mask: neither used nor made.
    Backend: all; computes in float32 also under mixed precision, where features of unequal size lose digits.
    The weights `centre` and `scale`, (features,), are not trained: 0 and 1 until `set_statistics` is called.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import FeatureScaling
    >>> layer = FeatureScaling()
    >>> layer.build((None, 2))
    >>> layer.set_statistics([1.0, 0.0], [2.0, 1.0])
    >>> np.asarray(layer(np.array([[3.0, 4.0]], "float32"))).tolist()
    [[1.0, 4.0]]
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.input_spec = keras.layers.InputSpec(ndim=2)

    def build(self, input_shape: Any) -> None:
        shape = (input_shape[-1],)
        self.centre = self.add_weight(shape, "zeros", "float32", trainable=False, autocast=False, name="centre")
        self.scale = self.add_weight(shape, "ones", "float32", trainable=False, autocast=False, name="scale")

    def set_statistics(self, centre: Any, scale: Any) -> None:
        """Set what is subtracted from every feature, and what it is divided by.

        Parameters
        ----------
        centre, scale : array (features,)
            A scale of 0 counts as 1.

        Raises
        ------
        ValueError
            If the layer is not built.
        ValueError
            If the shapes differ from (features,).
        """
        if not self.built:
            raise ValueError("set_statistics requires a built FeatureScaling, got built=False. Build the layer first.")
        scale = ops.convert_to_tensor(scale, "float32")
        self.centre.assign(ops.convert_to_tensor(centre, "float32"))
        self.scale.assign(ops.where(ops.equal(scale, 0), 1.0, scale))

    def call(self, inputs: Any) -> Any:
        scaled = (ops.cast(inputs, "float32") - self.centre) / self.scale  # (batch, features)
        return ops.cast(scaled, self.compute_dtype)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return tuple(input_shape)
