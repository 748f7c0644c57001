"""Mean of positive values."""

from typing import Any

import keras
from keras import ops

from seqconv.layers.positive_pooling import PositivePooling, shares


@keras.saving.register_keras_serializable(package="seqconv")
class PositiveMeanPooling1D(PositivePooling):
    """Take the mean of the positive values of every channel over the real steps.

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
    Mask: consumed; a case without a positive real step gives 0.
    Backend: all; summed in float32 under mixed precision.

    References
    ----------
    Tan, Dempster, Bergmeir and Webb (2022), "MultiRocket: multiple pooling operators and transformations for fast and
    effective time series classification", section 3.2.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import PositiveMeanPooling1D
    >>> np.asarray(PositiveMeanPooling1D()(np.array([[[-1.0], [2.0], [4.0], [0.0]]], "float32"))).tolist()
    [[3.0]]
    """

    def _pool_positive(self, x: Any, positive: Any, mask: Any) -> Any:
        weights, _ = shares(positive)
        return ops.sum(weights * x, axis=1)
