"""Mean place of positive values."""

from typing import Any

import keras
from keras import ops

from seqconv.layers.positive_pooling import PositivePooling, shares


@keras.saving.register_keras_serializable(package="seqconv")
class PositiveIndexPooling1D(PositivePooling):
    """Take the mean index of the steps at which a channel is positive.

    Parameters
    ----------
    temperature : float, optional
        Width of the soft step, above 0: a value x counts by sigmoid(x / temperature), so that it can be trained
        through. None counts exactly.
    data_format : {None, "channels_last"}, default=None
        Accepted because Keras has it; both mean channels last.
    keepdims : bool, default=False
        Whether to keep the axis of the steps, with size 1.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `temperature` is not a number above 0.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, channels).
    Mask: consumed; a case without a positive step gives -1, one without a real step 0. Hidden steps count as places.
    Backend: all; summed in float32 under mixed precision.

    References
    ----------
    Tan, Dempster, Bergmeir and Webb (2022), "MultiRocket: multiple pooling operators and transformations for fast and
    effective time series classification", section 3.2.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import PositiveIndexPooling1D
    >>> np.asarray(PositiveIndexPooling1D()(np.array([[[-1.0], [2.0], [4.0], [0.0]]], "float32"))).tolist()
    [[1.5]]
    """

    def _pool_positive(self, x: Any, positive: Any, mask: Any) -> Any:
        weights, is_any = shares(positive)
        steps = ops.cast(ops.arange(ops.shape(x)[1]), x.dtype)[:, None]  # (steps, 1)
        return ops.where(is_any, ops.sum(weights * steps, axis=1), -1)
