"""Maximum of local windows."""

import keras
from keras import ops

from seqconv.layers.masked_pooling import MaskedPooling, checked_padding
from seqconv.layers.sizes import size
from seqconv.masks import zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedMaxPooling1D(MaskedPooling, keras.layers.MaxPooling1D):
    """Take the largest real value of every window of a few steps.

    Parameters
    ----------
    pool_size : int, default=2
        Steps in a window, at least 1.
    strides : int, optional
        Steps between two windows; `pool_size` if not given.
    padding : {"valid", "same"}, default="valid"
        "valid" keeps the windows all of whose steps are real; "same" sets
        `geometry.padding_widths` of empty steps around the sequence.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range, or no window fits into the cases.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedMaxPooling1D
    >>> x, mask = np.array([[[1.0], [-2.0], [-3.0], [9.0]]], "float32"), np.array([[True, True, True, False]])
    >>> np.asarray(MaskedMaxPooling1D(2, padding="same")(x, mask=mask)).ravel().tolist()
    [1.0, -3.0]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, `geometry.output_length`, channels).
    Mask: passed on by `masks.through_pool`; hidden output steps are 0.
    Backend: all; without a mask it costs what `keras.layers.MaxPooling1D` costs.
    Differs: from `keras.layers.MaxPooling1D`, whose "same" padding with strides depends on the length of the batch.
    """

    def __init__(self, pool_size=2, strides=None, padding="valid", **kwargs):
        checked_padding(padding)
        pool_size = size("pool_size", pool_size)
        strides = pool_size if strides is None else size("strides", strides)
        super().__init__(pool_size, strides=strides, padding=padding, data_format="channels_last", **kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        if self._is_native(mask):
            return super().call(inputs)
        if mask is not None:
            inputs = ops.where(ops.expand_dims(mask, -1), inputs, -float("inf"))
        padded = self._padded(inputs, -float("inf"))
        outputs = ops.max_pool(padded, self.pool_size, self.strides, padding="valid", data_format=self.data_format)
        return zero_hidden(outputs, self.compute_mask(inputs, mask))
