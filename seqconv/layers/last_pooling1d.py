"""Last real step."""

from typing import Any

import keras
from keras import ops

from seqconv.layers.global_pooling import GlobalPooling
from seqconv.layers.slots import lengths_of
from seqconv.masks import checked


@keras.saving.register_keras_serializable(package="seqconv")
class LastPooling1D(GlobalPooling):
    """Take the last real step of every case, for causal and recurrent encoders.

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
    Mask: consumed; a case without a real step gives 0.
    Backend: all.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import LastPooling1D
    >>> x, mask = np.array([[[1.0], [3.0], [9.0]]], "float32"), np.array([[True, True, False]])
    >>> np.asarray(LastPooling1D()(x, mask=mask)).tolist()
    [[3.0]]
    """

    def _pool(self, x: Any, mask: Any) -> Any:
        if x.shape[1] == 0:
            return ops.sum(x, axis=1)  # zeros
        if mask is None:
            return x[:, -1]
        lengths = ops.expand_dims(lengths_of(checked(mask, x)), -1)  # (batch, 1, 1)
        last = ops.take_along_axis(x, ops.maximum(lengths - 1, 0), axis=1)
        return ops.squeeze(ops.where(lengths > 0, last, 0), 1)
