"""Smooth maximum over the real steps."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import number
from seqconv.layers.global_pooling import GlobalPooling
from seqconv.masks import masked_max, masked_mean, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class LogSumExpPooling1D(GlobalPooling):
    """Take log(mean exp(r x)) / r of every channel over the real steps.

    It lies between the mean, which it nears for small r, and the maximum, which it nears for large r.

    Parameters
    ----------
    r : float, default=5.0
        Sharpness, above 0.
    data_format : {None, "channels_last"}, default=None
        Accepted because Keras has it; both mean channels last.
    keepdims : bool, default=False
        Whether to keep the axis of the steps, with size 1.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `r` is not a number above 0.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, channels).
    Mask: consumed; a case without a real step gives 0.
    Backend: all; summed in float32 under mixed precision.

    References
    ----------
    Pinheiro and Collobert (2015), "From image-level to pixel-level labeling with convolutional networks", equation 2.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import LogSumExpPooling1D
    >>> x = np.array([[[0.0], [1.0]]], "float32")
    >>> [round(float(LogSumExpPooling1D(r)(x)[0, 0]), 2) for r in (0.01, 100)]
    [0.5, 0.99]
    """

    def __init__(self, r: float = 5.0, data_format: str | None = None, keepdims: bool = False, **kwargs: Any) -> None:
        super().__init__(data_format, keepdims, **kwargs)
        self.r = number("r", r, above=0)

    def _pool(self, x: Any, mask: Any) -> Any:
        wide = ops.cast(x, keras.backend.result_type(x.dtype, "float32"))
        # The result does not depend on this shift, by which no power overflows.
        largest = ops.stop_gradient(masked_max(wide, mask))  # (batch, channels)
        apart = zero_hidden(wide - ops.expand_dims(largest, 1), mask)
        mean = masked_mean(ops.exp(self.r * apart), mask)
        # A case without a real step has mean 0.
        return ops.cast(largest + ops.log(ops.where(mean > 0, mean, 1)) / self.r, x.dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "r": self.r}
