"""Weighted means of two cases."""

from typing import Any

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
        Parameter of the beta distribution (alpha, alpha) of the shares, above 0 to 100. Near 0 hardly anything is
        mixed; at 1 all shares are equally likely.
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
    Mask: a mixture has the length and the gaps of the case, which has the larger share in it. Values that the partner
    lacks are not mixed. The share in target and weight is reduced to the part of the case that was mixed. With a
    partner of one step, a case of 100 steps keeps a hundredth of the share drawn.
    Backend: all.
    Differs: a share for each case, where the paper has one for each batch. The case itself has the larger share, which
    only changes the order of the mixtures.

    References
    ----------
    Zhang, Cisse, Dauphin and Lopez-Paz (2018), "mixup: beyond empirical risk minimization", section 2.

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
    """

    def __init__(self, alpha: float = 0.2, rate: float = 1.0, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(rate, seed, **kwargs)
        self.alpha = arguments.number("alpha", alpha, above=0, most=100)

    def mixed(self, x: Any, partner: Any) -> tuple[Any, Any]:
        """Mix every case with its partner by a drawn share."""
        share = drawn_shares(self, x.shape[0])
        share = ops.minimum(share, 1 - share)
        new = x + ops.expand_dims(share, -1) * (ops.take(x, partner, axis=0) - x)
        n_mixed, n_own = (ops.sum(ops.cast(observed(one), "float32"), axis=(1, 2)) for one in (new, x))  # (batch,)
        share = share * ops.expand_dims(n_mixed / ops.maximum(n_own, 1), -1)
        return ops.where(ops.isnan(new), x, new), share

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"alpha": self.alpha}
