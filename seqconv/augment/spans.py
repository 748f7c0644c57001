"""Random spans of an axis."""

from typing import Any

from keras import ops

from seqconv.augment.observed import step_numbers


def drawn_spans(drawn: Any, lengths: Any, max_share: float) -> tuple[Any, Any]:
    """Return starts and widths (batch, spans) of spans within `lengths` (batch, 1).

    `drawn` holds uniform numbers from 0 to 1, (batch, 2, spans). A span is at most `max_share` of the length.
    """
    widths, starts = ops.unstack(drawn, axis=1)
    widths = ops.round(widths * max_share * lengths)
    return ops.floor(starts * (lengths - widths + 1)), widths


def in_spans(starts: Any, widths: Any, n_steps: int, n_own: int = 1) -> Any:
    """Return which values are in any span of their case, bool (batch, steps, n_own).

    Starts and widths are (batch, spans). If each of `n_own` channels has its own spans, those of the first channel come
    first.
    """
    shape = (starts.shape[0], 1, n_own, starts.shape[1] // n_own)
    starts, widths = ops.reshape(starts, shape), ops.reshape(widths, shape)
    passed = ops.reshape(step_numbers(n_steps), (1, -1, 1, 1)) - starts  # (batch, steps, n_own, spans)
    return ops.any(ops.logical_and(passed >= 0, passed < widths), axis=3)
