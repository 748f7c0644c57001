"""Random shift of channels."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.augment.channel_axis import ChannelAxis
from seqconv.augment.resampling import at_steps


@keras.saving.register_keras_serializable(package="seqconv")
class FrequencyShift(ChannelAxis):
    """Move log-mel channels up or down, as another pitch does.

    Parameters
    ----------
    max_channels : int, default=2
        Longest move to either side, in channels, at least 1. Moves are integers drawn uniformly.
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1; the move drawn may be 0.
    seed : int, optional
        None draws one from Keras's generator when the layer is made.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    ValueError
        If X has no more channels than the longest move; raised when called.

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: channels without a source repeat the outermost one; gaps move along.
    Backend: all.
    A mel axis is logarithmic above 1 kHz, so a move is nearly a factor of all frequencies.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import FrequencyShift
    >>> x, y, weight = np.arange(4.0).reshape(1, 1, 4), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> shifted, _, _ = FrequencyShift(1, rate=1, seed=2)((x, y, weight), training=True)
    >>> np.asarray(shifted).ravel().tolist()
    [0.0, 0.0, 1.0, 2.0]
    """

    def __init__(self, max_channels: int = 2, rate: float = 0.5, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(rate, seed, **kwargs)
        self.max_channels = whole("max_channels", max_channels, 1)

    read = staticmethod(at_steps)

    def check_x(self, x: Any) -> None:
        """Raise if X is not a batch of more channels than the longest move.

        Raises
        ------
        ValueError
            If x has too few channels.
        """
        super().check_x(x)
        if x.shape[2] <= self.max_channels:
            raise ValueError(
                f"FrequencyShift requires more than max_channels={self.max_channels} channels, "
                f"got x with {x.shape[2]}; lower max_channels."
            )

    def places(self, n_cases: int, channels: Any) -> Any:
        """Draw one move of all channels for each case."""
        drawn = self.uniform((n_cases, 1)) * (2 * self.max_channels + 1)
        return channels - (ops.floor(drawn) - self.max_channels)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"max_channels": self.max_channels}
