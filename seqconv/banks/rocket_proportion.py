"""Proportions of steps above thresholds: one case at a time, many steps side by side.

Sums keep the order of the published code: all nine taps, then the three. So equal steps give equal responses.
"""

import numpy as np

from seqconv.banks.compiled import LOW, compiled

# Rows of steps are filled up to a multiple of this, so that no step is left over for a slow loop.
WIDTH = 64
ONE, ZERO, THREE = np.float32(1), np.float32(0), np.float32(3)
FLOOR, HALF_FLOOR = np.float32(LOW), np.float32(LOW / 2)


@compiled(fastmath={"reassoc", "nsz"})
def _n_above(response, n_steps, threshold):
    # A float32 counts exactly up to 2 ** 24 steps, and faster than an integer.
    count = ZERO
    for t in range(n_steps):
        count += ONE if response[t] > threshold else ZERO
    return count


@compiled()
def _sum_of_taps(padded, first, dilation, earlier, n_steps, out):
    """Write minus the sum of the nine taps of each step; `first` is the place of step 0 in `padded`."""
    left = first + earlier
    x0, x1 = padded[left - 4 * dilation :], padded[left - 3 * dilation :]
    x2, x3 = padded[left - 2 * dilation :], padded[left - dilation :]
    x4, x5, x6 = padded[first:], padded[first + dilation :], padded[first + 2 * dilation :]
    x7, x8 = padded[first + 3 * dilation :], padded[first + 4 * dilation :]
    for t in range(n_steps):
        out[t] = -(x4[t] + x0[t] + x1[t] + x2[t] + x3[t] + x5[t] + x6[t] + x7[t] + x8[t])


