"""Values that are taken away: spans of time, and whole channels."""

import keras
from keras import ops

from seqconv.augment import arguments
from seqconv.augment.base import Augmentation
from seqconv.augment.observed import case_lengths, hide, in_spans, observed
from seqconv.layers.counts import positive


@keras.saving.register_keras_serializable(package="seqconv")
class HiddenSpans(Augmentation):
    """Hide spans of time, as if nothing had been observed.

    Parameters
    ----------
    n_spans : int, default=1
        Spans in each case; they may overlap.
    max_share : float, default=0.2
        Longest span as a share of the case's length, 0 to 1; lengths are drawn uniformly from 0 on.
    per_channel : bool, default=False
        Every channel has spans of its own, as where one sensor fails; otherwise all are hidden together.
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1.
    seed : int, optional
        None takes one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        An argument is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import HiddenSpans
    >>> x, y, weight = np.ones((1, 8, 1), "float32"), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> holed, _, _ = HiddenSpans(max_share=0.5, rate=1, seed=0)((x, y, weight), training=True)
    >>> np.asarray(holed).ravel().tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, nan, 1.0, 1.0]

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: spans lie within the steps up to the last observed one and are NaN. A case of which nothing would be left stays
    as it was.
    Backend: all.
    """

    may_hide = True
    may_empty = True

    def __init__(self, n_spans=1, max_share=0.2, per_channel=False, rate=0.5, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.n_spans = positive("n_spans", n_spans)
        self.max_share = arguments.number("max_share", max_share, 0, 1)
        self.per_channel = arguments.flag("per_channel", per_channel)

    def changed(self, x):
        n_cases, n_steps, n_channels = x.shape
        n_own = n_channels if self.per_channel else 1
        drawn = self.uniform((n_cases, 2, n_own * self.n_spans))
        hidden = in_spans(*drawn_spans(drawn, case_lengths(x), self.max_share), n_steps, n_own)
        return hide(x, hidden)

    def get_config(self):
        names = ("n_spans", "max_share", "per_channel")
        return super().get_config() | {name: getattr(self, name) for name in names}


def drawn_spans(drawn, lengths, max_share):
    """Starts and widths (batch, spans) of spans within `lengths` (batch, 1), from uniform numbers (batch, 2, spans)."""
    widths, starts = ops.unstack(drawn, axis=1)
    widths = ops.round(widths * max_share * lengths)
    return ops.floor(starts * (lengths - widths + 1)), widths


@keras.saving.register_keras_serializable(package="seqconv")
class ChannelDropout(Augmentation):
    """Hide whole channels of a case, as if a lead or a sensor had not been there.

    Parameters
    ----------
    share : float, default=0.2
        Probability of every channel to be hidden, 0 to 1; one that holds something is always left.
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1.
    seed : int, optional
        None takes one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        An argument is out of its range; X has a single channel.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import ChannelDropout
    >>> x, y, weight = np.ones((1, 2, 3), "float32"), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> fewer, _, _ = ChannelDropout(0.5, rate=1, seed=0)((x, y, weight), training=True)
    >>> np.asarray(fewer)[0].tolist()
    [[nan, 1.0, 1.0], [nan, 1.0, 1.0]]

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: hidden channels are NaN; a channel that holds nothing does not count as left.
    Backend: all.
    """

    may_hide = True

    def __init__(self, share=0.2, rate=0.5, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.share = arguments.number("share", share, 0, 1)

    def check_x(self, x):
        super().check_x(x)
        if x.shape[2] == 1:
            raise ValueError("ChannelDropout requires at least 2 channels, got x with 1; use HiddenSpans.")

    def changed(self, x):
        luck = self.uniform((x.shape[0], 1, x.shape[2]))
        luck_of_full = ops.where(ops.any(observed(x), axis=1, keepdims=True), luck, -1)
        best = ops.max(luck_of_full, axis=2, keepdims=True)
        return hide(x, ops.logical_and(luck < self.share, luck_of_full < best))

    def get_config(self):
        return super().get_config() | {"share": self.share}
