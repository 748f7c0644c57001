"""Base of the augmentations that mask bands."""

from keras import ops

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.observed import channel_mean, hide, observed
from seqconv.augment.spans import drawn_spans, in_spans


class BandMasking(Augmentation):
    """Base of the masks: bands drawn along one axis, and what is written into them."""

    def __init__(self, n_masks, max_share, fill, rate, seed, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.n_masks = arguments.whole("n_masks", n_masks, 1)
        self.max_share = arguments.number("max_share", max_share, 0, 1)
        self.fill = arguments.choice("fill", fill, ("hidden", "mean"))
        self.may_hide = self.may_empty = self.fill == "hidden"

    def bands(self, lengths, size):
        """Bands within `lengths` (batch, 1) of an axis of that size, bool (batch, size, 1)."""
        drawn = self.uniform((lengths.shape[0], 2, self.n_masks))
        return in_spans(*drawn_spans(drawn, lengths, self.max_share), size)

    def masked(self, x, bands):
        if self.fill == "hidden":
            return hide(x, bands)
        return ops.where(ops.logical_and(bands, observed(x)), channel_mean(x), x)

    def get_config(self):
        names = ("n_masks", "max_share", "fill")
        return super().get_config() | {name: getattr(self, name) for name in names}
