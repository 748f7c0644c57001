"""Slow NumPy loops that compute the answers of the layers, one case and one step at a time.

Every function takes `x` (cases, steps, channels) and a boolean `mask` (cases, steps). It returns the answer and its
mask; None if the steps are consumed. Hidden steps of an answer may hold anything.
"""

import math

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
