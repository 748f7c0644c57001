"""Mean of local windows."""

import keras
from keras import ops

from seqconv.layers.masked_pooling import MaskedPooling, checked_padding
from seqconv.layers.sizes import size
from seqconv.masks import zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedAveragePooling1D(MaskedPooling, keras.layers.AveragePooling1D):
    """Take the mean of the real values of every window of a few steps.

    Parameters
    ----------
    pool_size : int
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
    >>> from seqconv.layers import MaskedAveragePooling1D
    >>> x, mask = np.array([[[1.0], [2.0], [4.0], [9.0]]], "float32"), np.array([[True, True, True, False]])
    >>> np.asarray(MaskedAveragePooling1D(2, padding="same")(x, mask=mask)).ravel().tolist()
    [1.5, 4.0]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, `geometry.output_length`, channels).
    Mask: passed on by `masks.through_pool`; hidden output steps are 0.
    Backend: all; without a mask it costs what `keras.layers.AveragePooling1D` costs.
    Differs: from `keras.layers.AveragePooling1D`, whose "same" padding with strides depends on the length of the
    batch.
    """

    def __init__(self, pool_size, strides=None, padding="valid", **kwargs):
        checked_padding(padding)
        pool_size = size("pool_size", pool_size)
        strides = pool_size if strides is None else size("strides", strides)
        super().__init__(pool_size, strides=strides, padding=padding, data_format="channels_last", **kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        if self._is_native(mask):
            return super().call(inputs)
        means = self._window_means(zero_hidden(inputs, mask))
        if self.padding == "same":
            real = ops.ones_like(inputs[:1, :, 0], dtype="bool") if mask is None else mask
            share = self._window_means(ops.cast(ops.expand_dims(real, -1), means.dtype))
            means = means / ops.where(share > 0, share, 1)
        return zero_hidden(means, self.compute_mask(inputs, mask))

    def _window_means(self, x):
        padded = self._padded(x, 0)
        return ops.average_pool(padded, self.pool_size, self.strides, padding="valid", data_format=self.data_format)
