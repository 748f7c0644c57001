"""Base of the augmentations that add noise."""

from typing import Any

from keras import ops

from seqconv.augment.augmentation import Augmentation
from seqconv.augment.observed import channel_std


class Noise(Augmentation):
    """Base of the augmentations that add white noise, in standard deviations of each channel of each case.

    A subclass defines `level`.
    """

    def changed(self, x: Any) -> Any:
        """Add noise to every case; NaN stays NaN."""
        n_cases, n_steps, n_channels = x.shape
        # Drawn step by step, so that the first steps do not depend on the number of steps.
        noise = ops.transpose(self.normal((n_steps, n_cases, n_channels)), (1, 0, 2))  # (batch, steps, channels)
        return x + noise * (self.level(n_cases) * channel_std(x))

    def level(self, n_cases: int) -> Any:
        """Return the standard deviation of the noise, a number or a tensor (batch, 1, 1)."""
        raise NotImplementedError(f"{type(self).__name__} must define level(n_cases).")
