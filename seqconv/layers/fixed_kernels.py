"""Responses of fixed kernels of nine taps."""

from typing import Any

from keras import ops

from seqconv.masks import checked, zero_hidden

N_TAPS, CENTRE = 9, 4


def prepared(inputs: Any, mask: Any, difference: bool) -> tuple[Any, Any]:
    """Return the series (batch, steps, channels) in float32, 0 at hidden steps, and its mask or None.

    With `difference` it is the first difference, one step shorter. Its steps are real if both their ends are.
    """
    x = zero_hidden(ops.cast(inputs, "float32"), mask)
    real = None if mask is None else checked(mask, x)
    if not difference:
        return x, real
    x = x[:, 1:] - x[:, :-1]
    if real is not None:
        real = ops.logical_and(real[:, 1:], real[:, :-1])
    return zero_hidden(x, real), real


def halves(x: Any) -> tuple[Any, Any]:
    """Split numbers into their first 11 significant bits and the 13 others.

    Accelerators round the factors of a product to 11 bits by default.
    """
    scaled = x * 8193.0  # 2^13 + 1
    high = scaled - (scaled - x)
    return high, x - high


def margins_added(x: Any, dilations: list[int]) -> Any:
    """Pad (batch, steps, channels) with the zeros that the widest kernel needs on both sides."""
    reach = CENTRE * max(dilations)
    return ops.pad(x, ((0, 0), (reach, reach), (0, 0)))


def shifted(x: Any, dilation: int, dilations: list[int], early: bool = False) -> list:
    """Return what each of the nine taps reads at every step, tensors (batch, steps, channels).

    Slices, because a dilated convolution is twenty operations on TensorFlow, and takes as long.

    Parameters
    ----------
    x : tensor (batch, padded steps, channels)
        What `margins_added` returns.
    dilation : int
    dilations : list of int
        As given to `margins_added`.
    early : bool, default=False
        Whether the four left taps read the step after theirs.
    """
    reach = CENTRE * max(dilations)
    shifts = [(tap - CENTRE) * dilation + (early and tap < CENTRE) for tap in range(N_TAPS)]
    return [x[:, reach + shift : shift - reach or None] for shift in shifts]


def responses(taps: list, kernels: Any) -> Any:
    """Return the responses of kernels that sum to 0.

    Parameters
    ----------
    taps : list of tensors (batch, steps, channels)
        What `shifted` returns.
    kernels : tensor (1, n * 8 * channels, filters)
        The weights of all taps but the centre, n = 2 times: for both halves of the series. Or the `halves` of the
        weights, each twice: n = 4.

    Returns
    -------
    tensor (batch, steps, filters)
    """
    centre, others = taps[CENTRE], [*taps[:CENTRE], *taps[CENTRE + 1 :]]
    # Distances to the centre do not change the response. Where a series does not vary, it is then 0 and no rounding.
    distances = ops.concatenate(others, axis=-1) - ops.tile(centre, (1, 1, len(others)))
    parts = halves(distances) * (kernels.shape[1] // (2 * distances.shape[-1]))
    return ops.matmul(ops.concatenate(parts, axis=-1), kernels)
