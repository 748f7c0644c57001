"""Features of ROCKET's 84 kernels: how much, how long and where their responses exceed thresholds."""

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from seqconv.banks.plain import plain, real_rows
from seqconv.banks.rocket_pools import pools_of_cases
from seqconv.banks.rocket_proportion import proportions
from seqconv.banks.series import Series

KERNELS = list(combinations(range(9), 3))
POOLS = ("proportion", "longest", "mean", "index")
GOLDEN_RATIO = (math.sqrt(5) + 1) / 2
# Part of the largest value that a threshold is raised by: some roundings of a sum of nine values.
HAIR = np.float32(2.0**-18)


def draw_channels(n_kernels: int, n_channels: int, rng: np.random.Generator) -> np.ndarray:
    """Draw which channels each kernel adds up, at most 9 of them.

    Parameters
    ----------
    n_kernels : int
        Kernels of all dilations together.
    n_channels : int
        Channels of a case.
    rng : numpy.random.Generator

    Returns
    -------
    array of float32, shape (n_kernels, n_channels)
        1 where a channel belongs to the kernel, else 0.

    References
    ----------
    Dempster, Schmidt and Webb (2021), "MiniRocket", the published code for multivariate series.

    Examples
    --------
    >>> draw_channels(2, 1, np.random.default_rng(0))
    array([[1.],
           [1.]], dtype=float32)
    """
    if n_channels == 1:
        return np.ones((n_kernels, 1), np.float32)
    n_drawn = (2 ** rng.uniform(0, math.log2(min(n_channels, 9) + 1), n_kernels)).astype(int)
    # Places of the channels in an order of its own for each kernel.
    places = rng.permuted(np.tile(np.arange(n_channels), (n_kernels, 1)), axis=1)
    return (places < n_drawn[:, None]).astype(np.float32)


