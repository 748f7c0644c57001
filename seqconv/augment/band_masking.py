"""Base of the augmentations that mask bands."""

from typing import Any

from keras import ops

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.observed import channel_mean, hide, observed
from seqconv.augment.spans import drawn_spans, in_spans


class BandMasking(Augmentation):
    """Base of the augmentations that draw bands along one axis and overwrite them.

    Parameters
    ----------
    n_masks : int
        Number of bands in each case, at least 1.
    max_share : float
        Width of the widest band as a share of the axis, 0 to 1.
    fill : {"hidden", "mean"}
        Content of a band: NaN, or the mean of each channel over the case.
    rate, seed, **kwargs
        As of `Augmentation`.
    """

    def __init__(self, n_masks: int, max_share: float, fill: str, rate: float, seed: int | None, **kwargs: Any) -> None:
        super().__init__(rate, seed, **kwargs)
        self.n_masks = arguments.whole("n_masks", n_masks, 1)
        self.max_share = arguments.number("max_share", max_share, 0, 1)
        self.fill = arguments.choice("fill", fill, ("hidden", "mean"))
        self.may_hide = self.may_empty = self.fill == "hidden"

    def bands(self, lengths: Any, size: int) -> Any:
        """Draw bands within `lengths` (batch, 1) of an axis of that size, bool (batch, size, 1)."""
        drawn = self.uniform((lengths.shape[0], 2, self.n_masks))
        return in_spans(*drawn_spans(drawn, lengths, self.max_share), size)

    def masked(self, x: Any, bands: Any) -> Any:
        """Overwrite the bands of x."""
        if self.fill == "hidden":
            return hide(x, bands)
        return ops.where(ops.logical_and(bands, observed(x)), channel_mean(x), x)

    def get_config(self) -> dict[str, Any]:
        names = ("n_masks", "max_share", "fill")
        return super().get_config() | {name: getattr(self, name) for name in names}
