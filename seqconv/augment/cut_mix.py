"""Stretches of one case in another."""

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.beta_shares import drawn_shares
from seqconv.augment.mixing import Mixing
from seqconv.augment.observed import case_lengths, observed
from seqconv.augment.spans import in_spans


@keras.saving.register_keras_serializable(package="seqconv")
class CutMix(Mixing):
    """Put a stretch of another case into each, and mix targets and weights by the steps that each gave.

    Parameters
    ----------
    alpha : float, default=1.0
        Lengths of the stretch are drawn from the beta distribution (alpha, alpha), as a share of the shorter of the two
        cases; above 0 to 100. At 1 all lengths are equally likely.
    rate : float, default=1.0
        Probability that a case is mixed, 0 to 1.
    seed : int, optional
        None takes one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        An argument is out of its range; y is not (batch, outputs).

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import CutMix
    >>> x = np.repeat([0, 1], 5).astype("float32").reshape(2, 5, 1)
    >>> x, y, weight = CutMix(seed=0)((x, np.eye(2, dtype="float32"), np.ones(2, "float32")), training=True)
    >>> np.asarray(x)[0].ravel().tolist(), np.asarray(y)[0].astype(float).round(2).tolist()
    ([0.0, 0.0, 0.0, 1.0, 1.0], [0.6, 0.4])

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels), y (batch, outputs): one-hot, multi-label or
    numbers to regress.
    Mask: the stretch lies where both cases have steps, up to the last observed one of the shorter, and comes with its
    gaps; a case keeps its length up to these. Shares count observed steps.
    Backend: all.
    Differs: from the paper by one axis, and by a stretch that always lies within the case.

    References
    ----------
    Yun and others (2019), "CutMix: regularization strategy to train strong classifiers with localizable features",
    section 3.1.
    """

    may_empty = True

    def __init__(self, alpha=1.0, rate=1.0, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.alpha = arguments.number("alpha", alpha, above=0, most=100)

    def mixed(self, x, partner):
        lengths = case_lengths(x)
        common = ops.minimum(lengths, ops.take(lengths, partner, axis=0))
        widths = ops.round(drawn_shares(self, x.shape[0]) * common)
        starts = ops.floor(self.uniform(widths.shape) * (common - widths + 1))
        inside = in_spans(starts, widths, x.shape[1])  # (batch, steps, 1)
        new = ops.where(inside, ops.take(x, partner, axis=0), x)
        real = ops.any(observed(new), axis=2, keepdims=True)
        theirs = ops.sum(ops.cast(ops.logical_and(real, inside), "float32"), axis=1)
        return new, theirs / ops.maximum(ops.sum(ops.cast(real, "float32"), axis=1), 1)

    def get_config(self):
        return super().get_config() | {"alpha": self.alpha}
