"""Convolution whose filters have a trained norm."""

from typing import Any

import keras
from keras import ops

from seqconv.layers.masked_conv1d import MaskedConv1D


@keras.saving.register_keras_serializable(package="seqconv")
class WeightNormConv1D(MaskedConv1D):
    """Convolve with filters that are a direction times a trained length.

    Parameters
    ----------
    filters, kernel_size, **kwargs
        As of `MaskedConv1D`.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.
    ValueError
        If no window fits into the cases.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, `geometry.output_length`, filters).
    Mask: hidden steps are zeroed first; passed on by `masks.through_convolution`.
    Backend: all.

    References
    ----------
    Salimans and Kingma (2016), "Weight normalization: a simple reparameterization to accelerate training of deep neural
    networks", equation 2.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import WeightNormConv1D
    >>> layer = WeightNormConv1D(4, 3)
    >>> tuple(layer(np.zeros((2, 10, 6), "float32")).shape), layer.count_params()
    ((2, 8, 4), 80)
    """

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        # It starts at the norm of the filters, so that they start as they were drawn.
        norms = ops.sqrt(ops.sum(ops.square(self._kernel), axis=(0, 1)))  # (filters,)
        self.length = self.add_weight((self.filters,), lambda shape, dtype: ops.cast(norms, dtype), name="length")

    @property
    def kernel(self) -> Any:
        """Filters, (taps, channels, filters)."""
        direction = ops.convert_to_tensor(self._kernel)
        squares = ops.sum(ops.square(ops.cast(direction, "float32")), axis=(0, 1))
        scale = ops.cast(self.length, "float32") * ops.rsqrt(ops.maximum(squares, 1e-12))
        return direction * ops.cast(scale, direction.dtype)

    # Keras's convolution would save the product in place of its factors.
    def save_own_variables(self, store: Any) -> None:
        """Write directions, lengths and biases to a file."""
        keras.layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store: Any) -> None:
        """Read directions, lengths and biases from a file."""
        keras.layers.Layer.load_own_variables(self, store)
