"""Random spans without observation."""

from typing import Any

import keras

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.observed import case_lengths, hide
from seqconv.augment.spans import drawn_spans, in_spans


@keras.saving.register_keras_serializable(package="seqconv")
class HiddenSpans(Augmentation):
    """Hide spans of time, as if nothing had been observed there.

    Parameters
    ----------
    n_spans : int, default=1
        Number of spans in each case, at least 1; they may overlap.
    max_share : float, default=0.2
        Longest span as a share of the length of the case, 0 to 1. Lengths are drawn uniformly from 0.
    per_channel : bool, default=False
        Whether every channel has its own spans, as if one sensor failed. False hides all channels together.
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1.
    seed : int, optional
        None draws one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    TypeError
        If `per_channel` is not True or False.

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: spans are NaN, and end at the last observed step at most. A case is left unchanged if nothing would remain
    observed.
    Backend: all.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import HiddenSpans
    >>> x, y, weight = np.ones((1, 8, 1), "float32"), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> holed, _, _ = HiddenSpans(max_share=0.5, rate=1, seed=0)((x, y, weight), training=True)
    >>> np.asarray(holed).ravel().tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, nan, 1.0, 1.0]
    """

    may_hide = True
    may_empty = True

    def __init__(
        self,
        n_spans: int = 1,
        max_share: float = 0.2,
        per_channel: bool = False,
        rate: float = 0.5,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(rate, seed, **kwargs)
        self.n_spans = arguments.whole("n_spans", n_spans, 1)
        self.max_share = arguments.number("max_share", max_share, 0, 1)
        self.per_channel = arguments.flag("per_channel", per_channel)

    def changed(self, x: Any) -> Any:
        """Hide spans of every case."""
        n_cases, n_steps, n_channels = x.shape
        n_own = n_channels if self.per_channel else 1
        drawn = self.uniform((n_cases, 2, n_own * self.n_spans))
        hidden = in_spans(*drawn_spans(drawn, case_lengths(x), self.max_share), n_steps, n_own)
        return hide(x, hidden)

    def get_config(self) -> dict[str, Any]:
        names = ("n_spans", "max_share", "per_channel")
        return super().get_config() | {name: getattr(self, name) for name in names}
