"""Concatenation of masked branches."""

import keras
from keras import ops

from seqconv.layers.masked_join import MaskedJoin


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedConcatenate(MaskedJoin):
    """Set the channels of several branches side by side; a step is real where it is real in every branch.

    Keras's `Concatenate` takes a step as real where any branch has it.

    Parameters
    ----------
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedConcatenate
    >>> MaskedConcatenate()([np.zeros((2, 5, 3)), np.zeros((2, 5, 4))]).shape == (2, 5, 7)
    True

    Notes
    -----
    Shape: a list of (batch, steps, channels_i) to (batch, steps, sum of channels_i); the same for (batch, channels_i).
    Mask: the intersection; steps hidden in some branches only are set to 0.
    Backend: all.
    """

    def _join(self, inputs):
        return ops.concatenate(inputs, axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[0][:-1], sum(shape[-1] for shape in input_shape))
