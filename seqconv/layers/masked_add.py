"""Sum of masked branches."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from seqconv.layers.masked_join import MaskedJoin


@keras.saving.register_keras_serializable(package="seqconv")
class MaskedAdd(MaskedJoin, keras.layers.Add):
    """Add several branches, as a shortcut does; a step is real if it is real in every branch.

    Parameters
    ----------
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If the input is not a list of tensors, or their shapes cannot be broadcast to one.
    ValueError
        If a mask is not of the steps of its branch.

    Notes
    -----
    Shape: a list of (batch, steps, channels) to (batch, steps, channels); axes of size 1 are broadcast.
    Mask: the intersection; steps hidden in some branches only are set to 0.
    Backend: all.
    Differs: `keras.layers.Add` takes the union of the masks.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaskedAdd
    >>> np.asarray(MaskedAdd()([np.ones((1, 2, 1)), np.ones((1, 2, 1))])).tolist()
    [[[2.0], [2.0]]]
    """

    def compute_mask(self, inputs: Sequence[Any], mask: Any = None) -> Any:
        common = super().compute_mask(inputs, mask)
        longer = [x for x in inputs if len(x.shape) == 3 and x.shape[1] != 1]
        if common is None or common.shape[1] != 1 or not longer:
            return common
        return ops.logical_and(common, ops.ones_like(longer[0][:, :, 0], dtype="bool"))  # (batch, steps)
