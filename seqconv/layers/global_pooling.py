"""Base of the pools that give one vector for each case."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import choice, flag
from seqconv.layers.sizes import check_not_empty
from seqconv.layers.slots import as_floats


class GlobalPooling(keras.layers.Layer):
    """Base of the pools that consume the steps and the mask.

    A subclass defines `_pool`, and `_n_features` if a channel gives several features.

    Parameters
    ----------
    data_format : {None, "channels_last"}, default=None
        Accepted because Keras has it; both mean channels last.
    keepdims : bool, default=False
        Whether to keep the axis of the steps, with size 1.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.
    """

    def __init__(self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        choice("data_format", data_format, (None, "channels_last"))
        self.data_format = "channels_last"
        self.keepdims = flag("keepdims", keepdims)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def _pool(self, x: Any, mask: Any) -> Any:
        """Pool floats (batch, steps, channels) to (batch, features)."""
        raise NotImplementedError(f"{type(self).__name__} must define _pool(x, mask).")

    def _n_features(self, n_channels: int) -> int:
        """Return the number of features of so many channels."""
        return n_channels

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_not_empty(self.name, inputs)
        pooled = self._pool(as_floats(inputs, self.compute_dtype), mask)  # (batch, features)
        return ops.expand_dims(pooled, 1) if self.keepdims else pooled

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        return None

    def compute_output_shape(self, input_shape: Any) -> tuple:
        n_cases, _, n_channels = input_shape
        n_features = self._n_features(n_channels)
        return (n_cases, 1, n_features) if self.keepdims else (n_cases, n_features)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "data_format": self.data_format, "keepdims": self.keepdims}
