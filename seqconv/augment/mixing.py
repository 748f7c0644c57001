"""Base of the augmentations that mix cases."""

from keras import ops

from seqconv.augment.augmentation import Augmentation


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
