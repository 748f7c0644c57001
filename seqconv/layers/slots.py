"""Slots of pools that keep several values."""

from keras import ops


def real_or_ones(x, mask):
    return ops.ones_like(x[:, :, 0], dtype="bool") if mask is None else mask


def slots(counts, n_slots):
    """Mask `(batch, n_slots)` of the first `counts` slots."""
    return ops.expand_dims(counts, 1) > ops.expand_dims(ops.arange(n_slots, dtype="int32"), 0)


def flattened(y):
    """`(batch, slots, channels)` to `(batch, slots * channels)`."""
    return ops.reshape(y, (-1, y.shape[1] * y.shape[2]))
