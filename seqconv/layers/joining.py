"""Joining branches without lying about which steps are real."""

import keras
from keras import ops

from seqconv.masks import intersection, zero_hidden


class _MaskedJoin(keras.layers.Layer):
    """What the two joins share: the output is real where all inputs are, and 0 where their masks differ."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        joined = self._join(inputs)
        masks = _as_list(mask, inputs)
        if all(one is masks[0] for one in masks):
            return joined
        return zero_hidden(joined, intersection(masks))

    def compute_mask(self, inputs, mask=None):
        return intersection(_as_list(mask, inputs))


def _as_list(mask, inputs):
    return [None] * len(inputs) if mask is None else list(mask)


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedConcatenate(_MaskedJoin):
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


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedAdd(_MaskedJoin):
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
