"""Base of the augmentations that add noise."""

from keras import ops

from seqconv.augment.augmentation import Augmentation
from seqconv.augment.observed import channel_std


class Noise(Augmentation):
    """Base of what adds white noise, in units of the standard deviation of each channel of each case."""

    def changed(self, x):
        n_cases, n_steps, n_channels = x.shape
        # Drawn step by step, so that the first steps do not depend on how many follow.
        noise = ops.transpose(self.normal((n_steps, n_cases, n_channels)), (1, 0, 2))
        return x + noise * (self.level(n_cases) * channel_std(x))  # NaN stays NaN
