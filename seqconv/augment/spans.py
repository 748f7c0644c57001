"""Random spans of an axis."""

from keras import ops

from seqconv.augment.observed import step_numbers


def drawn_spans(drawn, lengths, max_share):
    """Starts and widths (batch, spans) of spans within `lengths` (batch, 1), from uniform numbers (batch, 2, spans)."""
    widths, starts = ops.unstack(drawn, axis=1)
    widths = ops.round(widths * max_share * lengths)
    return ops.floor(starts * (lengths - widths + 1)), widths


def in_spans(starts, widths, n_steps, n_own=1):
    """Which values are in any span of their case, or of their channel where each of `n_own` channels has its own.

    Starts and widths (batch, spans) give bool (batch, steps, n_own); of several channels the first spans are the first's.
    """
    shape = (starts.shape[0], 1, n_own, starts.shape[1] // n_own)
    starts, widths = ops.reshape(starts, shape), ops.reshape(widths, shape)
    passed = ops.reshape(step_numbers(n_steps), (1, -1, 1, 1)) - starts
    return ops.any(ops.logical_and(passed >= 0, passed < widths), axis=3)
