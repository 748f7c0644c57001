"""Convolutions that see zeros, and nothing else, where a case is padded or not observed."""

import keras
from keras import ops

from seqconv.geometry import output_length, padding_widths
from seqconv.layers.counts import positive, size
from seqconv.masks import through_convolution, zero_hidden


class _MaskedConvolution:
    """What the masked convolutions share: hide, pad by fixed widths, and walk the mask along."""

    def _set_padding(self, padding):
        padding_widths(1, padding=padding)  # refuses an unknown one
        if self.strides[0] > 1 and self.dilation_rate[0] > 1:
            raise ValueError(
                f"strides above 1 require dilation_rate 1, got strides={self.strides[0]} and "
                f"dilation_rate={self.dilation_rate[0]}; set one of them to 1."
            )
        self.padding = padding
        self.supports_masking = True

    def _padded(self, inputs, mask, native_same=True):
        """Hidden steps zeroed; the padding done here, and the name of the one left to the backend."""
        inputs = zero_hidden(inputs, mask)
        if self.padding == "valid" or (native_same and self.padding == "same" and self.strides[0] == 1):
            return inputs, self.padding
        widths = padding_widths(self.kernel_size[0], self.dilation_rate[0], self.padding)
        if any(widths):
            inputs = ops.pad(inputs, ((0, 0), widths, (0, 0)))
        return inputs, "valid"

    def _finished(self, outputs):
        if self.use_bias:
            outputs = ops.add(outputs, ops.reshape(self.bias, (1, 1, self.filters)))
        return outputs if self.activation is None else self.activation(outputs)

    def compute_mask(self, inputs, mask=None):
        return through_convolution(mask, self.kernel_size[0], self.strides[0], self.dilation_rate[0], self.padding)

    def compute_output_shape(self, input_shape):
        n_steps = output_length(
            input_shape[1], self.kernel_size[0], self.strides[0], self.dilation_rate[0], self.padding
        )
        if n_steps == 0:
            raise ValueError(
                f"{self.name} requires at least {self._fewest_steps()} steps under "
                f"padding={self.padding!r}, got {input_shape[1]}; take a shorter kernel or pad the cases."
            )
        return (input_shape[0], n_steps, self.filters)

    def _fewest_steps(self):
        return (self.kernel_size[0] - 1) * self.dilation_rate[0] + 1 if self.padding == "valid" else 1

    def get_config(self):
        config = super().get_config()
        del config["data_format"]
        return config


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedConv1D(_MaskedConvolution, keras.layers.Conv1D):
    """Convolve sequences of unequal lengths so that each case gives the same features alone as in a padded batch.

    Parameters
    ----------
    filters : int
        Number of features computed, at least 1.
    kernel_size : int
        Number of taps, at least 1.
    strides : int, default=1
        Steps between two windows, at least 1; above 1 only with `dilation_rate` 1.
    padding : {"valid", "same", "causal", "full"}, default="valid"
        "causal" sees no later step; "full" is the wide convolution, (kernel_size - 1) * dilation_rate steps longer
        than its input.
    dilation_rate : int, default=1
        Steps between two taps, at least 1.
    groups : int, default=1
        Number of blocks of channels that are convolved separately; divides the channels and `filters`.
    activation : str or callable, optional
        Applied to the sum.
    use_bias : bool, default=True
        Add one trained number per filter.
    kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint
        As of `keras.layers.Conv1D`.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range, or no window fits into the cases.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedConv1D
    >>> tuple(MaskedConv1D(4, 3, padding="full")(np.zeros((2, 10, 1))).shape)
    (2, 12, 4)

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, `geometry.output_length`, filters).
    Mask: hidden steps are zeroed first; passed on by `masks.through_convolution`.
    Backend: all; without a mask it costs what `keras.layers.Conv1D` costs.
    Differs: from `keras.layers.Conv1D`, whose "same" padding with strides depends on the length of the batch.

    References
    ----------
    Kalchbrenner, Grefenstette, Blunsom (2014), A convolutional neural network for modelling sentences, section 3.1
    (wide convolution).
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        dilation_rate=1,
        groups=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(
            positive("filters", filters),
            size("kernel_size", kernel_size),
            strides=size("strides", strides),
            padding="valid",
            data_format="channels_last",
            dilation_rate=size("dilation_rate", dilation_rate),
            groups=positive("groups", groups),
            activation=activation,
            use_bias=use_bias,
            kernel_initializer=kernel_initializer,
            bias_initializer=bias_initializer,
            kernel_regularizer=kernel_regularizer,
            bias_regularizer=bias_regularizer,
            kernel_constraint=kernel_constraint,
            bias_constraint=bias_constraint,
            **kwargs,
        )
        self._set_padding(padding)

    def call(self, inputs, mask=None):
        inputs, padding = self._padded(inputs, mask)
        outputs = ops.conv(
            inputs,
            self.kernel,
            strides=list(self.strides),
            padding=padding,
            dilation_rate=self.dilation_rate,
            data_format="channels_last",
        )
        return self._finished(outputs)


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedSeparableConv1D(_MaskedConvolution, keras.layers.SeparableConv1D):
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
            positive("filters", filters),
            size("kernel_size", kernel_size),
            strides=size("strides", strides),
            padding="valid",
            data_format="channels_last",
            dilation_rate=size("dilation_rate", dilation_rate),
            depth_multiplier=positive("depth_multiplier", depth_multiplier),
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
