"""Sum of masked branches."""

import keras
from keras import ops

from seqconv.layers.masked_join import MaskedJoin


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedAdd(MaskedJoin):
    """Add several branches of one shape, as a shortcut does; a step is real where it is real in every branch.

    Keras's `Add` takes a step as real where any branch has it.

    Parameters
    ----------
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedAdd
    >>> np.asarray(MaskedAdd()([np.ones((1, 2, 1)), np.ones((1, 2, 1))])).tolist()
    [[[2.0], [2.0]]]

    Notes
    -----
    Shape: a list of (batch, steps, channels) to (batch, steps, channels).
    Mask: the intersection; steps hidden in some branches only are set to 0.
    Backend: all.
    """

    def _join(self, inputs):
        total = inputs[0]
        for one in inputs[1:]:
            total = ops.add(total, one)
        return total

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[0])
