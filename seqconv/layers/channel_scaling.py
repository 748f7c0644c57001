"""Scaling of channels."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import flag
from seqconv.masks import checked


@keras.saving.register_keras_serializable(package="seqconv")
class ChannelScaling(keras.layers.Layer):
    """Subtract a centre from every channel and divide it by a scale.

    Place it before `MissingMasking`: NaN stays NaN here and then becomes 0, which is the centre.

    Parameters
    ----------
    per_case : bool, default=False
        False: centre and scale are non-trainable weights of shape (channels,), 0 and 1 until `set_statistics` is
        called. True: they are the mean and the standard deviation of the observed values of each case and channel.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    TypeError
        If `per_case` is not True or False.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to the same.
    Mask: passed on unchanged; steps that it hides do not count in the moments of a case.
    Backend: all; computes in float32 also under mixed precision, where large raw values would overflow.
    NaN is ignored in the moments and kept in the output. A channel that does not vary is divided by 1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import ChannelScaling
    >>> x = np.array([[[1.0], [3.0], [np.nan]]], "float32")
    >>> np.asarray(ChannelScaling(per_case=True)(x)).ravel().tolist()
    [-1.0, 1.0, nan]
    >>> layer = ChannelScaling()
    >>> layer.build(x.shape)
    >>> layer.set_statistics([1.0], [2.0])
    >>> np.asarray(layer(x)).ravel().tolist()
    [0.0, 1.0, nan]
    """

    def __init__(self, per_case: bool = False, **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.per_case = flag("per_case", per_case)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        if not self.per_case:
            shape = (input_shape[-1],)
            self.centre = self.add_weight(shape, "zeros", "float32", trainable=False, autocast=False, name="centre")
            self.scale = self.add_weight(shape, "ones", "float32", trainable=False, autocast=False, name="scale")

    def set_statistics(self, centre: Any, scale: Any) -> None:
        """Set what is subtracted from every channel, and what it is divided by.

        Parameters
        ----------
        centre, scale : array (channels,)
            A scale of 0 counts as 1.

        Raises
        ------
        ValueError
            If the layer scales per case or is not built.
        ValueError
            If the shapes differ from (channels,).
        """
        if self.per_case or not self.built:
            raise ValueError(
                "set_statistics requires a built ChannelScaling(per_case=False), got "
                f"per_case={self.per_case} and built={self.built}. Build the layer first."
            )
        scale = ops.convert_to_tensor(scale, "float32")
        self.centre.assign(ops.convert_to_tensor(centre, "float32"))
        self.scale.assign(ops.where(ops.equal(scale, 0), 1.0, scale))

    def call(self, inputs: Any, mask: Any = None) -> Any:
        x = ops.cast(inputs, "float32")
        if self.per_case:
            scaled = _scaled_per_case(x, mask)
        else:
            scaled = (x - self.centre) / self.scale
        return ops.cast(scaled, self.compute_dtype)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return tuple(input_shape)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "per_case": self.per_case}


def _scaled_per_case(x, mask):
    """Scale `x` (batch, steps, channels) by the moments of its observed values; keep NaN."""
    if 0 in x.shape[:2]:
        return x
    observed = ops.logical_not(ops.isnan(x))
    if mask is not None:
        observed = ops.logical_and(observed, ops.expand_dims(checked(mask, x), -1))
    count = ops.maximum(ops.sum(ops.cast(observed, x.dtype), axis=1, keepdims=True), 1)  # (batch, 1, channels)
    # Shifted by the smallest value first: a constant channel becomes exactly 0, at any level.
    smallest = ops.min(ops.where(observed, x, float("inf")), axis=1, keepdims=True)
    # An eighth of both: the span may be twice the largest float32, and XLA divides by its reciprocal.
    shifted = ops.where(observed, x / 8 - smallest / 8, 0)
    # Then scaled to 0..1: the squares of very large or small values would not fit float32.
    largest = ops.max(shifted, axis=1, keepdims=True)
    shifted = shifted / ops.where(largest > 0, largest, 1)
    centred = ops.where(observed, shifted - ops.sum(shifted, axis=1, keepdims=True) / count, 0)
    variance = ops.sum(ops.square(centred), axis=1, keepdims=True) / count
    deviation = ops.sqrt(ops.where(variance > 0, variance, 1))
    return ops.where(observed, centred / deviation, x)
