"""Convolution of masked sequences."""

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.layers.masked_convolution import MaskedConvolution
from seqconv.layers.sizes import size


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedConv1D(MaskedConvolution, keras.layers.Conv1D):
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
            whole("filters", filters, 1),
            size("kernel_size", kernel_size),
            strides=size("strides", strides),
            padding="valid",
            data_format="channels_last",
            dilation_rate=size("dilation_rate", dilation_rate),
            groups=whole("groups", groups, 1),
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
