"""Base of the augmentations by a smooth curve."""

from typing import Any

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.curves import curve_through
from seqconv.augment.observed import case_lengths


class KnotCurve(Augmentation):
    """Base of the augmentations that draw a smooth curve for each channel of each case.

    Parameters
    ----------
    n_knots : int
        Number of knots between the first and the last step of the case, at least 1. Both have one knot more.
    rate, seed, **kwargs
        As of `Augmentation`.
    """

    def __init__(self, n_knots: int, rate: float, seed: int | None, **kwargs: Any) -> None:
        super().__init__(rate, seed, **kwargs)
        self.n_knots = arguments.whole("n_knots", n_knots, 1)

    def curve(self, x: Any, knots: Any) -> Any:
        """Return the curve through knots (batch, knots, channels), for every step of x."""
        return curve_through(knots, case_lengths(x), x.shape[1])

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"n_knots": self.n_knots}
