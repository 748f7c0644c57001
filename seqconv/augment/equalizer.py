"""Random coloring of log-mel channels."""

from typing import Any

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.curves import curve_through
from seqconv.augment.observed import channel_std


@keras.saving.register_keras_serializable(package="seqconv")
class Equalizer(Augmentation):
    """Add a smooth curve over the channels of log-mel, the same at every step.

    Parameters
    ----------
    std : float, default=0.3
        Standard deviation of the curve's knots, in standard deviations of all values of the case; at least 0. Knots are
        drawn from a normal distribution around 0.
    n_knots : int, default=5
        Number of knots from the first to the last channel, at least 2.
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
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels), in decibels or scaled from them. A number
    added to decibels is a factor of the power.
    Mask: NaN stays NaN and does not count in the standard deviation. A constant case is left unchanged.
    Backend: all.
    Differs: knots at even distances with a smooth curve through them; the paper draws bands.
    ``scaling="case"`` after it removes the curve, because it centres each channel of each case.

    References
    ----------
    Nam, Kim and Park (2022), "FilterAugment: an acoustic environmental data augmentation method", section 3.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import Equalizer
    >>> x = np.array([[[0, 0, 0], [2, 2, 2]]], "float32")
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> coloured, _, _ = Equalizer(0.5, rate=1, seed=0)((x, y, weight), training=True)
    >>> np.ptp(coloured - x, axis=1).round(5).tolist()  # the same at both steps
    [[0.0, 0.0, 0.0]]
    """

    def __init__(
        self, std: float = 0.3, n_knots: int = 5, rate: float = 0.5, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(rate, seed, **kwargs)
        self.std = arguments.number("std", std, 0)
        self.n_knots = arguments.whole("n_knots", n_knots, 2)

    def changed(self, x: Any) -> Any:
        """Add its curve to every case."""
        n_cases, _, n_channels = x.shape
        knots = self.normal((n_cases, self.n_knots, 1), std=self.std)
        curve = curve_through(knots, ops.full((n_cases, 1), float(n_channels)), n_channels)
        spread = channel_std(ops.reshape(x, (n_cases, -1, 1)))  # (batch, 1, 1)
        return x + spread * ops.transpose(curve, (0, 2, 1))  # NaN stays NaN

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"std": self.std, "n_knots": self.n_knots}
