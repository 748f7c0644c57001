"""Max pooling that tells where each maximum was."""

from typing import Any

import keras
from keras import ops

from seqconv.layers.portable import lowest
from seqconv.layers.sizes import check_has_steps, size
from seqconv.layers.slots import as_floats, real_or_ones
from seqconv.masks import through_pool


@keras.saving.register_keras_serializable(package="seqconv")
class MaxPoolingWithSwitches1D(keras.layers.Layer):
    """Take the largest real value of every window, and its place in the window.

    Windows do not overlap. The last one may be shorter.

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
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to two tensors (batch, ceil(steps / pool_size), channels): the maxima, and the
    switches, int32 from 0 to below `pool_size`. Of equal values the first counts.
    Mask: passed on for both by `masks.through_pool`; hidden output steps are 0.
    Backend: all.

    References
    ----------
    Zeiler and Fergus (2014), "Visualizing and understanding convolutional networks", section 2.1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MaxPoolingWithSwitches1D
    >>> largest, switches = MaxPoolingWithSwitches1D(2)(np.array([[[1.0], [5.0], [4.0]]], "float32"))
    >>> np.asarray(largest).ravel().tolist(), np.asarray(switches).ravel().tolist()
    ([5.0, 4.0], [1, 0])
    """

    def __init__(self, pool_size: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pool_size = size("pool_size", pool_size)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> tuple[Any, Any]:
        check_has_steps(self.name, inputs)
        x = as_floats(inputs, self.compute_dtype)
        low = ops.where(ops.expand_dims(real_or_ones(x, mask), -1), x, lowest())
        missing = -ops.shape(x)[1] % self.pool_size
        low = ops.pad(low, ((0, 0), (0, missing), (0, 0)), constant_values=lowest())
        windows = ops.reshape(low, (-1, ops.shape(low)[1] // self.pool_size, self.pool_size, x.shape[2]))
        switches = ops.cast(ops.argmax(windows, axis=2), "int32")  # (batch, windows, channels)
        # By the switch and not by the maximum, so that of equal values the first alone gets the gradient.
        largest = ops.squeeze(ops.take_along_axis(windows, ops.expand_dims(switches, 2), axis=2), 2)
        is_real = largest > lowest()
        return ops.where(is_real, largest, 0), ops.where(is_real, switches, 0)

    def compute_mask(self, inputs: Any, mask: Any = None) -> list[Any]:
        pooled = through_pool(mask, self.pool_size, padding="same")
        return [pooled, pooled]

    def compute_output_spec(self, inputs: Any, mask: Any = None) -> tuple[Any, Any]:
        shape = self.compute_output_shape(inputs.shape)[0]
        return keras.KerasTensor(shape, self.compute_dtype), keras.KerasTensor(shape, "int32")

    def compute_output_shape(self, input_shape: Any) -> tuple[tuple, tuple]:
        n_cases, n_steps, n_channels = input_shape
        shape = (n_cases, None if n_steps is None else -(-n_steps // self.pool_size), n_channels)
        return shape, shape

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "pool_size": self.pool_size}