def fit_thresholds(
    series: Series,
    dilations: Sequence[int],
    counts: Sequence[int],
    channels: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Take thresholds from the responses of each kernel to one random case.

    Parameters
    ----------
    series : Series
        The training part.
    dilations, counts : sequences of int
        Dilations, and thresholds of a kernel at each.
    channels : array of shape (n_dilations * 84, n_channels)
        See `draw_channels`.
    rng : numpy.random.Generator

    Returns
    -------
    array of float32, shape (84 * sum(counts),)
        In order of dilation, kernel, threshold. 0 where the drawn case has no real step.

    Notes
    -----
    The quantiles are of all real steps, for valid kernels too, as in the published code. So a case that is too short
    for any valid step gives thresholds as well.

    Differs: a threshold is a millionth of the largest value higher, so that equal responses never exceed it by rounding.

    References
    ----------
    Dempster, Schmidt and Webb (2021), "MiniRocket", section 3.1.2.

    Examples
    --------
    >>> series = Series.read(np.random.default_rng(0).normal(size=(5, 20, 1)))
    >>> fit_thresholds(series, [1, 2], [2, 1], np.ones((168, 1)), np.random.default_rng(0)).shape
    (252,)
    """
    quantiles = (np.arange(1, len(KERNELS) * sum(counts) + 1) * GOLDEN_RATIO) % 1
    found = []
    start = 0
    for number, (dilation, n_thresholds) in enumerate(zip(dilations, counts, strict=True)):
        picks = rng.integers(0, len(series), len(KERNELS))
        rows = channels[number * len(KERNELS) :][: len(KERNELS)].astype(np.float32)
        wanted = quantiles[start : start + len(KERNELS) * n_thresholds].reshape(len(KERNELS), n_thresholds)
        found.append(_quantiles(series, picks, rows, dilation, wanted))
        start += wanted.size
    return np.concatenate(found, axis=None)


def _quantiles(series, picks, channels, dilation, wanted):
    """Return quantiles of the responses of the 84 kernels, each to its own case."""
    n_steps = series.values.shape[2]
    padded = np.zeros((len(KERNELS), n_steps + 8 * dilation), np.float32)
    summed = padded[:, 4 * dilation : 4 * dilation + n_steps]  # (84, steps)
    for channel in range(channels.shape[1]):
        summed += channels[:, channel, None] * series.values[picks, channel]
    taps = [padded[:, i * dilation : i * dilation + n_steps] for i in range(9)]
    # In the order of the compiled form, so that both give the same bits.
    total = -(taps[4] + taps[0] + taps[1] + taps[2] + taps[3] + taps[5] + taps[6] + taps[7] + taps[8])
    three = np.float32(3)
    response = np.stack(
        [total[k] + three * taps[a][k] + three * taps[b][k] + three * taps[c][k] for k, (a, b, c) in enumerate(KERNELS)]
    )
    real = real_rows(series)[picks]
    response = np.sort(np.where(real, response, np.float32(np.inf)), axis=1)
    response[~real.any(axis=1)] = 0
    last = np.maximum(real.sum(axis=1) - 1, 0)[:, None]  # (84, 1)
    position = wanted * last
    below = position.astype(int)
    above = np.minimum(below + 1, last)
    if n_steps == 0:
        return np.zeros(wanted.shape, np.float32)
    low, high = (np.take_along_axis(response, places, axis=1) for places in (below, above))
    hair = HAIR * np.abs(summed).max(axis=1, keepdims=True)
    found = low + (position - below) * (high - low) + hair
    return np.where(real.any(axis=1, keepdims=True), found, 0).astype(np.float32)


def rocket_features(
    series: Series,
    dilations: Sequence[int],
    counts: Sequence[int],
    channels: np.ndarray,
    thresholds: np.ndarray,
    pools: Sequence[str] = ("proportion",),
    compat: str = "corrected",
    is_difference: bool = False,
) -> np.ndarray:
    """Compute the pools of all cases.

    Parameters
    ----------
    series : Series
    dilations, counts : sequences of int
        Dilations, and thresholds of a kernel at each.
    channels : array of shape (n_dilations * 84, n_channels)
        What each channel is multiplied by before a kernel adds them up; see `draw_channels`. Ignored for cases of one
        channel.
    thresholds : array of shape (84 * sum(counts),)
        See `fit_thresholds`.
    pools : sequence of str, default=("proportion",)
        Of the steps that count, those above the threshold: their "proportion", the "longest" run of them, the "mean"
        of what they exceed it by, and their mean "index".
    compat : {"corrected", "reference"}, default="corrected"
        Whether to compute what is said here, or what the published code of MultiRocket computes.
    is_difference : bool, default=False
        Whether the series are first differences. The published code treats these differently.

    Returns
    -------
    array of float32, shape (n_cases, len(pools) * n_thresholds)
        In order of pool, dilation, kernel, threshold.

    Notes
    -----
    Mask: for dilation number i and kernel k, all real steps count if i + k is even. Else a step counts if all nine taps
    are on real steps of the case. Without a counting step, "index" is -1 and the others are 0.

    Differs: `compat="reference"` gives mean response + threshold, and lets a run end only below the threshold. A hidden
    step neither ends such a run nor begins one. On differences it takes the four left taps one step later.

    References
    ----------
    Tan, Dempster, Bergmeir and Webb (2022), "MultiRocket", section 3.

    Examples
    --------
    >>> series = Series.read(np.random.default_rng(0).normal(size=(5, 20, 1)))
    >>> thresholds = np.zeros(84, np.float32)
    >>> rocket_features(series, [1], [1], np.ones((84, 1)), thresholds, pools=("proportion", "longest")).shape
    (5, 168)
    """
    earlier = int(is_difference and compat == "reference")
    dilations, counts = plain(dilations, np.int64), plain(counts, np.int64)
    thresholds = plain(thresholds, np.float32)
    channels = plain(np.ones_like(channels) if series.values.shape[1] == 1 else channels, np.float32)
    real = plain(np.zeros((0, 0)) if series.real is None else series.real, np.bool_)
    arrays = (plain(series.values, np.float32), plain(series.lengths, np.int64), real)
    out = np.empty((len(series), len(pools) * len(thresholds)), np.float32)
    if tuple(pools) == ("proportion",):
        weights = None if series.values.shape[1] == 1 else channels
        proportions(*arrays, dilations, counts, weights, thresholds, earlier, out)
        return out
    slots = np.array([list(pools).index(pool) if pool in pools else -1 for pool in POOLS])
    # None compiles to code without the reference's steps.
    reference = True if compat == "reference" else None
    settings = (dilations, counts, channels, thresholds, earlier, reference, slots)
    order = np.argsort(arrays[1], kind="stable")
    pools_of_cases(*arrays, order, *settings, out.reshape(len(series), len(pools), -1))
    return out
