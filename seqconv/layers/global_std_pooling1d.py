"""Standard deviation over the real steps."""

from typing import Any

import keras
from keras import ops

from seqconv.layers.global_pooling import GlobalPooling
from seqconv.masks import masked_mean, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class GlobalStdPooling1D(GlobalPooling):
    """Take the standard deviation of every channel over the real steps, divided by their number.

    Parameters
    ----------
    data_format : {None, "channels_last"}, default=None
        Accepted because Keras has it; both mean channels last.
    keepdims : bool, default=False
        Whether to keep the axis of the steps, with size 1.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, channels).
    Mask: consumed; a case without a real step gives 0. The gradient of a channel that does not vary is 0.
    Backend: all; summed in float32 under mixed precision.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import GlobalStdPooling1D
    >>> np.asarray(GlobalStdPooling1D()(np.array([[[1.0], [3.0]]], "float32"))).tolist()
    [[1.0]]
    """

    def _pool(self, x: Any, mask: Any) -> Any:
        wide = ops.cast(zero_hidden(x, mask), keras.backend.result_type(x.dtype, "float32"))
        mean = masked_mean(wide, mask)  # (batch, channels)
        variance = masked_mean(ops.square(zero_hidden(wide - ops.expand_dims(mean, 1), mask)), mask)
        # The root of 0 has no finite gradient.
        varies = variance > 0
        return ops.cast(ops.where(varies, ops.sqrt(ops.where(varies, variance, 1)), 0), x.dtype)
