"""Base of the encoders whose dense layers see places in time."""

from typing import Any

from seqconv.encoders.base import Encoder
from seqconv.encoders.blocks import bins


class Binned(Encoder):
    """Base of the encoders with dense layers on `n_bins` equal parts of a case, each averaged.

    A paper with cases of one length has as many parts as steps are left. So cases of any length have the same features.
    """

    @property
    def pooling(self) -> Any:
        """Means of equal parts of a case, or of the whole case without dense layers."""
        return bins(self.n_bins) if len(self.dense) else "mean"
