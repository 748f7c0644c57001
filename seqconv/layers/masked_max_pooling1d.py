"""Maximum of local windows."""

from typing import Any

import keras
from keras import ops

from seqconv.layers.masked_pooling import MaskedPooling
from seqconv.layers.portable import lowest
from seqconv.layers.slots import as_floats
from seqconv.masks import checked, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedMaxPooling1D(MaskedPooling, keras.layers.MaxPooling1D):
    """Take the largest real value of every local window.

    Parameters
    ----------
    pool_size : int, default=2
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
    Backend: all; without a mask it costs what `keras.layers.MaxPooling1D` costs.
    Differs: in `keras.layers.MaxPooling1D`, "same" padding with strides depends on the length of the batch.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedMaxPooling1D
    >>> x, mask = np.array([[[1.0], [-2.0], [-3.0], [9.0]]], "float32"), np.array([[True, True, True, False]])
    >>> np.asarray(MaskedMaxPooling1D(2, padding="same")(x, mask=mask)).ravel().tolist()
    [1.0, -3.0]
    """

    def __init__(
        self,
        pool_size: int = 2,
        strides: int | None = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)

    def call(self, inputs: Any, mask: Any = None) -> Any:
        if self._is_native(inputs, mask):
            return super().call(inputs)
        x = as_floats(inputs, self.compute_dtype)
        if mask is not None:
            x = ops.where(ops.expand_dims(checked(mask, x), -1), x, lowest())
        padded = self._padded(x, lowest())
        outputs = ops.max_pool(padded, self.pool_size, self.strides, padding="valid", data_format=self.data_format)
        return zero_hidden(outputs, self.compute_mask(inputs, mask))  # (batch, output steps, channels)