@compiled(fastmath={"reassoc", "nsz"})
def _write_shares(response, length, n_counting, thresholds, f, n_thresholds, out):
    filled = -(-length // WIDTH) * WIDTH
    response[length:filled] = FLOOR
    share = ONE / n_counting if n_counting > ZERO else ZERO
    for feature in range(f, f + n_thresholds):
        threshold = thresholds[feature]
        # A float32 counts exactly up to 2 ** 24 steps, and faster than an integer.
        count = ZERO
        for t in range(filled):
            count += ONE if response[t] > threshold else ZERO
        out[feature] = count * share


@compiled(fastmath={"reassoc", "nsz"})
def _one_channel(padded, hidden, n_real, first, n_steps, dilations, counts, thresholds, earlier, out):
    """Write the proportions of one series, with sums of taps that many kernels share."""
    width = -(-n_steps // WIDTH) * WIDTH
    has_gaps = len(hidden) > 0
    taps = np.empty((9, width), np.float32)
    taps_sum, response = np.empty(width, np.float32), np.empty(width + WIDTH, np.float32)
    one, pair = np.empty(width, np.float32), np.empty(width, np.float32)
    penalty = np.empty(width if has_gaps else 0, np.float32)
    f = 0
    for number in range(len(dilations)):
        dilation = dilations[number]
        n_thresholds = counts[number]
        _sum_of_taps(padded, first, dilation, earlier, width, taps_sum)
        for i in range(9):
            start = first + (i - 4) * dilation + (earlier if i < 4 else 0)
            moved, tap = padded[start : start + width], taps[i]
            for t in range(width):
                tap[t] = THREE * moved[t]
        valid_length = max(0, n_steps - 8 * dilation)
        n_valid = np.float32(valid_length)
        if has_gaps:
            # Steps that do not count get a response so low that it exceeds no threshold.
            _sum_of_taps(hidden, first, dilation, 0, width, penalty)
            n_valid = _n_above(penalty, n_steps, HALF_FLOOR)
            at_step = hidden[first : first + width]
            for t in range(width):
                taps_sum[t] = taps_sum[t] - at_step[t]
        kernel = 0
        for i in range(7):
            tap_i = taps[i]
            for t in range(width):
                one[t] = taps_sum[t] + tap_i[t]
            for j in range(i + 1, 8):
                tap_j = taps[j]
                for t in range(width):
                    pair[t] = one[t] + tap_j[t]
                for k in range(j + 1, 9):
                    if (number + kernel) % 2 == 0:
                        tap_k = taps[k]
                        for t in range(width):
                            response[t] = pair[t] + tap_k[t]
                        _write_shares(response, n_steps, n_real, thresholds, f, n_thresholds, out)
                    else:
                        start, length = 4 * dilation, valid_length
                        two, tap_k = pair[start : start + length], taps[k][start : start + length]
                        if has_gaps:
                            lowered = penalty[start : start + length]
                            for t in range(length):
                                response[t] = two[t] + tap_k[t] + lowered[t]
                        else:
                            for t in range(length):
                                response[t] = two[t] + tap_k[t]
                        _write_shares(response, length, n_valid, thresholds, f, n_thresholds, out)
                    f += n_thresholds
                    kernel += 1


@compiled()
def _add_channels(values, weights, first, n_steps, padded):
    """Write the sum of the chosen channels from place `first` on."""
    total = padded[first : first + n_steps]
    for t in range(n_steps):
        total[t] = ZERO
    for channel in range(len(values)):
        if weights[channel] != ZERO:
            series = values[channel, :n_steps]
            for t in range(n_steps):
                total[t] += weights[channel] * series[t]


@compiled()
def _many_channels(
    values, channels, padded, hidden, n_real, first, n_steps, dilations, counts, thresholds, earlier, out
):
    """Write the proportions of one case, where each kernel has a series of its own: the sum of some channels."""
    taps_sum, penalty = np.empty(n_steps, np.float32), np.zeros(n_steps, np.float32)
    response = np.empty(n_steps + WIDTH, np.float32)
    has_gaps = len(hidden) > 0
    f = 0
    row = 0
    for number in range(len(dilations)):
        dilation = dilations[number]
        n_valid = np.float32(max(0, n_steps - 8 * dilation))
        if has_gaps:
            _sum_of_taps(hidden, first, dilation, 0, n_steps, penalty)
            n_valid = _n_above(penalty, n_steps, HALF_FLOOR)
        for i in range(7):
            for j in range(i + 1, 8):
                for k in range(j + 1, 9):
                    _add_channels(values, channels[row], first, n_steps, padded)
                    is_padded = (number + row) % 2 == 0
                    skipped = 0 if is_padded else 4 * dilation
                    length = max(0, n_steps - 2 * skipped)
                    start = first + skipped
                    _sum_of_taps(padded, start, dilation, earlier, length, taps_sum)
                    tap_i = padded[start + (i - 4) * dilation + (earlier if i < 4 else 0) :]
                    tap_j = padded[start + (j - 4) * dilation + (earlier if j < 4 else 0) :]
                    tap_k = padded[start + (k - 4) * dilation + (earlier if k < 4 else 0) :]
                    for t in range(length):
                        response[t] = taps_sum[t] + THREE * tap_i[t] + THREE * tap_j[t] + THREE * tap_k[t]
                    if has_gaps:
                        lowered = hidden[first:] if is_padded else penalty[min(skipped, n_steps) :]
                        sign = -ONE if is_padded else ONE
                        for t in range(length):
                            response[t] = response[t] + sign * lowered[t]
                    n_counting = n_real if is_padded else n_valid
                    _write_shares(response, length, n_counting, thresholds, f, counts[number], out)
                    f += counts[number]
                    row += 1


@compiled()
def proportions(
    values: np.ndarray,
    lengths: np.ndarray,
    real: np.ndarray,
    dilations: np.ndarray,
    counts: np.ndarray,
    channels: np.ndarray | None,
    thresholds: np.ndarray,
    earlier: int,
    out: np.ndarray,
) -> None:
    """Write the proportions of all cases.

    `real` has no row if all steps before the length of a case are real. `earlier` is 1 to move the left taps as the
    published code does. `channels` is None for cases of one channel, so that only code for these is compiled.
    """
    largest = 0
    for dilation in dilations:
        largest = max(largest, dilation)
    # Taps before and after a case find zeros.
    first = 4 * largest
    size = values.shape[2] + 2 * first + WIDTH
    padded = np.zeros(size, np.float32)
    hidden = np.zeros(size if len(real) > 0 else 0, np.float32)
    for case in range(len(values)):
        n_steps = lengths[case]
        n_real = n_steps
        if len(real) > 0:
            n_real = 0
            hidden[:] = -FLOOR
            for t in range(n_steps):
                n_real += real[case, t]
                hidden[first + t] = ZERO if real[case, t] else -FLOOR
        padded[:] = ZERO
        arguments = (
            padded,
            hidden,
            np.float32(n_real),
            first,
            n_steps,
            dilations,
            counts,
            thresholds,
            earlier,
            out[case],
        )
        if channels is None:
            series = values[case, 0]
            for t in range(n_steps):
                padded[first + t] = series[t]
            _one_channel(*arguments)
        else:
            _many_channels(values[case], channels, *arguments)
