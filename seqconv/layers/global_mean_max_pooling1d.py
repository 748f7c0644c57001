"""Mean and maximum over the real steps."""

import keras
from keras import ops

from seqconv.layers.global_pooling import GlobalPooling
from seqconv.masks import masked_max, masked_mean


@keras.saving.register_keras_serializable(package="seqconv")
class GlobalMeanMaxPooling1D(GlobalPooling):
    """Take the mean and the largest value of every feature over the real steps, side by side.

    Parameters
    ----------
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import GlobalMeanMaxPooling1D
    >>> x, mask = np.array([[[1.0], [3.0], [9.0]]], "float32"), np.array([[True, True, False]])
    >>> np.asarray(GlobalMeanMaxPooling1D()(x, mask=mask)).tolist()
    [[2.0, 3.0]]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, 2 * channels), the means first.
    Mask: spent; a case without a real step gives 0.
    Backend: all.
    """

    def call(self, inputs, mask=None):
        return ops.concatenate([masked_mean(inputs, mask), masked_max(inputs, mask)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], 2 * input_shape[2])
