"""Inverse of max pooling by its switches."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from seqconv.layers.sizes import check_has_steps, size
from seqconv.layers.slots import as_floats
from seqconv.masks import as_booleans, checked, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class MaxUnpooling1D(keras.layers.Layer):
    """Put each value back to the place in its window that a switch names; all other steps are 0.

    Called on ``[values, switches]``, with switches of `MaxPoolingWithSwitches1D`. A third input, the sequence that was
    pooled, cuts the result to its number of steps.

    Parameters
    ----------
    pool_size : int, default=2
        Number of steps in a window, at least 1.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `pool_size` is not an integer of at least 1.
    ValueError
        If there are not two or three inputs of three dimensions.

    Notes
    -----
    Shape: two tensors (batch, windows, channels) to (batch, windows * pool_size, channels).
    Mask: that of the values, each step repeated `pool_size` times; that of the third input where it is given.
    Backend: all; without a scatter.

    References
    ----------
    Zeiler and Fergus (2014), "Visualizing and understanding convolutional networks", section 2.1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaxUnpooling1D
    >>> values, switches = np.array([[[5.0], [4.0]]], "float32"), np.array([[[1], [0]]])
    >>> np.asarray(MaxUnpooling1D(2)([values, switches])).ravel().tolist()
    [0.0, 5.0, 4.0, 0.0]
    """

    def __init__(self, pool_size: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pool_size = size("pool_size", pool_size)
        self.supports_masking = True

    def build(self, input_shape: Sequence) -> None:
        _check_inputs(self.name, input_shape)

    def call(self, inputs: Sequence[Any], mask: Any = None) -> Any:
        values, switches, *pooled = inputs
        check_has_steps(self.name, values)
        values = zero_hidden(as_floats(values, self.compute_dtype), None if mask is None else mask[0])
        is_place = ops.expand_dims(ops.cast(switches, "int32"), 2) == ops.arange(self.pool_size, dtype="int32")[:, None]
        spread = ops.where(is_place, ops.expand_dims(values, 2), 0)  # (batch, windows, pool_size, channels)
        y = ops.reshape(spread, (-1, ops.shape(values)[1] * self.pool_size, values.shape[2]))
        return y[:, : ops.shape(pooled[0])[1]] if pooled else y

    def compute_mask(self, inputs: Sequence[Any], mask: Any = None) -> Any:
        if mask is None:
            return None
        if len(inputs) == 3:
            return None if mask[2] is None else checked(mask[2], inputs[2])
        return None if mask[0] is None else ops.repeat(as_booleans(mask[0]), self.pool_size, axis=1)

    def compute_output_shape(self, input_shape: Sequence) -> tuple:
        _check_inputs(self.name, input_shape)
        n_cases, n_windows, n_channels = input_shape[0]
        if len(input_shape) == 3:
            return (n_cases, input_shape[2][1], n_channels)
        return (n_cases, None if n_windows is None else n_windows * self.pool_size, n_channels)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "pool_size": self.pool_size}


def _check_inputs(name, shapes):
    is_list = isinstance(shapes, list | tuple) and all(isinstance(one, list | tuple) for one in shapes)
    if not is_list or len(shapes) not in (2, 3) or any(len(one) != 3 for one in shapes):
        raise ValueError(
            f"{name} requires a list of values and switches, and perhaps the pooled sequence, each of ndim=3, got {shapes}."
        )
