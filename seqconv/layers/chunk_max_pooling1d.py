"""Maximum of equal chunks of the real steps."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import flag, whole
from seqconv.layers.sizes import check_not_empty
from seqconv.layers.slots import as_floats, flattened, real_or_ones
from seqconv.masks import as_booleans, masked_max, n_real


@keras.saving.register_keras_serializable(package="seqconv")
class ChunkMaxPooling1D(keras.layers.Layer):
    """Cut the real steps of every case into equal chunks and take the largest value of each.

    Chunk i of P over n real steps covers floor(i * n / P) up to ceil((i + 1) * n / P). No chunk is empty, and
    neighbours share a step if P does not divide n.

    Parameters
    ----------
    chunks : int
        Number P of chunks, at least 1.
    flatten : bool, default=False
        Whether to return one vector for each case, chunk after chunk.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `chunks` is not an integer of at least 1.
    TypeError
        If `flatten` is not True or False.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, chunks, channels), or to (batch, chunks * channels) with `flatten`.
    Mask: all chunks of a case with a real step are real; consumed with `flatten`.
    Backend: all.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import ChunkMaxPooling1D
    >>> x = np.array([[[3.0], [1.0], [2.0], [5.0]]], "float32")
    >>> np.asarray(ChunkMaxPooling1D(2, flatten=True)(x)).tolist()
    [[3.0, 5.0]]
    """

    def __init__(self, chunks: int, flatten: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.chunks = whole("chunks", chunks, 1)
        self.flatten = flag("flatten", flatten)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_not_empty(self.name, inputs)
        inputs = as_floats(inputs, self.compute_dtype)
        mask = real_or_ones(inputs, mask)
        rank = ops.cumsum(ops.cast(mask, "int32"), axis=1) - 1  # (batch, steps), among the real steps
        count = ops.expand_dims(n_real(mask), 1)  # (batch, 1)
        largest = []
        for i in range(self.chunks):
            start, stop = i * count // self.chunks, ((i + 1) * count + self.chunks - 1) // self.chunks
            inside = ops.logical_and(rank >= start, rank < stop)
            largest.append(masked_max(inputs, ops.logical_and(inside, mask)))
        y = ops.stack(largest, axis=1)  # (batch, chunks, channels)
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
