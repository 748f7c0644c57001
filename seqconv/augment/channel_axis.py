"""Base of the augmentations that move channels."""

from keras import ops

from seqconv.augment.augmentation import Augmentation
from seqconv.augment.observed import step_numbers


class ChannelAxis(Augmentation):
    """Base of what reads channels at other places of the channel axis."""

    may_empty = True  # a lone channel may move out

    def changed(self, x):
        n_cases, _, n_channels = x.shape
        places = ops.clip(self.places(n_cases, step_numbers(n_channels)), 0, n_channels - 1)
        return ops.transpose(self.read(ops.transpose(x, (0, 2, 1)), places), (0, 2, 1))
