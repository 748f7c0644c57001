"""Slow NumPy loops that compute the answers of the layers, one case and one step at a time.

Every function takes `x` (cases, steps, channels) and a boolean `mask` (cases, steps). It returns the answer and its
mask; None if the steps are consumed. Hidden steps of an answer may hold anything.
"""

import fractions
import itertools
import math

import keras
import numpy as np

from seqconv.geometry import output_length, padding_widths


def _windows(n_steps, kernel_size, strides, dilation_rate, padding):
    """Yield every output step with the input steps under its taps, those in the padding included."""
    left, _ = padding_widths(kernel_size, dilation_rate, padding)
    for i in range(output_length(n_steps, kernel_size, strides, dilation_rate, padding)):
        yield i, [i * strides - left + j * dilation_rate for j in range(kernel_size)]


def convolution(x, mask, kernel, bias=0.0, strides=1, dilation_rate=1, groups=1, padding="valid"):
    """Compute a grouped convolution with a kernel (taps, channels of a group, filters)."""
    kernel_size, per_group, filters = kernel.shape
    n_cases, n_steps, _ = x.shape
    windows = list(_windows(n_steps, kernel_size, strides, dilation_rate, padding))
    y = np.zeros((n_cases, len(windows), filters))
    real = np.zeros((n_cases, len(windows)), bool)
    for b in range(n_cases):
        is_real = [0 <= t < n_steps and mask[b, t] for t in range(n_steps)]
        for i, taps in windows:
            seen = [t for t in taps if 0 <= t < n_steps and is_real[t]]
            real[b, i] = {
                "valid": len(seen) == kernel_size,
                "full": len(seen) > 0,
                "same": is_real[min(i * strides, n_steps - 1)],
                "causal": is_real[min(i * strides, n_steps - 1)],
            }[padding]
            for f in range(filters):
                first = f // (filters // groups) * per_group
                total = 0.0
                for j, t in enumerate(taps):
                    if t in seen:
                        total += float(np.dot(kernel[j, :, f], x[b, t, first : first + per_group]))
                y[b, i, f] = total
    return y + bias, real


def separable_convolution(x, mask, depthwise, pointwise, bias=0.0, **kwargs):
    """Compute a convolution of every channel, then mix the channels."""
    kernel_size, channels, multiplier = depthwise.shape
    grouped = depthwise.reshape(kernel_size, 1, channels * multiplier)
    between, real = convolution(x, mask, grouped, groups=channels, **kwargs)
    return between @ pointwise[0] + bias, real


def local_pool(x, mask, reduce, pool_size, strides=None, padding="valid"):
    """Reduce the real steps of every local window."""
    strides = strides or pool_size
    n_cases, n_steps, n_channels = x.shape
    windows = list(_windows(n_steps, pool_size, strides, 1, padding))
    y = np.zeros((n_cases, len(windows), n_channels))
    real = np.zeros((n_cases, len(windows)), bool)
    for b in range(n_cases):
        for i, steps in windows:
            seen = [t for t in steps if 0 <= t < n_steps and mask[b, t]]
            own = [t for t in seen if i * strides <= t < (i + 1) * strides]
            real[b, i] = len(seen) == pool_size if padding == "valid" else len(own) > 0
            if real[b, i]:
                y[b, i] = reduce(x[b, seen], axis=0)
    return y, real


def _per_feature(x, mask, n_out, function):
    """Write `function` of the real values of every case and channel, in order of time, to `n_out` slots of zeros."""
    y = np.zeros((len(x), n_out, x.shape[2]))
    for b in range(len(x)):
        for c in range(x.shape[2]):
            values = x[b, mask[b], c].tolist()
            answer = function(values) if values else []
            y[b, : len(answer), c] = answer
    return y


def global_pool(x, mask, reduce):
    """Reduce the real steps of every case."""
    return _per_feature(x, mask, 1, lambda values: [reduce(values)])[:, 0], None


