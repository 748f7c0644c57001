"""Base of the local pools."""

from keras import ops

from seqconv.geometry import output_length, padding_widths
from seqconv.masks import through_pool


class MaskedPooling:
    """What the two local pools share: fixed padding widths, the walk of the mask, the configuration."""

    def _is_native(self, mask):
        """Whether Keras's own pool gives the answer: no mask, and a padding that does not depend on the length."""
        return mask is None and (self.padding == "valid" or self.strides[0] == 1)

    def _padded(self, x, value):
        if self.padding == "valid":
            return x
        return ops.pad(x, ((0, 0), padding_widths(self.pool_size[0]), (0, 0)), constant_values=value)

    def compute_mask(self, inputs, mask=None):
        return through_pool(mask, self.pool_size[0], self.strides[0], self.padding)

    def compute_output_shape(self, input_shape):
        n_steps = output_length(input_shape[1], self.pool_size[0], self.strides[0], padding=self.padding)
        if n_steps == 0:
            fewest = self.pool_size[0] if self.padding == "valid" else 1
            raise ValueError(
                f"{self.name} requires at least {fewest} steps under padding={self.padding!r}, got {input_shape[1]}; take "
                "a shorter pool or pad the cases."
            )
        return (input_shape[0], n_steps, input_shape[2])

    def get_config(self):
        config = super().get_config()
        del config["data_format"]
        return config


def checked_padding(padding):
    if padding not in ("valid", "same"):
        raise ValueError(f"padding of a local pool must be 'valid' or 'same', got {padding!r}; choose one of these.")
