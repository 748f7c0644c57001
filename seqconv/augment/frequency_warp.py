"""Random stretch of the channel axis."""

from typing import Any

import keras

from seqconv import arguments
from seqconv.augment.channel_axis import ChannelAxis
from seqconv.augment.resampling import between_steps


@keras.saving.register_keras_serializable(package="seqconv")
class FrequencyWarp(ChannelAxis):
    """Stretch or compress the channel axis, as another length of the vocal tract does.

    Parameters
    ----------
    factor : tuple of two floats, default=(0.9, 1.1)
        Lowest and highest factor, 0.5 to 2, drawn uniformly. At 1.1, channel 10 moves to channel 11.
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
    Mask: a value is read on the line between two channels. If one of them is missing, the nearer one decides. The last
    channel is repeated beyond its end.
    Backend: all.
    Differs: the channels themselves are warped; the paper warps frequencies in hertz before the mel filters.

    References
    ----------
    Jaitly and Hinton (2013), "Vocal tract length perturbation (VTLP) improves speech recognition", section 3.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import FrequencyWarp
    >>> x, y, weight = np.arange(4.0).reshape(1, 1, 4), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> warped, _, _ = FrequencyWarp((2, 2), rate=1)((x, y, weight), training=True)
    >>> np.asarray(warped).ravel().tolist()
    [0.0, 0.5, 1.0, 1.5]
    """

    def __init__(
        self, factor: tuple[float, float] = (0.9, 1.1), rate: float = 0.5, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(rate, seed, **kwargs)
        self.factor = arguments.pair("factor", factor, 0.5, 2)

    read = staticmethod(between_steps)

    def places(self, n_cases: int, channels: Any) -> Any:
        """Draw one factor of the channel axis for each case."""
        return channels / self.uniform((n_cases, 1), *self.factor)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"factor": self.factor}
