"""The k largest real values of every channel, in order of time: the arithmetic of k-max pooling.

The usual form (`top_k`, sort the indices, gather) ranks all steps. Here time is cut into blocks of `BLOCK` steps, and
only the largest value left in each block is kept. One pass finds the block of the largest value left, and reads that
block alone. It notes the step, and puts the next value of the block in its place. k passes give the answer. The
gradient runs through the final gather only. The largest alone is a maximum, whose step only the gradient looks for.
"""

from typing import Any

from keras import backend, ops

from seqconv.arguments import whole
from seqconv.layers.portable import LOW, is_portable, k_largest_on_floats
from seqconv.layers.slots import at_least_one_step, real_or_ones

# Steps, at most 32 (bits of a word). From 50 to 4000 steps in all, 8 and 32 are no faster.
BLOCK = 16


def k_largest(x: Any, mask: Any, k: int) -> Any:
    """Return the k largest real values of every channel, in order of time.

    Parameters
    ----------
    x : float tensor (batch, steps, channels)
        Fewer than 2**31 values in all; steps and batch may be unknown.
    mask : tensor (batch, steps) or None
        True where a step is real, in any pattern. None means everywhere.
    k : int
        At least 1; may exceed the number of steps.

    Returns
    -------
    tensor (batch, k, channels)
        Of equal values the earliest are kept. A case with n < k real steps has its values in the first n slots and 0
        in the rest. The gradient is 1 at each kept value and 0 elsewhere.

    Raises
    ------
    ValueError
        If `k` is not an integer of at least 1.
    ValueError
        If the mask is not of the steps of `x`.

    Notes
    -----
    Infinity is data: minus infinity is kept before any hidden step. NaN at a real step counts as larger than every
    number, so it is kept and shows. Subnormal numbers are ranked as 0, because compiled code flushes them in some
    places only; the value returned is the original one.

    The cost grows with k. If k is a quarter of all steps, both forms cost the same.

    References
    ----------
    Kalchbrenner, Grefenstette and Blunsom (2014), "A convolutional neural network for modelling sentences",
    section 3.2.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers.k_largest import k_largest
    >>> x = np.array([[[3.0], [9.0], [1.0], [7.0], [8.0]]], "float32")
    >>> np.asarray(k_largest(x, None, 2)).ravel().tolist()
    [9.0, 8.0]
    >>> np.asarray(k_largest(x, np.array([[True, False, True, True, False]]), 4)).ravel().tolist()
    [3.0, 1.0, 7.0, 0.0]
    """
    x, real, k = _checked(x, mask, k)
    if is_portable():
        return k_largest_on_floats(x, real, k)
    if k == 1:
        return _largest(x, real)
    return values_at(x, _steps_by_blocks(ops.stop_gradient(x), real, k))


def k_largest_by_top_k(x: Any, mask: Any, k: int) -> Any:
    """Compute `k_largest` by `top_k`, a sort of the indices, and a gather; slower, kept as its oracle.

    Parameters
    ----------
    x, mask, k
        As of `k_largest`.

    Returns
    -------
    tensor (batch, k, channels)

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers.k_largest import k_largest_by_top_k
    >>> x = np.array([[[3.0], [9.0], [1.0], [7.0], [8.0]]], "float32")
    >>> np.asarray(k_largest_by_top_k(x, None, 2)).ravel().tolist()
    [9.0, 8.0]
    """
    x, real, k = _checked(x, mask, k)
    steps = ops.sort(steps_by_value(ops.stop_gradient(x), real, k, spare=k), axis=-1)  # (batch, channels, k)
    return values_at(x, ops.transpose(steps, (0, 2, 1)))


def steps_by_value(x: Any, real: Any, k: Any, spare: int) -> Any:
    """Return the steps of the k largest real values, the largest first, int32 (batch, channels, k).

    A slot without a value holds n_steps. `k` may be a tensor, but is at most n_steps + `spare`.
    """
    n_steps = ops.shape(x)[1]
    ranks, hidden = (x, LOW) if is_portable() else _ranks(x)[:2]
    ranks = ops.pad(
        ops.where(ops.expand_dims(real, -1), ranks, hidden), ((0, 0), (0, spare), (0, 0)), constant_values=hidden
    )
    ranks = ops.transpose(ranks, (0, 2, 1))  # (batch, channels, steps + spare)
    # The top_k of PyTorch may break a tie either way.
    if backend.backend() == "torch":
        steps = ops.argsort(-1 - ranks, axis=-1)[..., :k]
        kept = ops.take_along_axis(ranks, steps, axis=-1)
    else:
        kept, steps = ops.top_k(ranks, k)
    return ops.where(kept == hidden, n_steps, ops.cast(steps, "int32"))


def _checked(x, mask, k):
    x = ops.convert_to_tensor(x)
    return *at_least_one_step(x, real_or_ones(x, mask)), whole("k", k, 1)


def _largest(x, real):
    """Return the largest real value of every channel, (batch, 1, channels)."""

    @ops.custom_gradient
    def largest(x):
        low = ops.where(real[..., None], x, -float("inf"))
        value = ops.max(low, axis=1, keepdims=True)  # (batch, 1, channels)
        # XLA's maximum of floats ignores NaN.
        is_nan = ops.any(ops.isnan(low), axis=1, keepdims=True)

        def gradient(*arguments: Any, upstream: Any = None) -> Any:
            upstream = arguments[0] if upstream is None else upstream
            # Not "equal": of a subnormal number compiled code may have flushed one side only.
            is_largest = real[..., None] & ops.where(is_nan, ops.isnan(x), ops.logical_not(x < value))
            n_steps = ops.shape(x)[1]
            steps = ops.arange(n_steps, dtype="int32")[None, :, None]
            first = ops.min(ops.where(is_largest, steps, n_steps), axis=1, keepdims=True)
            return ops.where(steps == first, upstream, 0)

        kept = ops.where(is_nan, float("nan"), value)
        return ops.where(ops.any(real, axis=1)[:, None, None], kept, 0), gradient

    return largest(x)


