"""Mean of equal chunks of the real steps."""

from typing import Any

import keras

from seqconv.layers.chunk_pooling import ChunkPooling
from seqconv.masks import masked_mean


@keras.saving.register_keras_serializable(package="seqconv")
class ChunkMeanPooling1D(ChunkPooling):
    """Cut the real steps of every case into equal chunks and take the mean of each.

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
    >>> from seqconv.layers import ChunkMeanPooling1D
    >>> x = np.array([[[3.0], [1.0], [2.0], [5.0]]], "float32")
    >>> np.asarray(ChunkMeanPooling1D(2, flatten=True)(x)).tolist()
    [[2.0, 3.5]]
    """

    def _reduce(self, x: Any, mask: Any) -> Any:
        return masked_mean(x, mask)
