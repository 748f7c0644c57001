"""Convolution of masked sequences."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.layers.masked_convolution import MaskedConvolution
from seqconv.layers.portable import is_portable
from seqconv.layers.sizes import size


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedConv1D(MaskedConvolution, keras.layers.Conv1D):
    """Convolve sequences of unequal lengths; a case gives the same features alone and in a padded batch.

    Parameters
    ----------
    filters : int
        Number of features computed, at least 1.
    kernel_size : int
        Number of taps, at least 1.
    strides : int, default=1
        Steps between two windows, at least 1; above 1 only with `dilation_rate` 1.
    padding : {"valid", "same", "causal", "full"}, default="valid"
        "causal" uses no later step. "full" is the wide convolution, whose output has
        (kernel_size - 1) * dilation_rate steps more than its input.
    dilation_rate : int, default=1
        Steps between two taps, at least 1.
    groups : int, default=1
        Number of blocks of channels that are convolved separately; divides the channels and `filters`.
    activation : str or callable, optional
        Function of the sum.
    use_bias : bool, default=True
        Whether to add one trained number for each filter.
    kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, kernel_constraint, bias_constraint
        As of `keras.layers.Conv1D`.
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
    Backend: all; without a mask it costs what `keras.layers.Conv1D` costs.
    Differs: in `keras.layers.Conv1D`, "same" padding with strides depends on the length of the batch.

    References
    ----------
    Kalchbrenner, Grefenstette and Blunsom (2014), "A convolutional neural network for modelling sentences",
    section 3.1 (wide convolution).

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedConv1D
    >>> tuple(MaskedConv1D(4, 3, padding="full")(np.zeros((2, 10, 1))).shape)
    (2, 12, 4)
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int,
        strides: int = 1,
        padding: str = "valid",
        dilation_rate: int = 1,
        groups: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        kernel_constraint: Any = None,
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

    def call(self, inputs: Any, mask: Any = None) -> Any:
        inputs, padding = self._padded(inputs, mask)
        settings = {"strides": list(self.strides), "padding": padding, "dilation_rate": self.dilation_rate}
        if self.groups > 1 and is_portable():
            parts = zip(ops.split(inputs, self.groups, -1), ops.split(self.kernel, self.groups, -1), strict=True)
            outputs = [ops.conv(x, kernel, data_format="channels_last", **settings) for x, kernel in parts]
            return self._finished(ops.concatenate(outputs, axis=-1))
        outputs = ops.conv(inputs, self.kernel, data_format="channels_last", **settings)
        return self._finished(outputs)  # (batch, output steps, filters)
