"""Maximum over the real steps."""

from typing import Any

import keras

from seqconv.layers.global_pooling import GlobalPooling
from seqconv.masks import masked_max


@keras.saving.register_keras_serializable(package="seqconv")
class GlobalMaxPooling1D(GlobalPooling):
    """Take the largest value of every channel over the real steps.

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
        If `data_format` is not channels last.
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
    >>> from seqconv.layers import GlobalMaxPooling1D
    >>> x, mask = np.array([[[-1.0], [-3.0], [9.0]]], "float32"), np.array([[True, True, False]])
    >>> np.asarray(GlobalMaxPooling1D()(x, mask=mask)).tolist()
    [[-1.0]]
    """

    def _pool(self, x: Any, mask: Any) -> Any:
        return masked_max(x, mask)
