"""Separable convolution of masked sequences."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.layers.depthwise import depthwise, is_by_shifts
from seqconv.layers.masked_convolution import MaskedConvolution
from seqconv.layers.sizes import size


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedSeparableConv1D(MaskedConvolution, keras.layers.SeparableConv1D):
    """Convolve every channel separately, then mix the channels.

    A case gives the same features alone and in a padded batch.

    Parameters
    ----------
    filters : int
        Number of features computed, at least 1.
    kernel_size, strides, padding, dilation_rate
        As of `MaskedConv1D`.
    depth_multiplier : int, default=1
        Number of features computed from every channel before the mixing, at least 1.
    activation : str or callable, optional
        Function of the sum.
    use_bias : bool, default=True
        Whether to add one trained number for each filter.
    depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer, pointwise_regularizer, \
bias_regularizer, depthwise_constraint, pointwise_constraint, bias_constraint
        As of `keras.layers.SeparableConv1D`.
    data_format : {None, "channels_last"}, default=None
        Accepted because Keras has it; both mean channels last.
    **kwargs
        Keras's `activity_regularizer`, `name`, `dtype` and `trainable`.

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
    Backend: all; on JAX the first convolution is a sum over the taps.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedSeparableConv1D
    >>> tuple(MaskedSeparableConv1D(4, 3, padding="same", strides=2)(np.zeros((2, 10, 6))).shape)
    (2, 5, 4)
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        strides: int = 1,
        padding: str = "valid",
        dilation_rate: int = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            kernel_size,
            strides,
            padding,
            dilation_rate,
            data_format,
            filters=size("filters", filters),
            depth_multiplier=whole("depth_multiplier", depth_multiplier, 1),
            activation=activation,
            use_bias=use_bias,
            depthwise_initializer=depthwise_initializer,
            pointwise_initializer=pointwise_initializer,
            bias_initializer=bias_initializer,
            depthwise_regularizer=depthwise_regularizer,
            pointwise_regularizer=pointwise_regularizer,
            bias_regularizer=bias_regularizer,
            depthwise_constraint=depthwise_constraint,
            pointwise_constraint=pointwise_constraint,
            bias_constraint=bias_constraint,
            **kwargs,
        )

    def call(self, inputs: Any, mask: Any = None) -> Any:
        by_shifts = is_by_shifts()
        inputs, padding = self._padded(inputs, mask, native_same=not by_shifts)
        between = depthwise(inputs, self.depthwise_kernel, self.strides[0], self.dilation_rate[0], padding, by_shifts)
        return self._finished(ops.matmul(between, self.pointwise_kernel[0]))
