"""Mask of the missing values."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="seqconv")
class MissingMasking(keras.layers.Layer):
    """Read NaN as "not observed": hide the steps without any value and set missing values to 0.

    A step is real if any of its channels is observed; a half-observed step keeps what it has.

    Parameters
    ----------
    indicator : bool, default=False
        Append one channel per input channel that says 1 where the value was observed and 0 where it was missing.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

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

    Notes
    -----
    Shape: (batch, steps, channels) to the same, or to (batch, steps, 2 * channels) with `indicator`.
    Mask: made here; a mask that comes in is intersected with it.
    Backend: all.
    """

    def __init__(self, indicator=False, **kwargs):
        super().__init__(**kwargs)
        self.indicator = indicator
        self.supports_masking = True

    def call(self, inputs):
        missing = ops.isnan(inputs)
        values = ops.where(missing, 0, inputs)
        if not self.indicator:
            return values
        observed = ops.cast(ops.logical_not(missing), values.dtype)
        return ops.concatenate([values, observed], axis=-1)

    def compute_mask(self, inputs, previous_mask=None):
        observed = ops.any(ops.logical_not(ops.isnan(inputs)), axis=-1)
        return observed if previous_mask is None else ops.logical_and(observed, previous_mask)

    def compute_output_shape(self, input_shape):
        n_channels = input_shape[-1]
        return (*input_shape[:-1], 2 * n_channels if self.indicator else n_channels)

    def get_config(self):
        return {**super().get_config(), "indicator": self.indicator}
