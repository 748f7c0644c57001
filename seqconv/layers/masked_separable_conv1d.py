"""Separable convolution of masked sequences."""

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.geometry import output_length
from seqconv.layers.masked_convolution import MaskedConvolution
from seqconv.layers.sizes import size


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedSeparableConv1D(MaskedConvolution, keras.layers.SeparableConv1D):
    """Convolve every channel by itself, then mix the channels; a case gives the same features alone as in a batch.

    Parameters
    ----------
    filters : int
        Number of features computed, at least 1.
    kernel_size, strides, padding, dilation_rate
        As of `MaskedConv1D`.
    depth_multiplier : int, default=1
        Features computed from every channel before the mixing, at least 1.
    activation : str or callable, optional
        Applied to the sum.
    use_bias : bool, default=True
        Add one trained number per filter.
    depthwise_initializer, pointwise_initializer, bias_initializer, depthwise_regularizer, pointwise_regularizer, \
bias_regularizer, depthwise_constraint, pointwise_constraint, bias_constraint
        As of `keras.layers.SeparableConv1D`.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range, or no window fits into the cases.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedSeparableConv1D
    >>> tuple(MaskedSeparableConv1D(4, 3, padding="same", strides=2)(np.zeros((2, 10, 6))).shape)
    (2, 5, 4)

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, `geometry.output_length`, filters).
    Mask: hidden steps are zeroed first; passed on by `masks.through_convolution`.
    Backend: all.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        dilation_rate=1,
        depth_multiplier=1,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        pointwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        pointwise_regularizer=None,
        bias_regularizer=None,
        depthwise_constraint=None,
        pointwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(
            whole("filters", filters, 1),
            size("kernel_size", kernel_size),
            strides=size("strides", strides),
            padding="valid",
            data_format="channels_last",
            dilation_rate=size("dilation_rate", dilation_rate),
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
        self._set_padding(padding)

    def call(self, inputs, mask=None):
        by_shifts = keras.config.backend() == "jax"
        inputs, padding = self._padded(inputs, mask, native_same=not by_shifts)
        depthwise = _depthwise_by_shifts if by_shifts else _depthwise
        between = depthwise(inputs, self.depthwise_kernel, self.strides[0], self.dilation_rate[0], padding)
        return self._finished(ops.matmul(between, self.pointwise_kernel[0]))


def _depthwise(x, kernel, strides, dilation_rate, padding):
    return ops.depthwise_conv(
        x, kernel, strides=strides, padding=padding, dilation_rate=dilation_rate, data_format="channels_last"
    )


def _depthwise_by_shifts(x, kernel, strides, dilation_rate, padding="valid"):
    """The same under "valid" padding as a sum over the taps: XLA's own is 40 times slower on a CPU."""
    kernel_size, n_channels, multiplier = kernel.shape
    n_out = output_length(x.shape[1], kernel_size, strides, dilation_rate, padding)
    total = 0
    for tap in range(kernel_size):
        first = tap * dilation_rate
        shifted = x[:, first : first + (n_out - 1) * strides + 1 : strides, :, None]
        total = total + shifted * kernel[tap]  # (batch, n_out, channels, multiplier)
    return ops.reshape(total, (-1, n_out, n_channels * multiplier))
