"""Pools of responses above thresholds: 16 cases side by side, one step after the other.

Each case has a lane of its own, so its sums never depend on the others. Sums of responses keep the order of the
published code: all nine taps, then the three. So equal steps give equal responses.
"""

import numpy as np

from seqconv.banks.compiled import LOW, compiled

LANES = 16
ZERO, ONE, TWO, THREE = np.float32(0), np.float32(1), np.float32(2), np.float32(3)
FLOOR, HALF_FLOOR = np.float32(LOW), np.float32(LOW / 2)


@compiled()
def _step(value, threshold, at, count, total, places, run, longest, reference):
    """Return the sums of one lane after one more step."""
    excess = value - threshold
    is_above = excess > ZERO
    count += ONE if is_above else ZERO
    total += excess if is_above else ZERO
    places += at if is_above else ZERO
    if reference is None:
        run = run if is_above else at
        stretch = at - run
        longest = max(longest, stretch)
    else:
        # Here `run` is the last step below the threshold. A step that does not count is not below.
        is_below = (excess < ZERO) & (value > HALF_FLOOR)
        stretch = at - run if is_below else ZERO
        run = at if is_below else run
        longest = max(longest, stretch)
    return count, total, places, run, longest


@compiled()
def _scan(response, n_steps, threshold, state, reference):
    """Sum up all steps of all lanes; `state` holds count, excess, places, last step below and longest run."""
    for i in range(LANES):
        state[0, i], state[1, i], state[2, i], state[4, i] = ZERO, ZERO, ZERO, ZERO
        state[3, i] = -ONE if reference is None else ZERO
    n_whole = n_steps // 16 * 16
    for block in range(n_whole // 16):
        t = block * 16
        at = np.float32(t)
        for i in range(LANES):
            now = state[0, i], state[1, i], state[2, i], state[3, i], state[4, i]
            # Written out, so that the sums stay in registers. `block` keeps places free of checks for negative ones.
            now = _step(response[t, i], threshold, at, *now, reference)
            now = _step(response[t + 1, i], threshold, at + np.float32(1), *now, reference)
            now = _step(response[t + 2, i], threshold, at + np.float32(2), *now, reference)
            now = _step(response[t + 3, i], threshold, at + np.float32(3), *now, reference)
            now = _step(response[t + 4, i], threshold, at + np.float32(4), *now, reference)
            now = _step(response[t + 5, i], threshold, at + np.float32(5), *now, reference)
            now = _step(response[t + 6, i], threshold, at + np.float32(6), *now, reference)
            now = _step(response[t + 7, i], threshold, at + np.float32(7), *now, reference)
            now = _step(response[t + 8, i], threshold, at + np.float32(8), *now, reference)
            now = _step(response[t + 9, i], threshold, at + np.float32(9), *now, reference)
            now = _step(response[t + 10, i], threshold, at + np.float32(10), *now, reference)
            now = _step(response[t + 11, i], threshold, at + np.float32(11), *now, reference)
            now = _step(response[t + 12, i], threshold, at + np.float32(12), *now, reference)
            now = _step(response[t + 13, i], threshold, at + np.float32(13), *now, reference)
            now = _step(response[t + 14, i], threshold, at + np.float32(14), *now, reference)
            now = _step(response[t + 15, i], threshold, at + np.float32(15), *now, reference)
            state[0, i], state[1, i], state[2, i], state[3, i], state[4, i] = now
    for t in range(n_whole, n_steps):
        row = response[t]
        at = np.float32(t)
        for i in range(LANES):
            now = state[0, i], state[1, i], state[2, i], state[3, i], state[4, i]
            state[0, i], state[1, i], state[2, i], state[3, i], state[4, i] = _step(
                row[i], threshold, at, *now, reference
            )


@compiled()
def _write_pools(state, threshold, n_counting, lengths, start, cases, slots, f, out, reference):
    """Write a feature of each wanted pool of all lanes."""
    for i in range(len(cases)):
        count, longest = state[0, i], state[4, i]
        if n_counting[i] == ZERO:
            proportion, longest, mean, index = ZERO, ZERO, ZERO, -ONE
        else:
            proportion = count * (ONE / n_counting[i])
            mean = state[1, i] / count if count > ZERO else ZERO
            index = state[2, i] / count if count > ZERO else -ONE
            if reference is not None:
                mean = mean + threshold + threshold if count > ZERO else ZERO
                longest = max(longest, lengths[i] - np.float32(2 * start) - ONE - state[3, i])
        found = proportion, longest, mean, index
        for pool in range(4):
            if slots[pool] >= 0:
                out[cases[i], slots[pool], f] = found[pool]


@compiled()
def _sum_of_taps(padded, first, dilation, earlier, size, out):
    """Write minus the sum of the nine taps; all places and sizes count values of all lanes."""
    left = first + earlier
    x0, x1 = padded[left - 4 * dilation :], padded[left - 3 * dilation :]
    x2, x3 = padded[left - 2 * dilation :], padded[left - dilation :]
    x4, x5, x6 = padded[first:], padded[first + dilation :], padded[first + 2 * dilation :]
    x7, x8 = padded[first + 3 * dilation :], padded[first + 4 * dilation :]
    for t in range(size):
        out[t] = -(x4[t] + x0[t] + x1[t] + x2[t] + x3[t] + x5[t] + x6[t] + x7[t] + x8[t])


@compiled()
def _add_tap(before, tap, size, out):
    """Write the sum so far plus three times one tap."""
    for t in range(size):
        out[t] = before[t] + THREE * tap[t]


@compiled()
def _add_channels(group, weights, first, padded):
    """Write the sum of the chosen channels from place `first` on."""
    total = padded[first : first + group.shape[1]]
    for t in range(len(total)):
        total[t] = ZERO
    for channel in range(len(group)):
        weight, series = weights[channel], group[channel]
        if weight != ZERO:
            for t in range(len(total)):
                total[t] = total[t] + weight * series[t]


@compiled()
def _count_zeros(values, size, out):
    """Count the zeros of each lane."""
    for i in range(LANES):
        out[i] = ZERO
    for t in range(0, size, LANES):
        row = values[t : t + LANES]
        for i in range(LANES):
            out[i] += ONE if row[i] == ZERO else ZERO


@compiled()
def _pools_of_group(
    group, hidden, lengths, cases, margin, dilations, counts, channels, thresholds, earlier, reference, slots, out
):
    """Write the pools of at most 16 cases, `group` (channels, steps and lanes)."""
    n_channels, size = group.shape
    n_steps, first, left = size // LANES, margin * LANES, earlier * LANES
    padded = np.zeros(size + 2 * first, np.float32)
    taps_sum, one, pair = np.empty(size, np.float32), np.empty(size, np.float32), np.empty(size, np.float32)
    response, penalty = np.empty(size, np.float32), np.empty(size, np.float32)
    rows = response.reshape(n_steps, LANES)
    state = np.empty((5, LANES), np.float32)
    n_real, n_valid = np.empty(LANES, np.float32), np.empty(LANES, np.float32)
    at_step = hidden[first : first + size]
    _count_zeros(at_step, size, n_real)
    has_one = n_channels == 1
    if has_one:
        _add_channels(group, channels[0], first, padded)
    f = 0
    row = 0
    for number in range(len(dilations)):
        dilation = dilations[number] * LANES
        # Steps that do not count get a response so low that it exceeds no threshold.
        _sum_of_taps(hidden, first, dilation, 0, size, penalty)
        _count_zeros(penalty, size, n_valid)
        if has_one:
            _sum_of_taps(padded, first, dilation, left, size, taps_sum)
        for i in range(7):
            tap_i = padded[first + (i - 4) * dilation + (left if i < 4 else 0) :]
            if has_one:
                _add_tap(taps_sum, tap_i, size, one)
            for j in range(i + 1, 8):
                tap_j = padded[first + (j - 4) * dilation + (left if j < 4 else 0) :]
                if has_one:
                    _add_tap(one, tap_j, size, pair)
                for k in range(j + 1, 9):
                    tap_k = padded[first + (k - 4) * dilation + (left if k < 4 else 0) :]
                    if not has_one:
                        # Each kernel has a series of its own: the sum of some channels.
                        _add_channels(group, channels[row], first, padded)
                        _sum_of_taps(padded, first, dilation, left, size, taps_sum)
                        _add_tap(taps_sum, tap_i, size, one)
                        _add_tap(one, tap_j, size, pair)
                    if (number + row) % 2 == 0:
                        start, length, n_counting = 0, size, n_real
                        for t in range(length):
                            response[t] = pair[t] + THREE * tap_k[t] - at_step[t]
                    else:
                        length, n_counting = max(0, size - 8 * dilation), n_valid
                        start = 4 * dilation if length > 0 else 0
                        before, tap, lowering = pair[start:], tap_k[start:], penalty[start:]
                        for t in range(length):
                            response[t] = before[t] + THREE * tap[t] + lowering[t]
                    skipped = start // LANES
                    for _ in range(counts[number]):
                        _scan(rows, length // LANES, thresholds[f], state, reference)
                        _write_pools(
                            state, thresholds[f], n_counting, lengths, skipped, cases, slots, f, out, reference
                        )
                        f += 1
                    row += 1


@compiled()
def pools_of_cases(
    values: np.ndarray,
    lengths: np.ndarray,
    real: np.ndarray,
    order: np.ndarray,
    dilations: np.ndarray,
    counts: np.ndarray,
    channels: np.ndarray,
    thresholds: np.ndarray,
    earlier: int,
    reference: bool | None,
    slots: np.ndarray,
    out: np.ndarray,
) -> None:
    """Write the pools of all cases.

    `real` has no row if all steps before the length of a case are real. `order` has the cases by their length. `earlier`
    is 1 to move the left taps as the published code does. `reference` is None, or True for its pools. `slots` has the
    place of each of the four pools among the wanted ones, or -1.
    """
    largest = 0
    for dilation in dilations:
        largest = max(largest, dilation)
    # Taps before and after a case find zeros.
    margin = 4 * largest
    for start in range(0, len(order), LANES):
        cases = order[start : start + LANES]
        n_steps = lengths[cases[-1]]
        group = np.zeros((values.shape[1], n_steps * LANES), np.float32)
        hidden = np.full((n_steps + 2 * margin) * LANES, -FLOOR)
        steps = np.zeros(LANES, np.float32)
        for i in range(len(cases)):
            case = cases[i]
            steps[i] = lengths[case]
            for t in range(lengths[case]):
                if len(real) == 0 or real[case, t]:
                    hidden[(margin + t) * LANES + i] = ZERO
                for channel in range(len(group)):
                    group[channel, t * LANES + i] = values[case, channel, t]
        _pools_of_group(
            group, hidden, steps, cases, margin, dilations, counts, channels, thresholds, earlier, reference, slots, out
        )
