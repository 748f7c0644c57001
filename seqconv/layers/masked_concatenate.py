"""Concatenation of masked branches."""

from typing import Any

import keras

from seqconv.layers.masked_join import MaskedJoin


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedConcatenate(MaskedJoin, keras.layers.Concatenate):
    """Concatenate the channels of several branches; a step is real if it is real in every branch.

    Parameters
    ----------
    axis : int, default=-1
        Axis of the channels, the last one.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `axis` is not the last axis.
    ValueError
        If the input is not a list of tensors, or their shapes differ in more than the channels.
    ValueError
        If a mask is not of the steps of its branch.

    Notes
    -----
    Shape: a list of (batch, steps, channels_i) to (batch, steps, sum of channels_i); also (batch, channels_i).
    Mask: the intersection; steps hidden in some branches only are set to 0.
    Backend: all.
    Differs: `keras.layers.Concatenate` takes the union of the masks.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedConcatenate
    >>> MaskedConcatenate()([np.zeros((2, 5, 3)), np.zeros((2, 5, 4))]).shape == (2, 5, 7)
    True
    """

    def __init__(self, axis: int = -1, **kwargs: Any) -> None:
        super().__init__(axis=axis, **kwargs)

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        n_axes = len(input_shape[0])
        if self.axis not in (-1, n_axes - 1):
            raise ValueError(f"axis must be -1 or {n_axes - 1}, that of the channels, got {self.axis!r}.")
