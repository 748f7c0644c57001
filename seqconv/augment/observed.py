"""Observed values of a batch: lengths, counts and moments."""

from keras import ops

NAN = float("nan")


def observed(x):
    """Which values are there, bool of the shape of x."""
    return ops.logical_not(ops.isnan(x))


def holds_nothing(x):
    """Which cases have no observed value, bool (batch, 1, 1)."""
    return ops.all(ops.isnan(x), axis=(1, 2), keepdims=True)


def case_lengths(x):
    """Steps of each case up to its last observed one, float32 (batch, 1); 0 where there is none."""
    real = ops.any(observed(x), axis=2)  # (batch, steps)
    return ops.max(ops.where(real, step_numbers(x.shape[1]) + 1, 0), axis=1, keepdims=True)


def step_numbers(n_steps):
    """0, 1, 2 ... as float32 (1, steps)."""
    return ops.expand_dims(ops.arange(n_steps, dtype="float32"), 0)


def hide(x, where):
    """x with NaN where told; `where` may have size 1 along any axis."""
    return x + ops.where(where, NAN, 0)  # a sum is several times faster than a choice over all of x


def with_steps(x, n_steps):
    """x with NaN behind it up to `n_steps` steps."""
    missing = n_steps - x.shape[1]
    return ops.pad(x, ((0, 0), (0, missing), (0, 0)), constant_values=NAN) if missing > 0 else x


def cut(x, lengths):
    """x with NaN from step `lengths` (batch, 1) of each case on."""
    return hide(x, ops.expand_dims(step_numbers(x.shape[1]) >= lengths, -1))


def channel_mean(x):
    """Mean of the observed values of each channel and case, (batch, 1, channels); 0 where there is none."""
    there = observed(x)
    return ops.sum(ops.where(there, x, 0), axis=1, keepdims=True) / _counts(ops.cast(there, "float32"))


def channel_std(x):
    """Standard deviation of the observed values of each channel and case, (batch, 1, channels); 0 where none varies."""
    there = observed(x)
    # From the smallest value on a constant channel is exactly 0, however large its level; and of numbers from 0 to 1
    # the squares fit float32, however large or small the unit.
    smallest = ops.min(ops.where(there, x, float("inf")), axis=1, keepdims=True)
    x = ops.where(there, x - smallest, 0)
    largest = ops.max(x, axis=1, keepdims=True)
    x = x / ops.where(largest > 0, largest, 1)
    there = ops.cast(there, "float32")
    count = _counts(there)
    centred = (x - ops.sum(x, axis=1, keepdims=True) / count) * there
    return largest * ops.sqrt(ops.sum(ops.square(centred), axis=1, keepdims=True) / count)


def _counts(there):
    return ops.maximum(ops.sum(there, axis=1, keepdims=True), 1)
