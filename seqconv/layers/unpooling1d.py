"""Lengthening of sequences without switches."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import choice
from seqconv.layers.sizes import check_has_steps, size
from seqconv.layers.slots import as_floats, real_or_ones
from seqconv.masks import as_booleans, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class Unpooling1D(keras.layers.Layer):
    """Make several steps of each step: copies, the value and zeros, or a line to the next value.

    Parameters
    ----------
    pool_size : int, default=2
        Number of steps made of one, at least 1.
    method : {"repeat", "first", "linear"}, default="repeat"
        "repeat" copies the value. "first" puts it at the first of its steps and 0 at the others. "linear" goes in a
        line to the next real step; the last one is repeated.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, steps * pool_size, channels).
    Mask: each step repeated.
    Backend: all.

    References
    ----------
    Dosovitskiy, Springenberg and Brox (2015), "Learning to generate chairs with convolutional neural networks",
    section 3 ("first").

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import Unpooling1D
    >>> x = np.array([[[1.0], [3.0]]], "float32")
    >>> [np.asarray(Unpooling1D(2, method)(x)).ravel().tolist() for method in ("repeat", "first", "linear")]
    [[1.0, 1.0, 3.0, 3.0], [1.0, 0.0, 3.0, 0.0], [1.0, 2.0, 3.0, 3.0]]
    """

    def __init__(self, pool_size: int = 2, method: str = "repeat", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pool_size = size("pool_size", pool_size)
        self.method = choice("method", method, ("repeat", "first", "linear"))
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_has_steps(self.name, inputs)
        x = zero_hidden(as_floats(inputs, self.compute_dtype), mask)
        place = ops.cast(ops.arange(self.pool_size), x.dtype)[:, None]  # (pool_size, 1)
        spread = ops.expand_dims(x, 2)  # (batch, steps, 1, channels)
        if self.method == "linear":
            has_next = ops.pad(real_or_ones(x, mask)[:, 1:], ((0, 0), (0, 1)))
            after = ops.where(ops.expand_dims(has_next, -1), ops.pad(x[:, 1:], ((0, 0), (0, 1), (0, 0))), x)
            spread = spread + ops.expand_dims(after - x, 2) * place / self.pool_size
        elif self.method == "first":
            spread = spread * ops.cast(place == 0, x.dtype)
        else:
            spread = ops.repeat(spread, self.pool_size, axis=2)
        return ops.reshape(spread, (-1, ops.shape(x)[1] * self.pool_size, x.shape[2]))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return None if mask is None else ops.repeat(as_booleans(mask), self.pool_size, axis=1)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        n_cases, n_steps, n_channels = input_shape
        return (n_cases, None if n_steps is None else n_steps * self.pool_size, n_channels)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "pool_size": self.pool_size, "method": self.method}
