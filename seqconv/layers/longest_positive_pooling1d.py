"""Longest stretch of positive values."""

from typing import Any

import keras
from keras import ops

from seqconv.layers.positive_pooling import PositivePooling


@keras.saving.register_keras_serializable(package="seqconv")
class LongestPositivePooling1D(PositivePooling):
    """Take the length of the longest stretch of steps at which a channel is positive.

    With a temperature, a stretch that ends at step t has the soft length r(t) = p(t) * (1 + r(t - 1)), where p(t) is how
    far the value counts as positive.

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
    Mask: consumed; a hidden step ends a stretch; a case without a real step gives 0.
    Backend: all; a loop over the steps.

    References
    ----------
    Tan, Dempster, Bergmeir and Webb (2022), "MultiRocket: multiple pooling operators and transformations for fast and
    effective time series classification", section 3.2.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import LongestPositivePooling1D
    >>> np.asarray(LongestPositivePooling1D()(np.array([[[-1.0], [2.0], [4.0], [0.0], [1.0]]], "float32"))).tolist()
    [[2.0]]
    """

    def _pool_positive(self, x: Any, positive: Any, mask: Any) -> Any:
        def advance(t, carried):
            run, longest = carried
            run = ops.take(positive, t, axis=1) * (1 + run)  # (batch, channels)
            return run, ops.maximum(longest, run)

        none = ops.zeros_like(positive[:, 0])
        return ops.fori_loop(0, ops.shape(x)[1], advance, (none, none))[1]
