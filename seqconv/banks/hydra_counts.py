"""Counts of the kernels that answer most and least at each step: one case at a time, many steps side by side."""

import numpy as np

from seqconv.banks.compiled import compiled

# Rows of steps are filled up to a multiple of this, so that no step is left over for a slow loop.
WIDTH = 16
ZERO, ONE = np.float32(0), np.float32(1)
# Sums of a product may be fused and taken in any order; NaN and infinity cannot occur.
QUICK = {"reassoc", "nsz", "contract", "arcp", "nnan", "ninf"}


@compiled(fastmath=QUICK)
def _row(kernels, k):
    """Return the weights of a kernel but that of its centre."""
    w = kernels[k]
    return w[0], w[1], w[2], w[3], w[5], w[6], w[7], w[8]


@compiled(fastmath=QUICK)
def _response(w, x):
    """Return the response to distances from the centre: the weights of a kernel sum to 0."""
    left = w[0] * x[0] + w[1] * x[1] + w[2] * x[2] + w[3] * x[3]
    return left + w[4] * x[4] + w[5] * x[5] + w[6] * x[6] + w[7] * x[7]


@compiled(fastmath=QUICK)
def _greatest(c):
    return max(max(max(c[0], c[1]), max(c[2], c[3])), max(max(c[4], c[5]), max(c[6], c[7])))


@compiled(fastmath=QUICK)
def _smallest(c):
    return min(min(min(c[0], c[1]), min(c[2], c[3])), min(min(c[4], c[5]), min(c[6], c[7])))


@compiled(fastmath=QUICK)
def _first_add(sums, c, wanted, added):
    """Return the eight sums, with `added` on the first response that is the wanted one."""
    e0, e1, e2, e3 = c[0] == wanted, c[1] == wanted, c[2] == wanted, c[3] == wanted
    e4, e5, e6, e7 = c[4] == wanted, c[5] == wanted, c[6] == wanted, c[7] == wanted
    t1 = e0 | e1
    t2 = t1 | e2
    t3 = t2 | e3
    t4 = t3 | e4
    t5 = t4 | e5
    t6 = t5 | e6
    return (
        sums[0] + (added if e0 else ZERO),
        sums[1] + (added if e1 & (not e0) else ZERO),
        sums[2] + (added if e2 & (not t1) else ZERO),
        sums[3] + (added if e3 & (not t2) else ZERO),
        sums[4] + (added if e4 & (not t3) else ZERO),
        sums[5] + (added if e5 & (not t4) else ZERO),
        sums[6] + (added if e6 & (not t5) else ZERO),
        sums[7] + (added if e7 & (not t6) else ZERO),
    )


@compiled(fastmath=QUICK)
def _group(padded, weight, width, dilation, kernels, most, least):
    """Write the counts of one group of 8 kernels; `weight` is 1 at real steps and else 0."""
    w0, w1, w2, w3 = _row(kernels, 0), _row(kernels, 1), _row(kernels, 2), _row(kernels, 3)
    w4, w5, w6, w7 = _row(kernels, 4), _row(kernels, 5), _row(kernels, 6), _row(kernels, 7)
    p0, p1, p2 = padded[:width], padded[dilation : dilation + width], padded[2 * dilation : 2 * dilation + width]
    p3, p4 = padded[3 * dilation : 3 * dilation + width], padded[4 * dilation : 4 * dilation + width]
    p5, p6 = padded[5 * dilation : 5 * dilation + width], padded[6 * dilation : 6 * dilation + width]
    p7, p8 = padded[7 * dilation : 7 * dilation + width], padded[8 * dilation : 8 * dilation + width]
    sums = (ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)
    counts = (ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO)
    for t in range(width):
        centre = p4[t]
        # Where a series does not vary these are exactly 0, so that rounding does not choose a kernel.
        x = (
            p0[t] - centre,
            p1[t] - centre,
            p2[t] - centre,
            p3[t] - centre,
            p5[t] - centre,
            p6[t] - centre,
            p7[t] - centre,
            p8[t] - centre,
        )
        c = (
            _response(w0, x),
            _response(w1, x),
            _response(w2, x),
            _response(w3, x),
            _response(w4, x),
            _response(w5, x),
            _response(w6, x),
            _response(w7, x),
        )
        greatest = _greatest(c)
        sums = _first_add(sums, c, greatest, greatest * weight[t])
        counts = _first_add(counts, c, _smallest(c), weight[t])
    for k in range(8):
        most[k] = sums[k]
        least[k] = counts[k]


@compiled()
def _sum_channels(values, weights, first, n_steps, padded):
    """Write the weighted sum of the channels from place `first` on."""
    for t in range(n_steps):
        padded[first + t] = ZERO
    for channel in range(len(values)):
        weight = weights[channel]
        if weight != ZERO:
            for t in range(n_steps):
                padded[first + t] += weight * values[channel, t]


@compiled()
def counts_of_cases(
    values: np.ndarray,
    lengths: np.ndarray,
    real: np.ndarray,
    dilations: np.ndarray,
    kernels: np.ndarray,
    channels: np.ndarray,
    out: np.ndarray,
) -> None:
    """Write the counts of all cases, `out` (cases, dilations, 2, groups, 8).

    `real` has no row if all steps before the length of a case are real.
    """
    largest = 0
    for dilation in dilations:
        largest = max(largest, dilation)
    n_cases, n_channels, n_steps = values.shape
    padded = np.empty(n_steps + 8 * largest + WIDTH, np.float32)
    weight = np.empty(n_steps + WIDTH, np.float32)
    for case in range(n_cases):
        length = lengths[case]
        width = -(-length // WIDTH) * WIDTH
        for t in range(width):
            weight[t] = ONE if t < length and (len(real) == 0 or real[case, t]) else ZERO
        for number in range(len(dilations)):
            dilation = dilations[number]
            for t in range(width + 8 * dilation):
                padded[t] = ZERO
            for group in range(kernels.shape[1]):
                if n_channels > 1 or group == 0:
                    _sum_channels(values[case], channels[number, group], 4 * dilation, length, padded)
                most, least = out[case, number, 0, group], out[case, number, 1, group]
                _group(padded, weight, width, dilation, kernels[number, group], most, least)
