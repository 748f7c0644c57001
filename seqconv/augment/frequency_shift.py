"""Random shift of channels."""

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.augment.channel_axis import ChannelAxis
from seqconv.augment.resampling import at_steps


@keras.saving.register_keras_serializable(package="seqconv")
class FrequencyShift(ChannelAxis):
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
        self.max_channels = whole("max_channels", max_channels, 1)

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
