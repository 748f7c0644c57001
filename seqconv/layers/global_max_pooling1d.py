"""Maximum over the real steps."""

import keras

from seqconv.layers.global_pooling import GlobalPooling
from seqconv.masks import masked_max


@keras.saving.register_keras_serializable(package="seqconv")
class GlobalMaxPooling1D(GlobalPooling):
    """Take the largest value of every feature over the real steps.

    Parameters
    ----------
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import GlobalMaxPooling1D
    >>> x, mask = np.array([[[-1.0], [-3.0], [9.0]]], "float32"), np.array([[True, True, False]])
    >>> np.asarray(GlobalMaxPooling1D()(x, mask=mask)).tolist()
    [[-1.0]]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, channels).
    Mask: spent; a case without a real step gives 0.
    Backend: all.
    """

    def call(self, inputs, mask=None):
        return masked_max(inputs, mask)
