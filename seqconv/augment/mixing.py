"""Base of the augmentations that mix cases."""

from typing import Any

from keras import ops

from seqconv.augment.augmentation import Augmentation


class Mixing(Augmentation):
    """Base of the augmentations that mix each case with a partner, and with it targets and weights.

    A subclass defines `mixed`, which returns the new X and the share of the partner in each case.

    Parameters
    ----------
    rate : float, default=1.0
        Probability that a case is mixed, 0 to 1.
    seed : int, optional
        Seed of all draws. None draws one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Notes
    -----
    The weight of a mixture is the mean of both weights by share. Its target is the mean of both targets by share and
    weight. So classes that are balanced by weights stay balanced.
    """

    mixes_cases = True

    def __init__(self, rate: float = 1.0, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(rate, seed, **kwargs)

    def augmented(self, x: Any, y: Any, weight: Any) -> tuple[Any, Any, Any]:
        """Return x, y and weight after the mixing.

        Raises
        ------
        ValueError
            If y is not (batch, outputs).
        """
        if len(y.shape) != 2:
            raise ValueError(
                f"{type(self).__name__} requires y of (batch, outputs), got shape {tuple(y.shape)}; "
                "give one-hot targets."
            )
        n_cases = x.shape[0]
        if n_cases == 1:
            return x, y, weight
        partner = self.partners(y)
        new, share = self.mixed(x, partner)
        kept = self.kept(new)
        if kept is not None:
            new, share = ops.where(kept, x, new), ops.where(ops.squeeze(kept, -1), 0, share)
        ours = (1 - share) * ops.expand_dims(ops.cast(weight, "float32"), -1)  # (batch, 1)
        theirs = share * ops.expand_dims(ops.take(ops.cast(weight, "float32"), partner, axis=0), -1)
        both = ours + theirs
        target_share = ops.where(both > 0, theirs / ops.where(both > 0, both, 1), share)
        y = ops.cast(y, "float32")
        return new, y + target_share * (ops.take(y, partner, axis=0) - y), ops.squeeze(both, -1)

    def partners(self, y: Any) -> Any:
        """Draw the number of another case for every case, each once, int32 (batch,)."""
        n_cases = y.shape[0]
        # The same distance for all cases, in a circle.
        further = 1 + ops.floor(self.uniform((1,)) * (n_cases - 1))
        return ops.cast((ops.arange(n_cases, dtype="float32") + further) % n_cases, "int32")

    def mixed(self, x: Any, partner: Any) -> tuple[Any, Any]:
        """Return the new x, and the share of the partner in it, float32 (batch, 1)."""
        raise NotImplementedError(f"{type(self).__name__} must define mixed(x, partner).")
