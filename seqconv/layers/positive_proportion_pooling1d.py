"""Proportion of positive values."""

from typing import Any

import keras

from seqconv.layers.positive_pooling import PositivePooling
from seqconv.masks import masked_mean


@keras.saving.register_keras_serializable(package="seqconv")
class PositiveProportionPooling1D(PositivePooling):
    """Take the share of the real steps at which a channel is positive.

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
    Mask: consumed; a case without a real step gives 0.
    Backend: all; summed in float32 under mixed precision.

    References
    ----------
    Dempster, Petitjean and Webb (2020), "ROCKET: exceptionally fast and accurate time series classification using random
    convolutional kernels", section 3.2.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import PositiveProportionPooling1D
    >>> np.asarray(PositiveProportionPooling1D()(np.array([[[-1.0], [2.0], [3.0], [0.0]]], "float32"))).tolist()
    [[0.5]]
    """

    def _pool_positive(self, x: Any, positive: Any, mask: Any) -> Any:
        return masked_mean(positive, mask)
