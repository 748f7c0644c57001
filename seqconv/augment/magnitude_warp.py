"""Smooth random factor."""

import keras

from seqconv import arguments
from seqconv.augment.knot_curve import KnotCurve


@keras.saving.register_keras_serializable(package="seqconv")
class MagnitudeWarp(KnotCurve):
    """Multiply each channel of a case by a smooth curve around 1.

    Parameters
    ----------
    std : float, default=0.2
        Standard deviation of the curve's knots, drawn from a normal distribution around 1; at least 0.
    n_knots : int, default=4
        Knots between the first and the last step of the case, which have one each, too.
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
    >>> from seqconv.augment import MagnitudeWarp
    >>> x, y, weight = np.ones((1, 9, 1), "float32"), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> curve = np.asarray(MagnitudeWarp(rate=1, seed=0)((x, y, weight), training=True)[0])
    >>> bool(np.abs(np.diff(curve, axis=1)).max() < 0.3)
    True

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: NaN stays NaN; the knots spread over the steps up to the last observed one.
    Backend: all.
    Differs: from the paper's cubic splines by piecewise cubic convolution, where a knot moves its neighbourhood only.

    References
    ----------
    Um and others (2017), "Data augmentation of wearable sensor data for Parkinson's disease monitoring using
    convolutional neural networks", section 3.2 (magnitude-warping).
    """

    def __init__(self, std=0.2, n_knots=4, rate=0.5, seed=None, **kwargs):
        super().__init__(n_knots, rate, seed, **kwargs)
        self.std = arguments.number("std", std, 0)

    def changed(self, x):
        deviations = self.normal((x.shape[0], self.n_knots + 2, x.shape[2]), 0.0, self.std)
        return x + x * self.curve(x, deviations)

    def get_config(self):
        return super().get_config() | {"std": self.std}
