"""Masks of real steps: hiding, convolutions, pools, and reductions over the real steps.

A mask is a boolean tensor (batch, steps), True where a step is real. Numbers are accepted: 0 is False. None means that
every step is real, and costs nothing.
"""

from collections.abc import Sequence
from typing import Any

from keras import backend, ops

from seqconv.geometry import padding_widths


def checked(mask: Any, x: Any) -> Any:
    """Return a mask as booleans, after a check that its shape is that of `x` without the last axis.

    Raises
    ------
    ValueError
        If the shape is another one.
    """
    shape, expected = tuple(mask.shape), tuple(x.shape[:-1])
    is_other = [None not in pair and pair[0] != pair[1] for pair in zip(shape, expected, strict=False)]
    if len(shape) != len(expected) or any(is_other):
        raise ValueError(f"mask must have the shape {expected} of the steps of its input, got {shape}.")
    return as_booleans(mask)


def as_booleans(mask: Any) -> Any:
    """Return a mask as booleans; the mask itself, uncopied, if it is boolean."""
    # A cast of what is boolean already would add an operation to the graph of a model.
    return mask if backend.standardize_dtype(mask.dtype) == "bool" else ops.cast(mask, "bool")


def zero_hidden(x: Any, mask: Any) -> Any:
    """Set every step that is not real to 0, even where it holds NaN or infinity.

    Parameters
    ----------
    x : tensor (batch, steps, channels)
    mask : tensor (batch, steps) or None

    Returns
    -------
    tensor (batch, steps, channels)
        The gradient of a hidden step is 0.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.masks import zero_hidden
    >>> np.asarray(zero_hidden(np.array([[[1.0], [np.nan]]]), np.array([[True, False]]))).ravel().tolist()
    [1.0, 0.0]
    """
    # What one layer has zeroed is often the input of the next one.
    if mask is None or getattr(x, "_zeroed_by", None) is mask:
        return x
    zeroed = ops.where(ops.expand_dims(checked(mask, x), -1), x, 0)
    if backend.backend() != "jax":  # its tensors take no attributes
        zeroed._zeroed_by = mask
    return zeroed


def n_real(mask: Any) -> Any:
    """Count the real steps of every case, int32 (batch,)."""
    return ops.sum(ops.cast(as_booleans(mask), "int32"), axis=1)


def through_convolution(
    mask: Any, kernel_size: int, strides: int = 1, dilation_rate: int = 1, padding: str = "valid"
) -> Any:
    """Return which output steps of a convolution are real.

    Under "same" and "causal" an output step is real if the input step at its position is. Under "valid" all steps of
    its window must be real, under "full" at least one. So a case has as many real output steps in a padded batch as
    alone.

    Parameters
    ----------
    mask : tensor (batch, steps) or None
    kernel_size, strides, dilation_rate : int
    padding : {"valid", "same", "causal", "full"}, default="valid"

    Returns
    -------
    bool tensor (batch, output steps) or None

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.masks import through_convolution
    >>> mask = np.array([[True, True, True, True, False, False]])
    >>> np.asarray(through_convolution(mask, 3, padding="valid")).astype(int).tolist()
    [[1, 1, 0, 0]]
    """
    if mask is None:
        return None
    mask = as_booleans(mask)
    if padding in ("same", "causal") or kernel_size == 1:
        return mask if strides == 1 else mask[:, ::strides]
    counts = ops.cast(ops.expand_dims(mask, -1), "float32")  # (batch, steps, 1)
    if padding == "full":
        counts = ops.pad(counts, ((0, 0), padding_widths(kernel_size, dilation_rate, padding), (0, 0)))
    # Of the mask, because a constant made while a model is drawn would be an input of its exported graph.
    ones = ops.repeat(ops.reshape(ops.sum(counts) * 0 + 1, (1, 1, 1)), kernel_size, axis=0)
    counts = ops.conv(counts, ones, strides, "valid", "channels_last", dilation_rate)
    return ops.squeeze(counts, -1) > (0.5 if padding == "full" else kernel_size - 0.5)  # (batch, output steps)


