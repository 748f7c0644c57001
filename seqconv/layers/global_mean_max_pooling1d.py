"""Mean and maximum over the real steps."""

from typing import Any

import keras
from keras import ops

from seqconv.layers.global_pooling import GlobalPooling
from seqconv.masks import masked_max, masked_mean


@keras.saving.register_keras_serializable(package="seqconv")
class GlobalMeanMaxPooling1D(GlobalPooling):
    """Take the mean and the largest value of every channel over the real steps, side by side.

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
    Shape: (batch, steps, channels) to (batch, 2 * channels), the means first.
    Mask: consumed; a case without a real step gives 0.
    Backend: all.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import GlobalMeanMaxPooling1D
    >>> x, mask = np.array([[[1.0], [3.0], [9.0]]], "float32"), np.array([[True, True, False]])
    >>> np.asarray(GlobalMeanMaxPooling1D()(x, mask=mask)).tolist()
    [[2.0, 3.0]]
    """

    def _pool(self, x: Any, mask: Any) -> Any:
        return ops.concatenate([masked_mean(x, mask), masked_max(x, mask)], axis=-1)

    def _n_features(self, n_channels: int) -> int:
        return 2 * n_channels
