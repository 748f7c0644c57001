"""Log-mel channels read at other frequencies: some channels higher or lower, or stretched."""

import keras
from keras import ops

from seqconv.augment import arguments
from seqconv.augment.base import Augmentation
from seqconv.augment.observed import step_numbers
from seqconv.augment.resampling import at_steps, between_steps
from seqconv.layers.counts import positive


class _AlongChannels(Augmentation):
    """Base of what reads channels at other places of the channel axis."""

    may_empty = True  # a lone channel may move out

    def changed(self, x):
        n_cases, _, n_channels = x.shape
        places = ops.clip(self.places(n_cases, step_numbers(n_channels)), 0, n_channels - 1)
        return ops.transpose(self.read(ops.transpose(x, (0, 2, 1)), places), (0, 2, 1))


@keras.saving.register_keras_serializable(package="seqconv")
class FrequencyShift(_AlongChannels):
    """Move log-mel channels up or down, as another pitch would.

    Parameters
    ----------
    max_channels : int, default=2
        Longest move to either side, in channels; moves are whole numbers drawn uniformly.
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1; by chance the move may be 0.
    seed : int, optional
        None takes one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        An argument is out of its range; X has no more channels than the longest move.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import FrequencyShift
    >>> x, y, weight = np.arange(4.0).reshape(1, 1, 4), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> shifted, _, _ = FrequencyShift(1, rate=1, seed=2)((x, y, weight), training=True)
    >>> np.asarray(shifted).ravel().tolist()
    [0.0, 0.0, 1.0, 2.0]

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: where nothing moved to, the outermost channel is repeated; gaps move along.
    Backend: all.
    On a mel axis, which above 1 kHz is logarithmic, a move is nearly a factor of all frequencies.
    """

    def __init__(self, max_channels=2, rate=0.5, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.max_channels = positive("max_channels", max_channels)

    read = staticmethod(at_steps)

    def check_x(self, x):
        super().check_x(x)
        if x.shape[2] <= self.max_channels:
            raise ValueError(
                f"FrequencyShift requires more than max_channels={self.max_channels} channels, got x with {x.shape[2]}; "
                "lower max_channels."
            )

    def places(self, n_cases, channels):
        drawn = self.uniform((n_cases, 1)) * (2 * self.max_channels + 1)
        return channels - (ops.floor(drawn) - self.max_channels)

    def get_config(self):
        return super().get_config() | {"max_channels": self.max_channels}


@keras.saving.register_keras_serializable(package="seqconv")
class FrequencyWarp(_AlongChannels):
    """Stretch or compress the channel axis, as another length of the vocal tract does.

    Parameters
    ----------
    factor : tuple of two floats, default=(0.9, 1.1)
        Lowest and highest factor, 0.5 to 2, drawn uniformly: at 1.1 what was in channel 10 comes to channel 11.
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
    >>> from seqconv.augment import FrequencyWarp
    >>> x, y, weight = np.arange(4.0).reshape(1, 1, 4), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> warped, _, _ = FrequencyWarp((2, 2), rate=1)((x, y, weight), training=True)
    >>> np.asarray(warped).ravel().tolist()
    [0.0, 0.5, 1.0, 1.5]

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: a value is read on the line between two channels; where one of these is missing the nearer one decides. Beyond
    the last channel it is repeated.
    Backend: all.
    Differs: from the paper, which warps frequencies in hertz before the mel filters, by warping the channels themselves.

    References
    ----------
    Jaitly and Hinton (2013), "Vocal tract length perturbation (VTLP) improves speech recognition", section 3.
    """

    def __init__(self, factor=(0.9, 1.1), rate=0.5, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.factor = arguments.pair("factor", factor, 0.5, 2)

    read = staticmethod(between_steps)

    def places(self, n_cases, channels):
        return channels / self.uniform((n_cases, 1), *self.factor)

    def get_config(self):
        return super().get_config() | {"factor": self.factor}
