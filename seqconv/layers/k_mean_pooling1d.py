"""Mean of the k largest values."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.layers.global_pooling import GlobalPooling
from seqconv.layers.k_largest import k_largest
from seqconv.layers.slots import real_or_ones
from seqconv.masks import n_real


@keras.saving.register_keras_serializable(package="seqconv")
class KMeanPooling1D(GlobalPooling):
    """Take the mean of the k largest real values of every channel.

    With k = 1 this is the maximum, with k of at least the number of steps the mean.

    Parameters
    ----------
    k : int
        Number of values averaged, at least 1. A case with fewer real steps averages all of them.
    data_format : {None, "channels_last"}, default=None
        Accepted because Keras's pools have it; both mean channels last.
    keepdims : bool, default=False
        Whether to keep the axis of the steps, with size 1.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `k` is not an integer of at least 1, or `data_format` is not channels last.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, channels).
    Mask: consumed; a case without a real step gives 0.
    Backend: all; summed in float32 under mixed precision.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import KMeanPooling1D
    >>> np.asarray(KMeanPooling1D(2)(np.array([[[3.0], [1.0], [5.0]]], "float32"))).tolist()
    [[4.0]]
    """

    def __init__(self, k: int, data_format: str | None = None, keepdims: bool = False, **kwargs: Any) -> None:
        super().__init__(data_format, keepdims, **kwargs)
        self.k = whole("k", k, 1)

    def _pool(self, x: Any, mask: Any) -> Any:
        largest = k_largest(x, mask, self.k)  # (batch, k, channels)
        total = ops.sum(ops.cast(largest, keras.backend.result_type(largest.dtype, "float32")), axis=1)
        counts = ops.clip(n_real(real_or_ones(x, mask)), 1, self.k)  # (batch,)
        return ops.cast(total / ops.expand_dims(ops.cast(counts, total.dtype), -1), largest.dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "k": self.k}
