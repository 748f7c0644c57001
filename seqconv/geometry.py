"""Integer arithmetic of convolutions: output length, padding, receptive field, and steps seen."""

import math
from collections.abc import Iterable, Sequence

PADDINGS = ("valid", "same", "causal", "full")


def padding_widths(kernel_size: int, dilation_rate: int = 1, padding: str = "same") -> tuple[int, int]:
    """Return how many zeros a convolution adds before and after a sequence.

    The widths depend on the kernel alone, never on the length of the sequence or of its batch.

    Parameters
    ----------
    kernel_size : int
        Number of taps, at least 1.
    dilation_rate : int, default=1
        Distance between two taps in steps, at least 1.
    padding : {"valid", "same", "causal", "full"}, default="same"
        "full" is the wide convolution: every step meets every tap.

    Returns
    -------
    tuple of int
        Zeros on the left, zeros on the right.

    Raises
    ------
    ValueError
        If `padding` is not one of the four.

    Examples
    --------
    >>> from seqconv.geometry import padding_widths
    >>> padding_widths(4, padding="same")
    (1, 2)
    >>> padding_widths(3, dilation_rate=2, padding="causal")
    (4, 0)
    """
    reach = (kernel_size - 1) * dilation_rate
    if padding == "valid":
        return 0, 0
    if padding == "same":
        return reach // 2, reach - reach // 2
    if padding == "causal":
        return reach, 0
    if padding == "full":
        return reach, reach
    raise ValueError(f"padding must be one of {', '.join(PADDINGS)}, got {padding!r}.")


def output_length(
    n_steps: int | None, kernel_size: int, strides: int = 1, dilation_rate: int = 1, padding: str = "same"
) -> int | None:
    """Return the number of output steps of a convolution or a local pool.

    Parameters
    ----------
    n_steps : int or None
        Length of the input; None if it is not known yet.
    kernel_size, strides, dilation_rate : int
        As of the layer, each at least 1.
    padding : {"valid", "same", "causal", "full"}, default="same"
        As of the layer.

    Returns
    -------
    int or None
        0 if no window fits; None if `n_steps` is None.

    Raises
    ------
    ValueError
        If `padding` is not one of the four.

    Examples
    --------
    >>> from seqconv.geometry import output_length
    >>> output_length(10, kernel_size=3, strides=2, padding="same")
    5
    >>> output_length(10, kernel_size=3, dilation_rate=2, padding="valid")
    6
    >>> output_length(10, kernel_size=3, padding="full")
    12
    """
    if n_steps is None:
        return None
    left, right = padding_widths(kernel_size, dilation_rate, padding)
    reach = (kernel_size - 1) * dilation_rate
    return max(0, (n_steps + left + right - reach - 1) // strides + 1)


def receptive_field(layers: Iterable[tuple[int, int, int]]) -> int:
    """Return the number of input steps that one feature step sees through a stack of layers.

    Parameters
    ----------
    layers : iterable of tuple of int
        (kernel_size, strides, dilation_rate) of every convolution and local pool, from the input upwards.

    Returns
    -------
    int
        Width in input steps, from the first seen to the last.

    Examples
    --------
    >>> from seqconv.geometry import receptive_field
    >>> receptive_field([(8, 1, 1), (5, 1, 1), (3, 1, 1)])
    14
    >>> receptive_field([(3, 2, 1), (3, 1, 1)])
    7
    """
    width, stride = 1, 1
    for kernel_size, strides, dilation_rate in layers:
        width += (kernel_size - 1) * dilation_rate * stride
        stride *= strides
    return width


def steps_seen(
    step: int, layers: Sequence[tuple[int, int, int]], n_steps: int | None = None, padding: str = "same"
) -> range:
    """Return the input steps that one feature step sees through a stack of layers.

    Parameters
    ----------
    step : int
        Position of the feature step, from 0.
    layers : sequence of tuple of int
        (kernel_size, strides, dilation_rate) of every convolution and local pool, from the input upwards.
    n_steps : int, optional
        Length of the input. Without it the range is not clipped and may begin below 0, in the padding.
    padding : {"valid", "same", "causal", "full"}, default="same"
        Padding of all these layers.

    Returns
    -------
    range
        From the first input step seen to the last.

    Examples
    --------
    >>> from seqconv.geometry import steps_seen
    >>> steps_seen(0, [(3, 2, 1), (3, 1, 1)])
    range(-3, 4)
    >>> steps_seen(0, [(3, 2, 1), (3, 1, 1)], n_steps=10)
    range(0, 4)
    """
    first = last = step
    for kernel_size, strides, dilation_rate in reversed(layers):
        left, _ = padding_widths(kernel_size, dilation_rate, padding)
        first = first * strides - left
        last = last * strides - left + (kernel_size - 1) * dilation_rate
    if n_steps is None:
        return range(first, last + 1)
    return range(max(first, 0), max(min(last + 1, n_steps), 0))


def rocket_dilations(n_steps: int, n_features: int, most: int = 32) -> tuple[list[int], list[int]]:
    """Return the dilations of MiniRocket's 84 kernels, and how many thresholds each kernel has at each dilation.

    Parameters
    ----------
    n_steps : int
        Length of a case, in steps.
    n_features : int
        Wanted number of features; the thresholds give the multiple of 84 below it.
    most : int, default=32
        Largest number of dilations.

    Returns
    -------
    dilations : list of int
        Ascending. The widest kernel of 9 taps spans at most `n_steps`, where that is at least 9.
    counts : list of int
        Thresholds of a kernel, one entry a dilation.

    References
    ----------
    Dempster, Schmidt and Webb (2021), "MiniRocket", section 3.

    Examples
    --------
    >>> from seqconv.geometry import rocket_dilations
    >>> rocket_dilations(24, 10_000)
    ([1, 2], [79, 40])
    """
    per_kernel = max(1, n_features // 84)
    n_points = min(per_kernel, most)
    largest = math.log2(max(n_steps - 1, 8) / 8)
    # A hair more, so that rounding does not turn 3.0 into 2.
    points = [int(2.0 ** (largest * i / max(1, n_points - 1)) + 1e-9) for i in range(n_points)]
    dilations = sorted(set(points))
    counts = [int(points.count(dilation) * (per_kernel / n_points)) for dilation in dilations]
    for i in range(per_kernel - sum(counts)):
        counts[i % len(counts)] += 1
    return dilations, counts


def hydra_dilations(n_steps: int) -> list[int]:
    """Return the dilations of Hydra's kernels of 9 taps: the powers of two that fit a case of `n_steps` steps.

    References
    ----------
    Dempster, Schmidt and Webb (2023), "Hydra", section 3.

    Examples
    --------
    >>> from seqconv.geometry import hydra_dilations
    >>> hydra_dilations(150)
    [1, 2, 4, 8, 16]
    """
    return [2**i for i in range(int(math.log2(max(n_steps - 1, 8) / 8)) + 1)]
