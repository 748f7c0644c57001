"""Maximum of several linear functions."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.layers.sizes import check_has_steps
from seqconv.layers.slots import as_floats, largest_piece
from seqconv.masks import zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class Maxout(keras.layers.Layer):
    """Take, at each step, the largest of several dense layers.

    Parameters
    ----------
    units : int
        Number of features computed, at least 1.
    pieces : int, default=2
        Number of linear functions for each feature, at least 1.
    kernel_initializer, kernel_constraint
        As of `keras.layers.Dense`.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `units` or `pieces` is not an integer of at least 1.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, steps, units).
    Mask: passed on unchanged.
    Backend: all. Of equal pieces the first alone gets the gradient.

    References
    ----------
    Goodfellow, Warde-Farley, Mirza, Courville and Bengio (2013), "Maxout networks", section 3.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import Maxout
    >>> tuple(Maxout(4, pieces=3)(np.zeros((2, 10, 6), "float32")).shape)
    (2, 10, 4)
    """

    def __init__(
        self,
        units: int,
        pieces: int = 2,
        kernel_initializer: Any = "glorot_uniform",
        kernel_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.units = whole("units", units, 1)
        self.pieces = whole("pieces", pieces, 1)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.kernel_constraint = keras.constraints.get(kernel_constraint)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        shape = (input_shape[-1], self.units * self.pieces)
        self.kernel = self.add_weight(shape, self.kernel_initializer, constraint=self.kernel_constraint, name="kernel")
        self.bias = self.add_weight(shape[1:], "zeros", name="bias")

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_has_steps(self.name, inputs)
        x = zero_hidden(as_floats(inputs, self.compute_dtype), mask)
        return largest_piece(ops.matmul(x, self.kernel) + self.bias, self.pieces)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "pieces": self.pieces,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
            "kernel_constraint": keras.constraints.serialize(self.kernel_constraint),
        }
