"""Masked bands of time."""

from typing import Any

import keras

from seqconv.augment.band_masking import BandMasking
from seqconv.augment.observed import case_lengths


@keras.saving.register_keras_serializable(package="seqconv")
class TimeMasking(BandMasking):
    """Mask bands of time in log-mel or MFCC channels.

    Parameters
    ----------
    n_masks : int, default=2
        Number of bands in each case, at least 1; they may overlap.
    max_share : float, default=0.2
        Widest band as a share of the length of the case, 0 to 1. Widths are drawn uniformly from 0.
    fill : {"hidden", "mean"}, default="hidden"
        Content of a band. "hidden" is NaN, so that the network sees no step there. "mean" is the mean of each channel
        over the case.
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1.
    seed : int, optional
        None draws one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range.

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: bands end at the last observed step at most; missing values stay missing. A case is left unchanged if nothing
    would remain observed.
    Backend: all.
    Differs: widths are shares of the case. The paper writes 0, the mean of its scaled channels.

    References
    ----------
    Park and others (2019), "SpecAugment: a simple data augmentation method for automatic speech recognition", section
    2.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import TimeMasking
    >>> x, y, weight = np.ones((1, 8, 2), "float32"), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> masked, _, _ = TimeMasking(1, 0.5, rate=1, seed=0)((x, y, weight), training=True)
    >>> np.isnan(masked).sum(axis=1).tolist()
    [[1, 1]]
    """

    def __init__(
        self,
        n_masks: int = 2,
        max_share: float = 0.2,
        fill: str = "hidden",
        rate: float = 0.5,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(n_masks, max_share, fill, rate, seed, **kwargs)

    def changed(self, x: Any) -> Any:
        """Mask bands of time of every case."""
        return self.masked(x, self.bands(case_lengths(x), x.shape[1]))
