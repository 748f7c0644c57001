"""Base of the augmentations that move channels."""

from typing import Any

from keras import ops

from seqconv.augment.augmentation import Augmentation
from seqconv.augment.observed import step_numbers


class ChannelAxis(Augmentation):
    """Base of the augmentations that read channels at other places of the channel axis.

    A subclass defines `places`, and `read`: `resampling.at_steps` or `resampling.between_steps`.
    """

    # A lone channel may move out.
    may_empty = True

    def changed(self, x: Any) -> Any:
        """Read every case at other channels."""
        n_cases, _, n_channels = x.shape
        places = ops.clip(self.places(n_cases, step_numbers(n_channels)), 0, n_channels - 1)
        return ops.transpose(self.read(ops.transpose(x, (0, 2, 1)), places), (0, 2, 1))  # (batch, steps, channels)

    def places(self, n_cases: int, channels: Any) -> Any:
        """Draw the places that `channels` (1, channels) are read at, float32 (batch, channels)."""
        raise NotImplementedError(f"{type(self).__name__} must define places(n_cases, channels).")
