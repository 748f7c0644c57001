"""Mask of the missing values."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import flag
from seqconv.layers.slots import as_floats
from seqconv.masks import checked


@keras.saving.register_keras_serializable(package="seqconv")
class MissingMasking(keras.layers.Layer):
    """Hide the steps without any observed value, and set missing values (NaN) to 0.

    A step is real if at least one of its channels is observed.

    Parameters
    ----------
    indicator : bool, default=False
        Whether to append one channel for each input channel: 1 for observed values, 0 for missing ones.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    TypeError
        If `indicator` is not True or False.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to the same, or to (batch, steps, 2 * channels) with `indicator`.
    Mask: made here; intersected with the mask of the input, if any.
    Backend: all.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import MissingMasking
    >>> x = np.array([[[1.0, np.nan], [np.nan, np.nan]]], "float32")
    >>> np.asarray(MissingMasking()(x)).tolist()
    [[[1.0, 0.0], [0.0, 0.0]]]
    >>> np.asarray(MissingMasking().compute_mask(x)).tolist()
    [[True, False]]
    >>> np.asarray(MissingMasking(indicator=True)(x)).tolist()
    [[[1.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]]]
    """

    def __init__(self, indicator: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.indicator = flag("indicator", indicator)
        self.input_spec = keras.layers.InputSpec(ndim=3)
        self.supports_masking = True

    def call(self, inputs: Any) -> Any:
        inputs = as_floats(inputs, self.compute_dtype)
        missing = ops.isnan(inputs)
        values = ops.where(missing, 0, inputs)
        if not self.indicator:
            return values
        observed = ops.cast(ops.logical_not(missing), values.dtype)
        return ops.concatenate([values, observed], axis=-1)  # (batch, steps, 2 * channels)

    def compute_mask(self, inputs: Any, previous_mask: Any = None) -> Any:
        observed = ops.any(ops.logical_not(ops.isnan(inputs)), axis=-1)  # (batch, steps)
        return observed if previous_mask is None else ops.logical_and(observed, checked(previous_mask, inputs))

    def compute_output_shape(self, input_shape: Any) -> tuple:
        n_channels = input_shape[-1]
        return (*input_shape[:-1], 2 * n_channels if self.indicator else n_channels)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "indicator": self.indicator}
