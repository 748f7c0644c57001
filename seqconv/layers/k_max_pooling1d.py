"""The k largest values, in order of time."""

from typing import Any

import keras

from seqconv.arguments import flag, whole
from seqconv.layers.k_largest import k_largest
from seqconv.layers.sizes import check_not_empty
from seqconv.layers.slots import as_floats, flattened, real_or_ones, slots
from seqconv.masks import n_real


@keras.saving.register_keras_serializable(package="seqconv")
class KMaxPooling1D(keras.layers.Layer):
    """Pool the k largest real values of every channel, in order of time.

    Parameters
    ----------
    k : int
        Number of values kept, at least 1. A case with fewer real steps keeps all of them; the rest is 0.
    flatten : bool, default=False
        Whether to return one vector for each case, slot after slot.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `k` is not an integer of at least 1.
    TypeError
        If `flatten` is not True or False.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, k, channels), or to (batch, k * channels) with `flatten`.
    Mask: the first min(k, real steps) slots are real; consumed with `flatten`.
    Backend: all. Of equal values the earliest are kept.

    References
    ----------
    Kalchbrenner, Grefenstette and Blunsom (2014), "A convolutional neural network for modelling sentences",
    section 3.2.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import KMaxPooling1D
    >>> x = np.array([[[3.0], [1.0], [2.0], [5.0]]], "float32")
    >>> np.asarray(KMaxPooling1D(3, flatten=True)(x)).tolist()
    [[3.0, 2.0, 5.0]]
    """

    def __init__(self, k: int, flatten: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.k = whole("k", k, 1)
        self.flatten = flag("flatten", flatten)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs: Any, mask: Any = None) -> Any:
        check_not_empty(self.name, inputs)
        y = k_largest(as_floats(inputs, self.compute_dtype), mask, self.k)  # (batch, k, channels)
        return flattened(y) if self.flatten else y

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        n_steps = inputs.shape[1]
        if self.flatten or (mask is None and n_steps is not None and n_steps >= self.k):
            return None
        return slots(n_real(real_or_ones(inputs, mask)), self.k)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        n_cases, _, n_channels = input_shape
        return (n_cases, self.k * n_channels) if self.flatten else (n_cases, self.k, n_channels)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "k": self.k, "flatten": self.flatten}
