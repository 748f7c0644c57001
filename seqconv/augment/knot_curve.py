"""Base of the augmentations by a smooth curve."""

from seqconv.arguments import whole
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.curves import curve_through
from seqconv.augment.observed import case_lengths


class KnotCurve(Augmentation):
    """Base of what draws a smooth curve for each channel of each case."""

    def __init__(self, n_knots, rate, seed, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.n_knots = whole("n_knots", n_knots, 1)

    def curve(self, x, knots):
        return curve_through(knots, case_lengths(x), x.shape[1])

    def get_config(self):
        return super().get_config() | {"n_knots": self.n_knots}
