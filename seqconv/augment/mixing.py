"""Cases mixed with others, and their targets and weights with them."""

import keras
from keras import ops

from seqconv.augment import arguments
from seqconv.augment.base import Augmentation
from seqconv.augment.observed import case_lengths, in_spans, observed


class Mixing(Augmentation):
    """Base of what mixes: a partner for every case, targets and weights mixed by shares.

    A subclass says in `mixed` what becomes of X and which share of each case is its partner's. A mixture weighs the mean of
    its two cases' weights, and its target is the mean of their targets by share and weight: what it asks of a network is
    what the two would ask, each with its own weight, so that classes balanced by weights stay so.
    """

    mixes_cases = True

    def __init__(self, rate=1.0, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)

    def augmented(self, x, y, weight):
        if len(y.shape) != 2:
            raise ValueError(
                f"{type(self).__name__} requires y of (batch, outputs), got shape {tuple(y.shape)}; give one-hot targets."
            )
        n_cases = x.shape[0]
        if n_cases == 1:
            return x, y, weight
        partner = self.partners(y)
        new, share = self.mixed(x, partner)
        kept = self.kept(new)
        if kept is not None:
            new, share = ops.where(kept, x, new), ops.where(ops.squeeze(kept, -1), 0, share)
        ours = (1 - share) * ops.expand_dims(ops.cast(weight, "float32"), -1)
        theirs = share * ops.expand_dims(ops.take(ops.cast(weight, "float32"), partner, axis=0), -1)
        both = ours + theirs  # (batch, 1)
        told = ops.where(both > 0, theirs / ops.where(both > 0, both, 1), share)
        y = ops.cast(y, "float32")
        return new, y + told * (ops.take(y, partner, axis=0) - y), ops.squeeze(both, -1)

    def partners(self, y):
        """For every case the number of another, each once, int32 (batch,)."""
        n_cases = y.shape[0]
        further = 1 + ops.floor(self.uniform((1,)) * (n_cases - 1))  # the same number further on for all, in a circle
        return ops.cast((ops.arange(n_cases, dtype="float32") + further) % n_cases, "int32")

    def mixed(self, x, partner):
        """New X, and the partner's share in it, float32 (batch, 1)."""
        raise NotImplementedError


@keras.saving.register_keras_serializable(package="seqconv")
class Mixup(Mixing):
    """Train on weighted means of two cases, of their targets and of their weights.

    Parameters
    ----------
    alpha : float, default=0.2
        Weights are drawn from the beta distribution (alpha, alpha); above 0 to 100. Near 0 nearly nothing is mixed, at 1
        all weights are equally likely.
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
    >>> from seqconv.augment import Mixup
    >>> x = np.array([0, 10], "float32").reshape(2, 1, 1)
    >>> x, y, weight = Mixup(1.0, seed=3)((x, np.eye(2, dtype="float32"), np.ones(2, "float32")), training=True)
    >>> np.asarray(x).astype(float).ravel().round(1).tolist()
    [0.8, 9.1]
    >>> np.asarray(y).astype(float).round(2).tolist()
    [[0.92, 0.08], [0.09, 0.91]]

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels), y (batch, outputs): one-hot, multi-label or
    numbers to regress.
    Mask: every case has the larger share in its mixture, and this has its length and its gaps. A value that the partner
    has not is not mixed. So no case is cut to the length of its partner, and none is lengthened by steps that are all
    another's. The share in target and weight is that of the drawn one which was mixed: of a case of 100 steps with a
    partner of one, a hundredth of it.
    Backend: all.
    Differs: from the paper by a weight for each case instead of each batch, and by the larger share for the case itself,
    which changes only the order of the mixtures: each has its mirror at the same odds.

    References
    ----------
    Zhang, Cisse, Dauphin and Lopez-Paz (2018), "mixup: beyond empirical risk minimization", section 2.
    """

    def __init__(self, alpha=0.2, rate=1.0, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.alpha = _checked_alpha(alpha)

    def mixed(self, x, partner):
        share = _drawn_shares(self, x.shape[0])
        share = ops.minimum(share, 1 - share)
        new = x + ops.expand_dims(share, -1) * (ops.take(x, partner, axis=0) - x)
        n_mixed, n_own = (ops.sum(ops.cast(observed(one), "float32"), axis=(1, 2)) for one in (new, x))  # (batch,)
        share = share * ops.expand_dims(n_mixed / ops.maximum(n_own, 1), -1)
        return ops.where(ops.isnan(new), x, new), share

    def get_config(self):
        return super().get_config() | {"alpha": self.alpha}


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
        self.alpha = _checked_alpha(alpha)

    def mixed(self, x, partner):
        lengths = case_lengths(x)
        common = ops.minimum(lengths, ops.take(lengths, partner, axis=0))
        widths = ops.round(_drawn_shares(self, x.shape[0]) * common)
        starts = ops.floor(self.uniform(widths.shape) * (common - widths + 1))
        inside = in_spans(starts, widths, x.shape[1])  # (batch, steps, 1)
        new = ops.where(inside, ops.take(x, partner, axis=0), x)
        real = ops.any(observed(new), axis=2, keepdims=True)
        theirs = ops.sum(ops.cast(ops.logical_and(real, inside), "float32"), axis=1)
        return new, theirs / ops.maximum(ops.sum(ops.cast(real, "float32"), axis=1), 1)

    def get_config(self):
        return super().get_config() | {"alpha": self.alpha}


def _checked_alpha(alpha):
    alpha = arguments.number("alpha", alpha, 0, 100)
    if alpha == 0:
        raise ValueError("alpha must be a number above 0 to 100, got 0; give rate=0 to mix nothing.")
    return alpha


def _drawn_shares(layer, n_cases):
    """Numbers from the beta distribution (alpha, alpha), float32 (batch, 1)."""
    # The ratio of two gamma numbers, each as the logarithm of one for alpha + 1 and of its factor: for a small alpha both
    # would be 0 in float32.
    gamma = keras.random.gamma((n_cases, 2), layer.alpha + 1, dtype="float32", seed=layer.seed_generator)
    logarithms = ops.log(gamma) + ops.log(1 - layer.uniform((n_cases, 2))) / layer.alpha
    first, second = ops.split(logarithms, 2, axis=1)
    return ops.sigmoid(first - second)
