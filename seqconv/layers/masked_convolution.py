"""Base of the masked convolutions."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import choice
from seqconv.geometry import PADDINGS, output_length, padding_widths
from seqconv.layers.sizes import check_not_empty, size
from seqconv.layers.slots import as_floats
from seqconv.masks import through_convolution, zero_hidden


class MaskedConvolution:
    """Base of the masked convolutions, set before a convolution of Keras among the parents of a class.

    It zeroes hidden steps, pads by widths that depend on the kernel alone, and passes the mask on.
    """

    def __init__(
        self,
        kernel_size: Any,
        strides: Any,
        padding: str,
        dilation_rate: Any,
        data_format: str | None,
        **kwargs: Any,
    ) -> None:
        choice("data_format", data_format, (None, "channels_last"))
        strides, dilation_rate = size("strides", strides), size("dilation_rate", dilation_rate)
        padding = padding.lower() if isinstance(padding, str) else padding
        choice("padding", padding, PADDINGS)
        if strides > 1 and dilation_rate > 1:
            raise ValueError(
                f"strides above 1 require dilation_rate=1, got strides={strides} and dilation_rate={dilation_rate}. "
                "Set one of them to 1."
            )
        super().__init__(
            kernel_size=size("kernel_size", kernel_size),
            strides=strides,
            padding="valid",
            data_format="channels_last",
            dilation_rate=dilation_rate,
            **kwargs,
        )
        self.padding = padding
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        # Keras's own specification accepts four dimensions.
        self.input_spec = keras.layers.InputSpec(ndim=3, axes={-1: input_shape[-1]})

    def _padded(self, inputs, mask, native_same=True):
        """Return the inputs, zeroed where hidden and padded, and the padding left to the backend."""
        check_not_empty(self.name, inputs)
        self.compute_output_shape(inputs.shape)  # raises if no window fits
        inputs = zero_hidden(as_floats(inputs, self.compute_dtype), mask)
        if self.padding == "valid" or (native_same and self.padding == "same" and self.strides[0] == 1):
            return inputs, self.padding
        widths = padding_widths(self.kernel_size[0], self.dilation_rate[0], self.padding)
        if any(widths):
            inputs = ops.pad(inputs, ((0, 0), widths, (0, 0)))
        return inputs, "valid"

    def _finished(self, outputs):
        """Return the outputs (batch, steps, filters) after bias and activation."""
        if self.use_bias:
            outputs = ops.add(outputs, ops.reshape(self.bias, (1, 1, -1)))
        return outputs if self.activation is None else self.activation(outputs)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return through_convolution(mask, self.kernel_size[0], self.strides[0], self.dilation_rate[0], self.padding)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        n_steps = output_length(
            input_shape[1], self.kernel_size[0], self.strides[0], self.dilation_rate[0], self.padding
        )
        if n_steps == 0:
            reach = (self.kernel_size[0] - 1) * self.dilation_rate[0]
            raise ValueError(
                f"{self.name} requires at least {reach + 1 if self.padding == 'valid' else 1} steps under "
                f"padding={self.padding!r}, got {input_shape[1]}. Use a shorter kernel or pad the cases."
            )
        return (input_shape[0], n_steps, self._n_filters(input_shape[-1]))

    def _n_filters(self, n_channels):
        return self.filters
