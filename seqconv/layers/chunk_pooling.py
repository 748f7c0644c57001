"""Base of the pools over equal chunks of a case."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import flag, whole
from seqconv.layers.sizes import check_not_empty
from seqconv.layers.slots import as_floats, flattened, real_or_ones
from seqconv.masks import as_booleans, n_real


class ChunkPooling(keras.layers.Layer):
    """Base of the pools that cut the real steps of every case into equal chunks.

    A subclass defines `_reduce`.

    Parameters
    ----------
    chunks : int
        Number P of chunks, at least 1. Chunk i over n real steps covers floor(i * n / P) up to ceil((i + 1) * n / P).
    flatten : bool, default=False
        Whether to return one vector for each case, chunk after chunk.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.
    """

    def __init__(self, chunks: int, flatten: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.chunks = whole("chunks", chunks, 1)
        self.flatten = flag("flatten", flatten)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def _reduce(self, x: Any, mask: Any) -> Any:
        """Reduce floats (batch, steps, channels) over the steps of a mask to (batch, channels)."""
        raise NotImplementedError(f"{type(self).__name__} must define _reduce(x, mask).")

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_not_empty(self.name, inputs)
        inputs = as_floats(inputs, self.compute_dtype)
        mask = real_or_ones(inputs, mask)
        rank = ops.cumsum(ops.cast(mask, "int32"), axis=1) - 1  # (batch, steps), among the real steps
        count = ops.expand_dims(n_real(mask), 1)  # (batch, 1)
        reduced = []
        for i in range(self.chunks):
            start, stop = i * count // self.chunks, ((i + 1) * count + self.chunks - 1) // self.chunks
            inside = ops.logical_and(rank >= start, rank < stop)
            reduced.append(self._reduce(inputs, ops.logical_and(inside, mask)))
        y = ops.stack(reduced, axis=1)  # (batch, chunks, channels)
        return flattened(y) if self.flatten else y

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        if self.flatten or mask is None:
            return None
        return ops.repeat(ops.any(as_booleans(mask), axis=1, keepdims=True), self.chunks, axis=1)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        n_cases, _, n_channels = input_shape
        return (n_cases, self.chunks * n_channels) if self.flatten else (n_cases, self.chunks, n_channels)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "chunks": self.chunks, "flatten": self.flatten}
