"""Sum of neighbouring rows of a feature map."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.layers.sizes import check_has_steps
from seqconv.layers.slots import as_floats
from seqconv.masks import zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class Folding1D(keras.layers.Layer):
    """Add rows 2i and 2i + 1 of a feature map, which halves the channels.

    Parameters
    ----------
    rows : int
        Number of rows, even. The channels are row after row, as a convolution with ``groups=rows`` makes them.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `rows` is not an even number of at least 2, or does not divide the channels.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, steps, channels / 2).
    Mask: passed on unchanged.
    Backend: all.

    References
    ----------
    Kalchbrenner, Grefenstette and Blunsom (2014), "A convolutional neural network for modelling sentences",
    section 3.5.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import Folding1D
    >>> np.asarray(Folding1D(2)(np.array([[[1.0, 2.0, 10.0, 20.0]]], "float32"))).tolist()
    [[[11.0, 22.0]]]
    """

    def __init__(self, rows: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = whole("rows", rows, 2)
        if self.rows % 2:
            raise ValueError(f"rows must be even, got {rows}; rows are added in pairs.")
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        if input_shape[-1] % self.rows:
            raise ValueError(f"rows must divide the channels, got {self.rows} rows and {input_shape[-1]} channels.")

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_has_steps(self.name, inputs)
        x = zero_hidden(as_floats(inputs, self.compute_dtype), mask)
        maps = x.shape[-1] // self.rows
        pairs = ops.reshape(x, (-1, ops.shape(x)[1], self.rows // 2, 2, maps))
        return ops.reshape(ops.sum(pairs, axis=3), (-1, ops.shape(x)[1], x.shape[-1] // 2))

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return (*input_shape[:-1], input_shape[-1] // 2)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "rows": self.rows}
