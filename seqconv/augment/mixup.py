"""Weighted means of two cases."""

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.beta_shares import drawn_shares
from seqconv.augment.mixing import Mixing
from seqconv.augment.observed import observed


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
        self.alpha = arguments.number("alpha", alpha, above=0, most=100)

    def mixed(self, x, partner):
        share = drawn_shares(self, x.shape[0])
        share = ops.minimum(share, 1 - share)
        new = x + ops.expand_dims(share, -1) * (ops.take(x, partner, axis=0) - x)
        n_mixed, n_own = (ops.sum(ops.cast(observed(one), "float32"), axis=(1, 2)) for one in (new, x))  # (batch,)
        share = share * ops.expand_dims(n_mixed / ops.maximum(n_own, 1), -1)
        return ops.where(ops.isnan(new), x, new), share

    def get_config(self):
        return super().get_config() | {"alpha": self.alpha}
