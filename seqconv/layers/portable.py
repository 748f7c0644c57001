"""Forms of layers for other runtimes, made of operations that ONNX and LiteRT have."""

import contextlib
import contextvars
import math
from collections.abc import Iterator
from typing import Any

import keras
from keras import ops

_is_portable = contextvars.ContextVar("is_portable", default=False)
# Finite, because converted graphs multiply where this selects.
LOW = -3e38
# Steps that hold nothing come after all others.
_LAST = 1e7


@contextlib.contextmanager
def portable_operations() -> Iterator[None]:
    """Let layers that are called within the block use the operations that other runtimes have."""
    token = _is_portable.set(True)
    try:
        yield
    finally:
        _is_portable.reset(token)


def is_portable() -> bool:
    """Return whether layers are to use the operations that other runtimes have."""
    return _is_portable.get()


def lowest() -> float:
    """Return the value of a step that does not count in a maximum."""
    return LOW if is_portable() else -float("inf")


def k_largest_on_floats(x: Any, real: Any, k: int) -> Any:
    """Compute `k_largest` of finite values by two `top_k`, without the bits of numbers.

    Parameters
    ----------
    x : float tensor (batch, steps, channels)
        Finite where real, above -3e38.
    real : bool tensor (batch, steps)
    k : int

    Returns
    -------
    tensor (batch, k, channels)

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers.portable import k_largest_on_floats
    >>> x = np.array([[[3.0], [9.0], [1.0], [7.0]]], "float32")
    >>> np.asarray(k_largest_on_floats(x, np.array([[True, True, False, True]]), 2)).ravel().tolist()
    [9.0, 7.0]
    """
    low = ops.where(ops.expand_dims(real, -1), x, LOW)
    low = ops.transpose(ops.pad(low, ((0, 0), (0, k), (0, 0)), constant_values=LOW), (0, 2, 1))
    values, steps = ops.top_k(low, k)  # (batch, channels, k), the largest first
    places = ops.where(values > LOW, ops.cast(steps, "float32"), ops.cast(steps, "float32") + _LAST)
    _, order = ops.top_k(-places, k)  # by time
    kept = ops.take_along_axis(low, ops.take_along_axis(ops.cast(steps, "int32"), order, axis=-1), axis=-1)
    return ops.transpose(ops.where(kept > LOW, kept, 0), (0, 2, 1))


@keras.saving.register_keras_serializable(package="seqconv")
def gelu(x: Any) -> Any:
    """Compute the Gaussian error linear unit by the error function, which ONNX has."""
    return 0.5 * x * (1 + ops.erf(x / math.sqrt(2)))
