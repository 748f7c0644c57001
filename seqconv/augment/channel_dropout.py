"""Random channels without observation."""

from typing import Any

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.observed import hide, observed


@keras.saving.register_keras_serializable(package="seqconv")
class ChannelDropout(Augmentation):
    """Hide whole channels of a case, as if a lead or a sensor were missing.

    Parameters
    ----------
    share : float, default=0.2
        Probability of each channel to be hidden, 0 to 1. One channel with observed values always remains.
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
    ValueError
        If X has a single channel; raised when called.

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: hidden channels are NaN. A channel without an observed value does not count as remaining.
    Backend: all.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import ChannelDropout
    >>> x, y, weight = np.ones((1, 2, 3), "float32"), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> fewer, _, _ = ChannelDropout(0.5, rate=1, seed=0)((x, y, weight), training=True)
    >>> np.asarray(fewer)[0].tolist()
    [[nan, 1.0, 1.0], [nan, 1.0, 1.0]]
    """

    may_hide = True

    def __init__(self, share: float = 0.2, rate: float = 0.5, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(rate, seed, **kwargs)
        self.share = arguments.number("share", share, 0, 1)

    def check_x(self, x: Any) -> None:
        """Raise if X is not a batch of several channels.

        Raises
        ------
        ValueError
            If x has a single channel.
        """
        super().check_x(x)
        if x.shape[2] == 1:
            raise ValueError("ChannelDropout requires at least 2 channels, got x with 1; use HiddenSpans.")

    def changed(self, x: Any) -> Any:
        """Hide channels of every case."""
        luck = self.uniform((x.shape[0], 1, x.shape[2]))
        luck_of_full = ops.where(ops.any(observed(x), axis=1, keepdims=True), luck, -1)
        best = ops.max(luck_of_full, axis=2, keepdims=True)
        return hide(x, ops.logical_and(luck < self.share, luck_of_full < best))

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"share": self.share}
