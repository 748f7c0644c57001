"""Mean of local windows."""

from typing import Any

import keras
from keras import ops

from seqconv.layers.masked_pooling import MaskedPooling
from seqconv.layers.slots import as_floats
from seqconv.masks import checked, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedAveragePooling1D(MaskedPooling, keras.layers.AveragePooling1D):
    """Take the mean of the real values of every local window.

    Parameters
    ----------
    pool_size : int
        Number of steps in a window, at least 1.
    strides : int, optional
        Steps between two windows, at least 1. None means `pool_size`.
    padding : {"valid", "same"}, default="valid"
        "valid" keeps the windows of which all steps are real. "same" pads the sequence by `geometry.padding_widths`
        empty steps.
    data_format : {None, "channels_last"}, default=None
        Accepted because Keras has it; both mean channels last.
    name : str, optional
        Name of the layer.
    **kwargs
        Keras's `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.
    ValueError
        If no window fits into the cases.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, `geometry.output_length`, channels).
    Mask: passed on by `masks.through_pool`; hidden output steps are 0.
    Backend: all; without a mask it costs what `keras.layers.AveragePooling1D` costs.
    Differs: in `keras.layers.AveragePooling1D`, "same" padding with strides depends on the length of the batch.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedAveragePooling1D
    >>> x, mask = np.array([[[1.0], [2.0], [4.0], [9.0]]], "float32"), np.array([[True, True, True, False]])
    >>> np.asarray(MaskedAveragePooling1D(2, padding="same")(x, mask=mask)).ravel().tolist()
    [1.5, 4.0]
    """

    def __init__(
        self,
        pool_size: int,
        strides: int | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)

    def call(self, inputs: Any, mask: Any = None) -> Any:
        x = as_floats(inputs, self.compute_dtype)
        if self._is_native(inputs, mask):
            return super().call(x)
        means = self._window_means(zero_hidden(x, mask))  # (batch, output steps, channels)
        if self.padding == "same":
            real = ops.ones_like(x[:1, :, 0], dtype="bool") if mask is None else checked(mask, x)
            share = self._window_means(ops.cast(ops.expand_dims(real, -1), means.dtype))  # of a window that is real
            means = means / ops.where(share > 0, share, 1)
        return zero_hidden(means, self.compute_mask(inputs, mask))

    def _window_means(self, x):
        padded = self._padded(x, 0)
        return ops.average_pool(padded, self.pool_size, self.strides, padding="valid", data_format=self.data_format)
