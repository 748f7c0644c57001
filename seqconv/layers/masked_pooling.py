"""Base of the local pools."""

from typing import Any

from keras import ops

from seqconv.arguments import choice
from seqconv.geometry import output_length, padding_widths
from seqconv.layers.sizes import check_not_empty, size
from seqconv.masks import through_pool


class MaskedPooling:
    """Base of the local pools, set before a pool of Keras among the parents of a class.

    It pads by widths that depend on the pool alone, and passes the mask on.
    """

    def __init__(
        self, pool_size: Any, strides: Any, padding: str, data_format: str | None, name: str | None, **kwargs: Any
    ) -> None:
        choice("data_format", data_format, (None, "channels_last"))
        padding = padding.lower() if isinstance(padding, str) else padding
        choice("padding", padding, ("valid", "same"))
        pool_size = size("pool_size", pool_size)
        strides = pool_size if strides is None else size("strides", strides)
        super().__init__(pool_size, strides=strides, padding=padding, data_format="channels_last", name=name, **kwargs)
        self.supports_masking = True

    def _is_native(self, inputs, mask):
        """Return whether Keras's own pool gives the answer."""
        check_not_empty(self.name, inputs)
        self.compute_output_shape(inputs.shape)  # raises if no window fits
        return mask is None and (self.padding == "valid" or self.strides[0] == 1)

    def _padded(self, x, value):
        if self.padding == "valid":
            return x
        return ops.pad(x, ((0, 0), padding_widths(self.pool_size[0]), (0, 0)), constant_values=value)

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return through_pool(mask, self.pool_size[0], self.strides[0], self.padding)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        n_steps = output_length(input_shape[1], self.pool_size[0], self.strides[0], padding=self.padding)
        if n_steps == 0:
            raise ValueError(
                f"{self.name} requires at least {self.pool_size[0] if self.padding == 'valid' else 1} steps under "
                f"padding={self.padding!r}, got {input_shape[1]}. Use a shorter pool or pad the cases."
            )
        return (input_shape[0], n_steps, input_shape[2])
