"""Base of the masked convolutions."""

from keras import ops

from seqconv.geometry import output_length, padding_widths
from seqconv.masks import through_convolution, zero_hidden


class MaskedConvolution:
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
