"""Mean of the k largest values."""

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.layers.global_pooling import GlobalPooling
from seqconv.layers.k_largest import k_largest
from seqconv.layers.slots import real_or_ones
from seqconv.masks import n_real


@keras.saving.register_keras_serializable(package="seqconv")
class KMeanPooling1D(GlobalPooling):
    """Take the mean of the k largest real values of every feature: between the maximum (k = 1) and the mean.

    Parameters
    ----------
    k : int
        Values averaged, at least 1; all real ones of a case that has fewer.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If k is not an integer of at least 1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import KMeanPooling1D
    >>> np.asarray(KMeanPooling1D(2)(np.array([[[3.0], [1.0], [5.0]]], "float32"))).tolist()
    [[4.0]]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, channels).
    Mask: spent; a case without a real step gives 0.
    Backend: all; summed in float32 under mixed precision.
    """

    def __init__(self, k, **kwargs):
        super().__init__(**kwargs)
        self.k = whole("k", k, 1)

    def call(self, inputs, mask=None):
        largest = k_largest(inputs, mask, self.k)  # (batch, k, channels)
        total = ops.sum(ops.cast(largest, keras.backend.result_type(largest.dtype, "float32")), axis=1)
        counts = ops.clip(n_real(real_or_ones(inputs, mask)), 1, self.k)
        return ops.cast(total / ops.expand_dims(ops.cast(counts, total.dtype), -1), largest.dtype)

    def get_config(self):
        return {**super().get_config(), "k": self.k}
