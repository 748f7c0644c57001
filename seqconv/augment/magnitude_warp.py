"""Smooth random factor."""

from typing import Any

import keras

from seqconv import arguments
from seqconv.augment.knot_curve import KnotCurve


@keras.saving.register_keras_serializable(package="seqconv")
class MagnitudeWarp(KnotCurve):
    """Multiply each channel of a case by a smooth curve around 1.

    Parameters
    ----------
    std : float, default=0.2
        Standard deviation of the curve's knots, at least 0. They are drawn from a normal distribution around 1.
    n_knots : int, default=4
        Number of knots between the first and the last step of the case, at least 1. Both have one knot more.
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
    Mask: NaN stays NaN. The knots spread over the steps up to the last observed one.
    Backend: all.
    Differs: piecewise cubic convolution, where a knot moves its neighbourhood only; the paper has cubic splines.

    References
    ----------
    Um and others (2017), "Data augmentation of wearable sensor data for Parkinson's disease monitoring using
    convolutional neural networks", section 3.2 (magnitude-warping).

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import MagnitudeWarp
    >>> x, y, weight = np.ones((1, 9, 1), "float32"), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> curve = np.asarray(MagnitudeWarp(rate=1, seed=0)((x, y, weight), training=True)[0])
    >>> bool(np.abs(np.diff(curve, axis=1)).max() < 0.3)
    True
    """

    def __init__(
        self, std: float = 0.2, n_knots: int = 4, rate: float = 0.5, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(n_knots, rate, seed, **kwargs)
        self.std = arguments.number("std", std, 0)

    def changed(self, x: Any) -> Any:
        """Multiply every case by its curves."""
        deviations = self.normal((x.shape[0], self.n_knots + 2, x.shape[2]), 0.0, self.std)
        return x + x * self.curve(x, deviations)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"std": self.std}