def through_pool(mask: Any, pool_size: int, strides: int | None = None, padding: str = "valid") -> Any:
    """Return which output steps of a local pool are real.

    Under "valid" an output step is real if all steps of its window are. Under "same" every output step stands for the
    `strides` input steps from its own position on. It is real if any of these in its window is. So a window that only
    looks back on the end of a case counts neither in a padded batch nor alone.

    Parameters
    ----------
    mask : tensor (batch, steps) or None
    pool_size : int
    strides : int, optional
        None means `pool_size`.
    padding : {"valid", "same"}, default="valid"

    Returns
    -------
    bool tensor (batch, output steps) or None

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.masks import through_pool
    >>> mask = np.array([[True, True, True, False, False, False]])
    >>> np.asarray(through_pool(mask, 2, padding="same")).astype(int).tolist()
    [[1, 1, 0]]
    """
    strides = pool_size if strides is None else strides
    if padding == "valid":
        return through_convolution(mask, pool_size, strides, padding="valid")
    _, right = padding_widths(pool_size, padding="same")
    window = min(strides, right + 1)
    if mask is None or window == 1:
        return through_convolution(mask, 1, strides)
    real = ops.cast(ops.expand_dims(as_booleans(mask), -1), "float32")  # (batch, steps, 1)
    real = ops.pad(real, ((0, 0), (0, window - 1), (0, 0)))
    real = ops.max_pool(real, window, strides=strides, padding="valid", data_format="channels_last")
    return ops.squeeze(real, -1) > 0.5  # (batch, output steps)


def masked_max(x: Any, mask: Any) -> Any:
    """Take the largest real value over the steps; 0 for a case without a real step.

    Parameters
    ----------
    x : tensor (batch, steps, channels)
    mask : tensor (batch, steps) or None

    Returns
    -------
    tensor (batch, channels)

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.masks import masked_max
    >>> np.asarray(masked_max(np.array([[[-1.0], [-2.0], [9.0]]]), np.array([[True, True, False]]))).tolist()
    [[-1.0]]
    """
    if x.shape[1] == 0:
        return ops.sum(x, axis=1)  # zeros: backends disagree on the maximum of nothing
    if mask is None:
        return ops.max(x, axis=1)
    mask = checked(mask, x)
    largest = ops.max(ops.where(ops.expand_dims(mask, -1), x, -float("inf")), axis=1)
    return ops.where(ops.any(mask, axis=1, keepdims=True), largest, 0)


def masked_mean(x: Any, mask: Any) -> Any:
    """Take the mean of the real values over the steps; 0 for a case without a real step.

    Parameters
    ----------
    x : tensor (batch, steps, channels)
    mask : tensor (batch, steps) or None

    Returns
    -------
    tensor (batch, channels)
        Summed in float32 at least.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.masks import masked_mean
    >>> np.asarray(masked_mean(np.array([[[1.0], [3.0], [9.0]]]), np.array([[True, True, False]]))).tolist()
    [[2.0]]
    """
    if x.shape[1] == 0:
        return ops.sum(x, axis=1)  # zeros, not the NaN of a mean of nothing
    if mask is None:
        return ops.mean(x, axis=1)
    wide = backend.result_type(x.dtype, "float32")
    total = ops.sum(ops.cast(zero_hidden(x, mask), wide), axis=1)
    count = ops.cast(ops.maximum(n_real(mask), 1), wide)
    return ops.cast(total / ops.expand_dims(count, -1), x.dtype)


def masked_softmax(scores: Any, mask: Any) -> Any:
    """Compute weights over the real steps that sum to 1; all 0 for a case without a real step.

    Scores and weights are tensors (batch, steps, heads). Weights are in float32 at least: in half precision those of
    many steps would be 0.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.masks import masked_softmax
    >>> np.asarray(masked_softmax(np.zeros((1, 3, 1)), np.array([[True, True, False]]))).ravel().tolist()
    [0.5, 0.5, 0.0]
    """
    scores = ops.cast(scores, backend.result_type(scores.dtype, "float32"))
    if mask is None:
        return ops.softmax(scores, axis=1)
    largest = ops.expand_dims(ops.stop_gradient(masked_max(scores, mask)), 1)  # (batch, 1, heads)
    weights = zero_hidden(ops.exp(zero_hidden(scores - largest, mask)), mask)
    # The largest score of a case has weight 1, so the bound of 1 matters only if no step is real.
    return weights / ops.maximum(ops.sum(weights, axis=1, keepdims=True), 1)


def intersection(masks: Sequence[Any]) -> Any:
    """Return which steps are real in all of several sequences of one length.

    Each mask is a tensor (batch, steps) or None. The result is None if no mask is given, and the mask itself,
    uncopied, if all masks given are the same object.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.masks import intersection
    >>> np.asarray(intersection([np.array([[True, True]]), None, np.array([[True, False]])])).tolist()
    [[True, False]]
    """
    distinct = list({id(mask): mask for mask in masks if mask is not None}.values())
    if not distinct:
        return None
    common = as_booleans(distinct[0])
    for mask in distinct[1:]:
        common = ops.logical_and(common, mask)
    return common