def k_largest(values, k):
    """Return the k largest values in order of time, of equal ones the earliest."""
    chosen = sorted(range(len(values)), key=lambda t: (-values[t], t))[:k]
    return [values[t] for t in sorted(chosen)]


def k_max(x, mask, k, flatten=False):
    """Keep the k largest real values of every channel."""
    y = _per_feature(x, mask, k, lambda values: k_largest(values, k))
    return (y.reshape(len(x), -1), None) if flatten else (y, np.arange(k) < mask.sum(1, keepdims=True))


def k_mean(x, mask, k):
    """Average the k largest real values of every channel."""
    return global_pool(x, mask, lambda values: np.mean(k_largest(values, k)))


def dynamic_k_max(x, mask, k_top, layer, n_layers, sentence_mask=None):
    """Keep the k largest real values, with k from the length of the sentence."""
    lengths = (mask if sentence_mask is None else sentence_mask).sum(1)
    longest = (mask if sentence_mask is None else sentence_mask).shape[1]
    ks = [max(k_top, -(-(n_layers - layer) * int(s) // n_layers)) for s in [*lengths, longest]]
    width = min(ks.pop(), max(k_top, x.shape[1]))
    y = np.zeros((len(x), width, x.shape[2]))
    for b, k in enumerate(ks):
        kept = min(k, int(mask[b].sum()))
        y[b, :kept] = _per_feature(x[b : b + 1], mask[b : b + 1], kept, lambda values, k=k: k_largest(values, k))[0]
    return y, np.array([np.arange(width) < min(k, m.sum()) for k, m in zip(ks, mask, strict=True)])


def chunk_max(x, mask, chunks, flatten=False):
    """Take the largest real value of every chunk."""

    def largest(values):
        n = len(values)
        bounds = [(math.floor(i * n / chunks), math.ceil((i + 1) * n / chunks)) for i in range(chunks)]
        return [max(values[start:stop]) for start, stop in bounds]

    y = _per_feature(x, mask, chunks, largest)
    return (y.reshape(len(x), -1), None) if flatten else (y, np.repeat(mask.any(1)[:, None], chunks, axis=1))


def attention(x, mask, value_kernel, score_kernel, gate_kernel=None):
    """Average the real steps by the softmax of their scores."""
    heads = score_kernel.shape[1]
    y = np.zeros((len(x), heads, x.shape[2]))
    for b in range(len(x)):
        steps = x[b, mask[b]]
        hidden = np.tanh(steps @ value_kernel)
        if gate_kernel is not None:
            hidden = hidden / (1 + np.exp(-(steps @ gate_kernel)))
        for h in range(heads):
            weights = np.exp(hidden @ score_kernel[:, h])
            for t in range(len(steps)):
                y[b, h] += weights[t] / weights.sum() * steps[t]
    return y.reshape(len(x), -1), None


def batch_normalization(x, mask, epsilon):
    """Normalize as in training, with the offset 0 and the factor 1 of a new layer."""
    real = x[mask].astype("float64")
    y = np.zeros(x.shape)
    if len(real):
        y[mask] = (real - real.mean(0)) / np.sqrt(real.var(0) + epsilon)
    return y, mask


def scaling_per_case(x, mask):
    """Scale every channel of every case by the moments of its observed values."""
    y = np.full(x.shape, np.nan)
    for b in range(len(x)):
        for c in range(x.shape[2]):
            seen = [t for t in range(x.shape[1]) if mask[b, t] and not np.isnan(x[b, t, c])]
            values = x[b, seen, c].astype("float64")
            if seen:
                y[b, seen, c] = (values - values.mean()) / (values.std() or 1)
    return y, mask


def missing_masking(x, mask, indicator=False):
    """Set NaN to 0, and mask the steps without any value."""
    observed = ~np.isnan(x)
    y = np.where(observed, x, 0)
    return np.concatenate([y, observed], axis=-1) if indicator else y, observed.any(-1) & mask


def embedding(ids, tables):
    """Sum the vectors of the pieces of every step over all tables."""
    pieces = ids if ids.ndim == 3 else ids[..., None]
    y = np.zeros((*ids.shape[:2], tables[0].shape[1]))
    for b, t, p in np.ndindex(pieces.shape):
        if pieces[b, t, p] != 0:
            y[b, t] += sum(table[pieces[b, t, p]] for table in tables)
    return y, (pieces != 0).any(-1)


# Fixed banks


def _steps_of_case(x, mask, b):
    """Return the steps of a case up to its last real one, hidden ones as zeros, and which are real."""
    length = max((t + 1 for t in range(len(mask[b])) if mask[b, t]), default=0)
    real = [bool(mask[b, t]) for t in range(length)]
    return np.array([x[b, t].astype(float) if real[t] else np.zeros(x.shape[2]) for t in range(length)]), real


def rocket_responses(x, mask, b, dilation, kernel, weights, earlier=0):
    """Return the responses of one of the 84 kernels to a case, and which of its steps are real and have all taps."""
    steps, real = _steps_of_case(x, mask, b)
    summed = [sum(weight * value for weight, value in zip(weights, step, strict=True)) for step in steps]
    responses, has_all = [], []
    for t in range(len(real)):
        response = 0.0
        for tap in range(9):
            place = t + (tap - 4) * dilation + (earlier if tap < 4 else 0)
            if 0 <= place < len(real):
                response += (2 if tap in kernel else -1) * summed[place]
        responses.append(response)
        taps = [t + (tap - 4) * dilation for tap in range(9)]
        has_all.append(all(0 <= place < len(real) and real[place] for place in taps))
    return responses, real, has_all


def rocket_pools(responses, counting, first, stop, threshold, compat):
    """Return proportion, longest run, mean and mean index of the counting steps above the threshold."""
    above = [t for t in range(first, stop) if counting[t] and responses[t] > threshold]
    n_counting = sum(counting[first:stop])
    proportion = len(above) / n_counting if n_counting else 0
    index = np.mean([t - first for t in above]) if above else -1
    if compat == "corrected":
        mean = np.mean([responses[t] - threshold for t in above]) if above else 0
        run = longest = 0
        for t in range(first, stop):
            run = run + 1 if t in above else 0
            longest = max(longest, run)
        return proportion, longest, mean, index
    mean = np.mean([responses[t] + threshold for t in above]) if above else 0
    last = longest = 0
    for t in range(first, stop):
        if counting[t] and responses[t] < threshold:
            longest = max(longest, t - first - last)
            last = t - first
    return proportion, max(longest, stop - first - 1 - last) if n_counting else 0, mean, index


def rocket(x, mask, dilations, counts, channels, thresholds, compat="corrected", is_difference=False):
    """Return all four pools, (cases, 4, features)."""
    earlier = int(compat == "reference" and is_difference)
    features = np.zeros((len(x), 4, len(thresholds)))
    for b in range(len(x)):
        f = row = 0
        for number, dilation in enumerate(dilations):
            for k, kernel in enumerate(itertools.combinations(range(9), 3)):
                responses, real, has_all = rocket_responses(x, mask, b, dilation, kernel, channels[row], earlier)
                is_padded = (number + k) % 2 == 0
                first, stop = (
                    (0, len(real)) if is_padded else (4 * dilation, max(4 * dilation, len(real) - 4 * dilation))
                )
                for _ in range(counts[number]):
                    counting = real if is_padded else has_all
                    features[b, :, f] = rocket_pools(responses, counting, first, stop, thresholds[f], compat)
                    f += 1
                row += 1
    return features


def hydra(x, mask, dilations, kernels, channels):
    """Return max counts and min counts, (cases, dilations, 2, groups, kernels of a group)."""
    features = np.zeros((len(x), len(dilations), 2, *kernels.shape[1:3]))
    for b in range(len(x)):
        steps, real = _steps_of_case(x, mask, b)
        for number, dilation in enumerate(dilations):
            for group in range(kernels.shape[1]):
                for t in [t for t in range(len(real)) if real[t]]:
                    responses = np.zeros(kernels.shape[2])
                    for tap in range(9):
                        place = t + (tap - 4) * dilation
                        if 0 <= place < len(real):
                            responses += kernels[number, group, :, tap] * (steps[place] @ channels[number, group])
                    features[b, number, 0, group, responses.argmax()] += responses.max()
                    features[b, number, 1, group, responses.argmin()] += 1
    return features


def quantiles(x, mask, n_steps, depth=6, spectrum=True):
    """Return quantiles of intervals, (cases, channels, features)."""
    smallest = [max(1, n_steps - i) for i in range(3)] + [n_steps // 2 + 1]
    every = []
    for b, channel in itertools.product(range(len(x)), range(x.shape[2])):
        values = x[b, mask[b], channel].astype(float)
        first = [values[t + 1] - values[t] for t in range(len(values) - 1)]
        smoothed = [
            np.mean([first[min(max(t + i, 0), len(first) - 1)] for i in range(-2, 3)]) for t in range(len(first))
        ]
        second = [first[t + 1] - first[t] for t in range(len(first) - 1)]
        filled = [values[t] if t < len(values) else 0 for t in range(n_steps)]
        waves = [
            abs(sum(filled[t] * np.exp(-2j * np.pi * t * i / n_steps) for t in range(n_steps)))
            for i in range(n_steps // 2 + 1)
        ]
        features = []
        representations = [values, smoothed, second] + [waves] * spectrum
        for representation, fitted in zip(representations, smallest, strict=False):
            own = representation if len(representation) else [0.0]
            for level in range(min(depth, int(np.log2(fitted)) + 1)):
                fitted_pieces = _pieces(fitted, 2**level, 0)
                shifts = [False]
                if level > 0 and sorted(stop - start for start, stop in fitted_pieces)[2 ** (level - 1) - 1] > 1:
                    shifts.append(True)
                for is_shifted in shifts:
                    for (start, stop), (first_step, end) in zip(
                        _pieces(fitted, 2**level, is_shifted), _pieces(len(own), 2**level, is_shifted), strict=True
                    ):
                        n = 1 + (stop - start - 1) // 4
                        found = np.quantile(own[first_step:end], np.linspace(0, 1, n) if n > 1 else [0.5])
                        found[1::2] -= np.mean(own[first_step:end])
                        features.extend(found)
        every.append(features)
    return np.reshape(every, (len(x), x.shape[2], -1))


def _pieces(length, n_pieces, is_shifted):
    """Return (first step, step after the last) of intervals of at least one step."""
    shift = -(-length // (2 * n_pieces)) if is_shifted else 0
    found = []
    for i in range(n_pieces - 1 if is_shifted else n_pieces):
        start = min(length * i // n_pieces + shift, length - 1)
        found.append((start, min(max(length * (i + 1) // n_pieces + shift, start + 1), length)))
    return found


def _series_of(x, mask, difference):
    """Yield each case as (values with 0 at hidden steps, its mask), or its first difference."""
    for values, real in zip(x, mask, strict=True):
        values = np.where(real[:, None], values, 0).astype(float)
        if difference:
            real = real[1:] & real[:-1]
            values = np.where(real[:, None], values[1:] - values[:-1], 0)
        yield values, real


def _tap(values, t):
    return values[t] if 0 <= t < len(values) else 0.0


def layer_rocket_features(layer, x, mask):
    """Compute what a `RocketFeatures1D` layer answers, a kernel, a step and a threshold at a time."""
    thresholds, channels = (keras.ops.convert_to_numpy(one) for one in (layer.thresholds, layer.channels))
    answers = []
    for values, real in _series_of(x, mask, layer.difference):
        length = max(np.flatnonzero(real) + 1, default=0)
        found = {pool: [] for pool in layer.pools}
        thresholds_left = iter(thresholds.tolist())
        for i, (d, count) in enumerate(zip(layer.dilations, layer.counts, strict=True)):
            for k, doubled in enumerate(itertools.combinations(range(9), 3)):
                series = values @ channels[i * 84 + k]
                margin = 4 * d * ((i + k) % 2)
                responses = {}
                for t in range(margin, length - margin):
                    if margin and not all(_tap(real, t + j * d) for j in range(-4, 5)) or not real[t]:
                        continue
                    early = layer.difference and layer.compat == "reference"
                    taps = [_tap(series, t + j * d + (early and j < 0)) for j in range(-4, 5)]
                    responses[t - margin] = sum((2 if j in doubled else -1) * tap for j, tap in enumerate(taps))
                for _ in range(count):
                    of_one = _rocket_pools(responses, length - 2 * margin, next(thresholds_left), layer.compat)
                    for pool in layer.pools:
                        found[pool].append(of_one[pool])
        answers.append(np.concatenate(list(found.values())))
    return np.array(answers), None


def _rocket_pools(responses, n_steps, threshold, compat):
    """Pool `responses`, those of the steps that count by step."""
    above = [t for t, z in responses.items() if z > threshold]
    sign = 1 if compat == "reference" else -1
    longest, run, last = 0, 0, 0
    for t in range(n_steps):
        if compat == "corrected":
            run = run + 1 if t in above else 0
            longest = max(longest, run)
        elif responses.get(t, threshold) < threshold or t == n_steps - 1:
            longest, last = max(longest, t - last), t
    return {
        "proportion": len(above) / max(len(responses), 1),
        "longest": longest if responses else 0,
        "mean": np.mean([responses[t] + sign * threshold for t in above]) if above else 0.0,
        "index": np.mean(above) if above else -1.0,
    }


def layer_hydra_features(layer, x, mask):
    """Compute what a `HydraFeatures1D` layer answers, a group and a step at a time."""
    names = ("kernels", "channels", "centre", "scale")
    kernels, channels, centre, scale = (keras.ops.convert_to_numpy(getattr(layer, name)) for name in names)
    answers = np.zeros((len(x), len(layer.dilations), 2, layer.n_groups, 8))
    for b, (values, real) in enumerate(_series_of(x, mask, layer.difference)):
        for i, dilation in enumerate(layer.dilations):
            for group in range(layer.n_groups):
                series = values @ channels[i, group]
                for t in np.flatnonzero(real):
                    taps = [_tap(series, t + j * dilation) for j in range(-4, 5)]
                    responses = kernels[i, group].astype(float) @ taps
                    answers[b, i, 0, group, responses.argmax()] += responses.max()
                    answers[b, i, 1, group, responses.argmin()] += 1
    roots = np.sqrt(np.maximum(answers.reshape(len(x), -1), 0))
    return np.where(roots > 0, (roots - centre) / scale, 0), None


def wide_logits(ids, weights):
    """Sum the rows of known pieces, group by group, and divide by the norm of the group; `ids` (cases, steps, pieces)."""
    answers = []
    for case in ids:
        groups = [[], [], []]  # rows of class weights and squares: tokens and pairs, shapes, n-grams
        for step, pieces in enumerate(case):
            for place, i in enumerate(pieces):
                if i > 1 and place != 2:
                    groups[min(place, 2)].append((weights["table"][i], weights["squares"][i]))
            if step == 0 or (len(pieces) > 2 and pieces[2] == 0):
                continue
            before, after = int(case[step - 1][0]), int(pieces[0])
            code = before % 65536 * 32768 + after % 32768
            row = code % len(weights["pair_codes"])
            if before > 1 and after > 1 and weights["pair_codes"][row] == code:
                groups[0].append((weights["pair_table"][row], weights["pair_squares"][row]))
        logits = weights["bias"].astype(float)
        for rows in groups:
            if rows:
                logits = logits + sum(row for row, _ in rows) / np.sqrt(max(sum(square for _, square in rows), 1e-6))
        answers.append(logits)
    return np.array(answers)


def layer_quantile_features(layer, x, mask):
    """Compute what a `QuantileFeatures1D` layer answers, a case, a channel and an interval at a time."""
    fitted = [max(layer.n_steps - i, 1) for i in range(3)] + [layer.n_steps // 2 + 1] * layer.spectrum
    answers = []
    for values, real in _series_of(x, mask, difference=False):
        found = []
        for own in values[real].T:
            first = np.diff(own)
            edges = np.concatenate([first[:1], first[:1], first, first[-1:], first[-1:]])
            representations = [own, [edges[t : t + 5].mean() for t in range(len(first))], np.diff(first)]
            if layer.spectrum:
                filled = [*own, *[0.0] * layer.n_steps][: layer.n_steps]
                representations.append(np.abs(np.fft.rfft(filled)))
            for values_of_one, length in zip(representations, fitted, strict=True):
                found += _interval_quantiles(list(values_of_one) or [0.0], length, layer.depth)
        answers.append(found)
    return np.array(answers), None


def _interval_quantiles(values, fitted, depth):
    found = []
    for level in range(depth):
        n_parts = 2**level
        widths = sorted(stop - start for start, stop in _parts(fitted, n_parts, False))
        if n_parts > fitted:
            break
        for moved in [False, True][: 2 if n_parts > 1 and widths[n_parts // 2 - 1] > 1 else 1]:
            both = zip(_parts(len(values), n_parts, moved), _parts(fitted, n_parts, moved), strict=True)
            for (start, stop), (fitted_start, fitted_stop) in both:
                n = 1 + (fitted_stop - fitted_start - 1) // 4
                quantiles = np.quantile(values[start:stop], np.linspace(0, 1, n) if n > 1 else [0.5])
                quantiles[1::2] -= np.mean(values[start:stop])
                found += quantiles.tolist()
    return found


def _parts(length, n_parts, moved):
    move = math.ceil(length / n_parts / 2) if moved else 0
    for i in range(n_parts - moved):
        start = min(length * i // n_parts + move, length - 1)
        yield start, min(max(length * (i + 1) // n_parts + move, start + 1), length)


def chunk_mean(x, mask, chunks, flatten=False):
    """Take the mean of the real values of every chunk."""

    def means(values):
        n = len(values)
        bounds = [(math.floor(i * n / chunks), math.ceil((i + 1) * n / chunks)) for i in range(chunks)]
        return [sum(values[start:stop]) / (stop - start) for start, stop in bounds]

    y = _per_feature(x, mask, chunks, means)
    return (y.reshape(len(x), -1), None) if flatten else (y, np.repeat(mask.any(1)[:, None], chunks, axis=1))


def generalized_mean(values, p):
    """Return the p-norm of the values, divided by the root of their number."""
    return (sum(abs(v) ** p for v in values) / len(values)) ** (1 / p)


def log_sum_exp(values, r):
    """Return the smooth maximum of the values."""
    return math.log(sum(math.exp(r * v) for v in values) / len(values)) / r


def positive_pool(x, mask, pool, temperature=None):
    """Pool the steps by how far a channel is positive at each: "share", "mean", "index" or "longest"."""
    y = np.zeros((len(x), x.shape[2]))
    for b, c in itertools.product(range(len(x)), range(x.shape[2])):
        weights = []
        for t in range(x.shape[1]):
            soft = 0.0 if temperature is None else 1 / (1 + math.exp(-x[b, t, c] / temperature))
            weights.append((float(x[b, t, c] > 0) if temperature is None else soft) if mask[b, t] else 0.0)
        if not mask[b].any():
            continue
        total = sum(weights)
        if pool == "share":
            y[b, c] = total / mask[b].sum()
        elif pool == "mean":
            y[b, c] = sum(w * v for w, v in zip(weights, x[b, :, c], strict=True)) / total if total else 0
        elif pool == "index":
            y[b, c] = sum(w * t for t, w in enumerate(weights)) / total if total else -1
        else:
            run = longest = 0.0
            for w in weights:
                run = w * (1 + run)
                longest = max(longest, run)
            y[b, c] = longest
    return y, None


def fractional_max(x, mask, ratio, overlapping=True):
    """Take the maxima of regions whose borders are spread evenly, over the steps up to the last real one."""
    fraction = fractions.Fraction(ratio).limit_denominator(1000)
    counts = [max(math.floor(n / fraction), min(n, 1)) for n in range(x.shape[1] + 1)]
    y = np.zeros((len(x), counts[-1], x.shape[2]))
    real = np.zeros(y.shape[:2], bool)
    for b in range(len(x)):
        n = int(np.flatnonzero(mask[b])[-1]) + 1 if mask[b].any() else 0
        m = counts[n]
        for i in range(m):
            # Offset a half: borders are the integers up to n / m * i + 1 / 2.
            start, stop = ((n * j + m // 2) // m for j in (i, i + 1))
            members = [t for t in range(start, min(stop + overlapping, n)) if mask[b, t]]
            y[b, i] = x[b, members].max(axis=0) if members else 0
            real[b, i] = True
    return y, real


def max_with_switches(x, mask, pool_size):
    """Take the maximum of every window and its place, side by side."""
    n_windows = -(-x.shape[1] // pool_size)
    y = np.zeros((len(x), n_windows, 2 * x.shape[2]))
    real = np.zeros((len(x), n_windows), bool)
    for b, i in itertools.product(range(len(x)), range(n_windows)):
        steps = [t for t in range(i * pool_size, min((i + 1) * pool_size, x.shape[1])) if mask[b, t]]
        real[b, i] = bool(steps)
        for c in range(x.shape[2]) if steps else ():
            best = max(steps, key=lambda t, b=b, c=c: (x[b, t, c], -t))
            y[b, i, c], y[b, i, x.shape[2] + c] = x[b, best, c], best - i * pool_size
    return y, real


def max_unpooling(values, switches, mask, pool_size):
    """Put each value at the place of its switch."""
    y = np.zeros((len(values), values.shape[1] * pool_size, values.shape[2]))
    for b, i, c in np.ndindex(values.shape):
        y[b, i * pool_size + switches[b, i, c], c] = values[b, i, c]
    return y, np.repeat(mask, pool_size, axis=1)


def unpooling(x, mask, pool_size, method):
    """Make several steps of each."""
    y = np.zeros((len(x), x.shape[1] * pool_size, x.shape[2]))
    for b, t, j in np.ndindex(len(x), x.shape[1], pool_size):
        has_next = t + 1 < x.shape[1] and mask[b, t + 1]
        slope = (x[b, t + 1] - x[b, t]) / pool_size if method == "linear" and has_next else 0
        y[b, t * pool_size + j] = 0 if method == "first" and j else x[b, t] + j * slope
    return y, np.repeat(mask, pool_size, axis=1)


def transposed_convolution(x, mask, kernel, bias, strides, padding):
    """Spread each real step over its window; kernel (taps, filters, channels)."""
    taps, filters, _ = kernel.shape
    n_all = (x.shape[1] - 1) * strides + max(taps, strides)
    y, real = np.zeros((len(x), n_all, filters)), np.zeros((len(x), n_all), bool)
    for b, t in itertools.product(range(len(x)), range(x.shape[1])):
        if mask[b, t]:
            for j in range(taps):
                y[b, t * strides + j] += kernel[j] @ x[b, t]
            real[b, t * strides : t * strides + max(taps, strides)] = True
    if padding == "same":
        first, n_out = max(taps - strides, 0) // 2, x.shape[1] * strides
        y, real = y[:, first : first + n_out], np.repeat(mask, strides, axis=1)
    return y + bias, real


def transposed_filters(y, mask, kernel, padding, dilation_rate=1):
    """Multiply by the transpose of the matrix of a convolution; kernel (taps, channels, filters)."""
    taps, channels, _ = kernel.shape
    reach = (taps - 1) * dilation_rate
    n_steps = y.shape[1] + {"valid": reach, "full": -reach}.get(padding, 0)
    left, _ = padding_widths(taps, dilation_rate, padding)
    x, seen = np.zeros((len(y), n_steps, channels)), np.zeros((len(y), n_steps), int)
    for b, i, j in np.ndindex(len(y), y.shape[1], taps):
        t = i - left + j * dilation_rate
        if 0 <= t < n_steps and mask[b, i]:
            x[b, t] += kernel[j] @ y[b, i]
            seen[b, t] += 1
    return x, mask if padding in ("same", "causal") else seen == taps if padding == "full" else seen > 0


def group_normalization(x, mask, groups, epsilon):
    """Normalize groups of channels over the real steps of every case."""
    y = np.zeros(x.shape)
    size = x.shape[2] // groups
    for b, g in itertools.product(range(len(x)), range(groups)):
        part = slice(g * size, (g + 1) * size)
        values = x[b, mask[b], part]
        if values.size:
            y[b, :, part] = (x[b, :, part] - values.mean()) / np.sqrt(values.var() + epsilon)
    return y, mask


def bilinear_normalization(x, mask, epsilon):
    """Average the forms normalized along the steps and along the channels."""
    y = np.zeros(x.shape)
    for b in range(len(x)):
        values = x[b, mask[b]]
        if values.size:
            by_time = (x[b] - values.mean(0)) / np.sqrt(values.var(0) + epsilon)
            by_channel = (x[b] - x[b].mean(1, keepdims=True)) / np.sqrt(x[b].var(1, keepdims=True) + epsilon)
            y[b] = (by_time + by_channel) / 2
    return y, mask


def sinc_filters(low_hz, band_hz, taps, rate_hz, min_low_hz, min_band_hz):
    """Return band-pass filters by their equation, one tap at a time, (taps, 1, bands)."""
    kernel = np.zeros((taps, 1, len(low_hz)))
    for f, (low, band) in enumerate(zip(np.abs(low_hz), np.abs(band_hz), strict=True)):
        low = low + min_low_hz
        high = min(max(low + min_band_hz + band, min_low_hz), rate_hz / 2)
        for j in range(taps):
            t = (j - taps // 2) / rate_hz
            window = 0.54 - 0.46 * math.cos(2 * math.pi * j / (taps - 1))
            ideal = 2 * high * np.sinc(2 * high * t) - 2 * low * np.sinc(2 * low * t)
            kernel[j, 0, f] = ideal * window / (2 * (high - low))
    return kernel


def hand_crafted(x, mask, kernel_sizes, depthwise):
    """Convolve with each filter by itself."""
    found = []
    for size in kernel_sizes:
        rises = [-1.0 if j % 2 == 0 else 1.0 for j in range(size)]
        found += [rises, [-r for r in rises]]
        if size % 4 == 0:
            up = [((j + 1) / (size // 4)) ** 2 for j in range(size // 4)]
            down = up[::-1]
            found.append([-v for v in up + down] + [2 * v for v in up + down] + [-v for v in up + down])
    columns = [x[:, :, c : c + 1] for c in range(x.shape[2])] if depthwise else [x]
    answers = [
        convolution(column, mask, np.repeat(np.array(taps)[:, None, None], column.shape[2], axis=1), padding="same")[0]
        for column in columns
        for taps in found
    ]
    return np.concatenate(answers, axis=-1), mask