def _ranks(x):
    """Return integers in the order of the floats x, and the least and greatest integer; NaN is on top."""
    wide = backend.standardize_dtype(x.dtype) == "float64"
    least, greatest = (-(2**63), 2**63 - 1) if wide else (-(2**31), 2**31 - 1)
    x = x if wide else ops.cast(x, "float32")
    bits = ops.view(x, "int64" if wide else "int32")
    ranks = ops.where(bits < 0, ops.bitwise_xor(bits, greatest), bits)
    ranks = ops.where(ops.abs(x) < (2.0**-1022 if wide else 2.0**-126), 0, ranks)
    return ops.where(ops.isnan(x), greatest, ranks), least, greatest


def _steps_by_blocks(x, real, k):
    """Return the ascending steps of the k largest real values, int32 (batch, k, channels), padded by n_steps."""
    n_cases, n_steps, n_channels = ops.shape(x)
    n_blocks = -(-n_steps // BLOCK)
    words = _mask_words(real, n_blocks)
    left, hidden, greatest = _ranks(_block_maxima(x, real, n_blocks))
    left = ops.where(words[..., None] == 0, hidden, left)
    blocks = ops.arange(n_blocks, dtype="int32")[None, :, None]
    inside = ops.arange(BLOCK, dtype="int32")[None, :, None]

    def take_next(_: Any, state: tuple) -> tuple:
        """Find the step of the next largest value; the state is (left, its value, its step, steps found)."""
        left, value, step, found = state
        new_value = ops.max(left, axis=1, keepdims=True)  # (batch, 1, channels)
        block = ops.min(ops.where(left == new_value, blocks, n_blocks), axis=1, keepdims=True)
        steps = block * BLOCK + inside  # (batch, BLOCK, channels)
        ranks = _ranks(_at(x, ops.minimum(steps, n_steps - 1)))[0]
        is_real = ops.bitwise_and(ops.right_shift(_at(words[..., None], block), inside), 1) == 1
        # Equal values are taken from early to late.
        taken_to = ops.where(new_value == value, step, -1)
        is_next = is_real & (ranks == new_value) & (steps > taken_to)
        new_step = ops.min(ops.where(is_next, steps, n_steps), axis=1, keepdims=True)
        still = is_real & ((ranks < new_value) | ((ranks == new_value) & (steps > new_step)))
        rest = ops.max(ops.where(still, ranks, hidden), axis=1, keepdims=True)
        before = ops.pad(found[:, :-1], ((0, 0), (1, 0), (0, 0)), constant_values=-1)
        # The new step is put in its place in a sorted list.
        found = ops.minimum(found, ops.maximum(before, new_step))
        after = ops.where(blocks == block, rest, left), new_value, new_step, found
        # TensorFlow loses shapes of which some dimensions are unknown, and its loop then rejects them.
        return tuple(ops.reshape(new, ops.shape(old)) for new, old in zip(after, state, strict=True))

    none = ops.zeros((n_cases, k, n_channels), dtype="int32") + n_steps
    state = (left, ops.full_like(left[:, :1], greatest), ops.full_like(none[:, :1], -1), none)
    return ops.fori_loop(0, min(k, n_steps) if isinstance(n_steps, int) else k, take_next, state)[3]


def _mask_words(real, n_blocks):
    """Return the mask of every block as the bits of one integer, int32 (batch, blocks), which one gather reads."""
    real = ops.pad(real, ((0, 0), (0, n_blocks * BLOCK - ops.shape(real)[1])))
    bits = ops.reshape(ops.cast(real, "int32"), (-1, n_blocks, BLOCK))
    return ops.sum(ops.left_shift(bits, ops.arange(BLOCK, dtype="int32")), axis=2)


def _block_maxima(x, real, n_blocks):
    """Return the largest real value of every block, (batch, blocks, channels): NaN if any, -inf without real steps."""
    n_steps = ops.shape(x)[1]
    x = ops.where(real[..., None], x, -float("inf"))
    if not isinstance(n_steps, int) or n_steps % BLOCK:
        x = ops.pad(x, ((0, 0), (0, n_blocks * BLOCK - n_steps), (0, 0)), constant_values=-float("inf"))
    x = ops.reshape(x, (-1, n_blocks, BLOCK, ops.shape(x)[2]))
    # Two halves at a time, because XLA's maximum of floats ignores NaN.
    while x.shape[2] > 1:
        a, b = x[:, :, : x.shape[2] // 2], x[:, :, x.shape[2] // 2 :]
        x = ops.where((a >= b) | ops.isnan(a), a, b)
    return x[:, :, 0]


def _at(x, steps):
    """Return x (batch, all steps, channels or 1) at steps (batch, some, channels)."""
    # One flat gather is the fastest form on every backend.
    n_cases, n_steps, n_channels = ops.shape(x)
    rows = ops.reshape(ops.arange(n_cases, dtype="int32"), (-1, 1, 1)) * n_steps + steps
    channels = ops.reshape(ops.arange(n_channels, dtype="int32"), (1, 1, -1))
    return ops.take(ops.reshape(x, (-1,)), rows * n_channels + channels)


def values_at(x: Any, steps: Any) -> Any:
    """Return x (batch, all steps, channels) at steps (batch, some, channels), 0 where a step is n_steps."""
    n_steps = ops.shape(x)[1]
    return ops.where(steps < n_steps, _at(x, ops.minimum(steps, n_steps - 1)), 0)
