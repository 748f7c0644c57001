"""What the global pools share."""

import keras
from keras import ops


class GlobalPooling(keras.layers.Layer):
    """What the pools share that give one vector a case: the mask is spent."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[2])


def real_or_ones(x, mask):
    return ops.ones_like(x[:, :, 0], dtype="bool") if mask is None else mask


def slots(counts, n_slots):
    """Mask `(batch, n_slots)` of the first `counts` slots."""
    return ops.expand_dims(counts, 1) > ops.expand_dims(ops.arange(n_slots, dtype="int32"), 0)


def flattened(y):
    """`(batch, slots, channels)` to `(batch, slots * channels)`."""
    return ops.reshape(y, (-1, y.shape[1] * y.shape[2]))
