"""Arithmetic of the pools: real steps, floats, slots and pieces."""

from typing import Any

from keras import backend, ops

from seqconv.masks import checked


def as_floats(x: Any, dtype: str) -> Any:
    """Return `x` in `dtype` if it holds integers or booleans, else unchanged."""
    return x if backend.is_float_dtype(x.dtype) else ops.cast(x, dtype)


def real_or_ones(x: Any, mask: Any) -> Any:
    """Return the mask of `x`, (batch, steps), of ones if none is given."""
    return ops.ones_like(x[:, :, 0], dtype="bool") if mask is None else checked(mask, x)


def at_least_one_step(x: Any, real: Any) -> tuple[Any, Any]:
    """Return `x` and its mask; if `x` has no steps, with one that is not real."""
    if x.shape[1] != 0:
        return x, real
    return ops.pad(x, ((0, 0), (0, 1), (0, 0))), ops.pad(real, ((0, 0), (0, 1)))


def lengths_of(real: Any) -> Any:
    """Return the number of steps up to the last real one, int32 (batch, 1)."""
    after = ops.arange(1, ops.shape(real)[1] + 1, dtype="int32")
    # One more 0, because backends reject a maximum over no steps.
    return ops.max(ops.pad(ops.where(real, after, 0), ((0, 0), (0, 1))), axis=1, keepdims=True)


def slots(counts: Any, n_slots: Any) -> Any:
    """Return the mask (batch, n_slots) of the first `counts` slots."""
    return ops.expand_dims(counts, 1) > ops.expand_dims(ops.arange(n_slots, dtype="int32"), 0)


def flattened(y: Any) -> Any:
    """Reshape (batch, slots, channels) to (batch, slots * channels)."""
    return ops.reshape(y, (-1, y.shape[1] * y.shape[2]))


def largest_piece(z: Any, pieces: int) -> Any:
    """Return the largest of each `pieces` neighbouring channels, of equal ones the first."""
    grouped = ops.reshape(z, (-1, ops.shape(z)[1], z.shape[2] // pieces, pieces))
    first = ops.argmax(grouped, axis=-1, keepdims=True)
    # By its place and not by its value, so that of equal pieces the first alone gets the gradient.
    return ops.squeeze(ops.take_along_axis(grouped, first, axis=-1), -1)
