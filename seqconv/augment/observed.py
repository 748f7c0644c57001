"""Observed values of a batch: lengths, counts and moments over the values that are not NaN."""

from typing import Any

from keras import ops

NAN = float("nan")


def observed(x: Any) -> Any:
    """Return which values are observed, bool of the shape of x."""
    return ops.logical_not(ops.isnan(x))


def holds_nothing(x: Any) -> Any:
    """Return which cases have no observed value, bool (batch, 1, 1)."""
    return ops.all(ops.isnan(x), axis=(1, 2), keepdims=True)


def case_lengths(x: Any) -> Any:
    """Count the steps of each case up to its last observed one, float32 (batch, 1); 0 without any."""
    real = ops.any(observed(x), axis=2)  # (batch, steps)
    return ops.max(ops.where(real, step_numbers(x.shape[1]) + 1, 0), axis=1, keepdims=True)


def step_numbers(n_steps: int) -> Any:
    """Return 0, 1, 2 ... as float32 (1, steps)."""
    return ops.expand_dims(ops.arange(n_steps, dtype="float32"), 0)


def hide(x: Any, where: Any) -> Any:
    """Return x with NaN at the given places; `where` may have size 1 along any axis."""
    # A sum is several times faster than a choice over all of x.
    return x + ops.where(where, NAN, 0)


def with_steps(x: Any, n_steps: int) -> Any:
    """Return x padded by NaN to `n_steps` steps."""
    missing = n_steps - x.shape[1]
    return ops.pad(x, ((0, 0), (0, missing), (0, 0)), constant_values=NAN) if missing > 0 else x


def cut(x: Any, lengths: Any) -> Any:
    """Return x with NaN from step `lengths` (batch, 1) of each case on."""
    return hide(x, ops.expand_dims(step_numbers(x.shape[1]) >= lengths, -1))


def channel_mean(x: Any) -> Any:
    """Return the mean of the observed values of each channel and case, (batch, 1, channels); 0 without any."""
    is_observed = observed(x)
    return ops.sum(ops.where(is_observed, x, 0), axis=1, keepdims=True) / _counts(ops.cast(is_observed, "float32"))


def channel_std(x: Any) -> Any:
    """Return the standard deviation of each channel and case over its observed values, (batch, 1, channels)."""
    is_observed = observed(x)
    # Shifted by the smallest value, a constant channel is exactly 0 at any level. Scaled to 0..1, the squares fit
    # float32 in any unit.
    smallest = ops.min(ops.where(is_observed, x, float("inf")), axis=1, keepdims=True)
    x = ops.where(is_observed, x - smallest, 0)
    largest = ops.max(x, axis=1, keepdims=True)
    x = x / ops.where(largest > 0, largest, 1)
    weights = ops.cast(is_observed, "float32")
    count = _counts(weights)
    centred = (x - ops.sum(x, axis=1, keepdims=True) / count) * weights
    return largest * ops.sqrt(ops.sum(ops.square(centred), axis=1, keepdims=True) / count)


def _counts(weights):
    return ops.maximum(ops.sum(weights, axis=1, keepdims=True), 1)
