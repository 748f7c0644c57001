"""Masks over log-mel or MFCC channels: bands of time and bands of frequency."""

import keras
from keras import ops

from seqconv.augment import arguments
from seqconv.augment.base import Augmentation
from seqconv.augment.hiding import drawn_spans
from seqconv.augment.observed import case_lengths, channel_mean, hide, in_spans, observed
from seqconv.layers.counts import positive


class _Masking(Augmentation):
    """Base of the masks: bands drawn along one axis, and what is written into them."""

    def __init__(self, n_masks, max_share, fill, rate, seed, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.n_masks = positive("n_masks", n_masks)
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


@keras.saving.register_keras_serializable(package="seqconv")
class TimeMasking(_Masking):
    """Mask bands of time in log-mel or MFCC channels.

    Parameters
    ----------
    n_masks : int, default=2
        Bands in each case; they may overlap.
    max_share : float, default=0.2
        Widest band as a share of the case's length, 0 to 1; widths are drawn uniformly from 0 on.
    fill : {"hidden", "mean"}, default="hidden"
        What a band becomes: NaN, so that the network sees no step there, or each channel's mean over the case.
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1.
    seed : int, optional
        None takes one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        An argument is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import TimeMasking
    >>> x, y, weight = np.ones((1, 8, 2), "float32"), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> masked, _, _ = TimeMasking(1, 0.5, rate=1, seed=0)((x, y, weight), training=True)
    >>> np.isnan(masked).sum(axis=1).tolist()
    [[1, 1]]

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: bands lie within the steps up to the last observed one; what is missing stays missing. A case of which nothing
    would be left stays as it was.
    Backend: all.
    Differs: from the paper, which writes 0, the mean of its scaled channels, by widths that are shares of the case.

    References
    ----------
    Park and others (2019), "SpecAugment: a simple data augmentation method for automatic speech recognition", section 2.
    """

    def __init__(self, n_masks=2, max_share=0.2, fill="hidden", rate=0.5, seed=None, **kwargs):
        super().__init__(n_masks, max_share, fill, rate, seed, **kwargs)

    def changed(self, x):
        return self.masked(x, self.bands(case_lengths(x), x.shape[1]))


@keras.saving.register_keras_serializable(package="seqconv")
class FrequencyMasking(_Masking):
    """Mask bands of neighbouring channels, which in log-mel channels are bands of frequency.

    Parameters
    ----------
    n_masks : int, default=2
        Bands in each case; they may overlap.
    max_share : float, default=0.2
        Widest band as a share of the channels, 0 to 1; widths are drawn uniformly from 0 on.
    fill : {"hidden", "mean"}, default="hidden"
        What a band becomes: NaN, which the network's stem turns into the mean of the training part, or each channel's
        mean over the case.
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1.
    seed : int, optional
        None takes one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        An argument is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import FrequencyMasking
    >>> x, y, weight = np.ones((1, 2, 6), "float32"), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> masked, _, _ = FrequencyMasking(1, 0.5, rate=1, seed=1)((x, y, weight), training=True)
    >>> np.isnan(masked)[0, 0].tolist()
    [False, True, True, True, False, False]

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: what is missing stays missing. A case of which nothing would be left stays as it was.
    Backend: all.
    Differs: from the paper, which writes 0, the mean of its scaled channels, by widths that are shares of the channels.

    References
    ----------
    Park and others (2019), "SpecAugment: a simple data augmentation method for automatic speech recognition", section 2.
    """

    def __init__(self, n_masks=2, max_share=0.2, fill="hidden", rate=0.5, seed=None, **kwargs):
        super().__init__(n_masks, max_share, fill, rate, seed, **kwargs)

    def changed(self, x):
        n_cases, _, n_channels = x.shape
        bands = self.bands(ops.full((n_cases, 1), float(n_channels)), n_channels)
        return self.masked(x, ops.transpose(bands, (0, 2, 1)))
