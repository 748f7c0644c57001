"""Stretches of one case in another."""

from typing import Any

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.beta_shares import drawn_shares
from seqconv.augment.mixing import Mixing
from seqconv.augment.observed import case_lengths, observed
from seqconv.augment.spans import in_spans


@keras.saving.register_keras_serializable(package="seqconv")
class CutMix(Mixing):
    """Replace a stretch of each case by that of another, and mix targets and weights by the share of steps.

    Parameters
    ----------
    alpha : float, default=1.0
        Parameter of the beta distribution (alpha, alpha) of the length of the stretch, above 0 to 100. The length is a
        share of the shorter of the two cases; at 1 all lengths are equally likely.
    rate : float, default=1.0
        Probability that a case is mixed, 0 to 1.
    seed : int, optional
        None draws one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    ValueError
        If y is not (batch, outputs); raised when called.

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels), y (batch, outputs): one-hot, multi-label or
    numbers to regress.
    Mask: the stretch ends at the last observed step of the shorter case at most, and keeps its gaps. Shares count
    observed steps.
    Backend: all.
    Differs: one axis, and the stretch is always inside the case.

    References
    ----------
    Yun and others (2019), "CutMix: regularization strategy to train strong classifiers with localizable features",
    section 3.1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import CutMix
    >>> x = np.repeat([0, 1], 5).astype("float32").reshape(2, 5, 1)
    >>> x, y, weight = CutMix(seed=0)((x, np.eye(2, dtype="float32"), np.ones(2, "float32")), training=True)
    >>> np.asarray(x)[0].ravel().tolist(), np.asarray(y)[0].astype(float).round(2).tolist()
    ([0.0, 0.0, 0.0, 1.0, 1.0], [0.6, 0.4])
    """

    may_empty = True

    def __init__(self, alpha: float = 1.0, rate: float = 1.0, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(rate, seed, **kwargs)
        self.alpha = arguments.number("alpha", alpha, above=0, most=100)

    def mixed(self, x: Any, partner: Any) -> tuple[Any, Any]:
        """Replace a drawn stretch of every case by that of its partner."""
        lengths = case_lengths(x)
        common = ops.minimum(lengths, ops.take(lengths, partner, axis=0))
        widths = ops.round(drawn_shares(self, x.shape[0]) * common)
        starts = ops.floor(self.uniform(widths.shape) * (common - widths + 1))
        inside = in_spans(starts, widths, x.shape[1])  # (batch, steps, 1)
        new = ops.where(inside, ops.take(x, partner, axis=0), x)
        real = ops.any(observed(new), axis=2, keepdims=True)
        theirs = ops.sum(ops.cast(ops.logical_and(real, inside), "float32"), axis=1)
        return new, theirs / ops.maximum(ops.sum(ops.cast(real, "float32"), axis=1), 1)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"alpha": self.alpha}
