"""Random spans without observation."""

import keras

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.observed import case_lengths, hide
from seqconv.augment.spans import drawn_spans, in_spans


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
        self.n_spans = arguments.whole("n_spans", n_spans, 1)
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
