"""Smooth random offset."""

from typing import Any

import keras

from seqconv import arguments
from seqconv.augment.knot_curve import KnotCurve
from seqconv.augment.observed import channel_std


@keras.saving.register_keras_serializable(package="seqconv")
class Drift(KnotCurve):
    """Add a slow, smooth curve to each channel of a case, as a sensor or an electrode drifts.

    Parameters
    ----------
    max_drift : float, default=0.5
        Bound of the curve's knots, at least 0, in standard deviations of the channel in the case. They are drawn
        uniformly from ``-max_drift`` to ``max_drift``.
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
    Mask: NaN stays NaN and does not count in the standard deviation. The knots spread over the steps up to the last
    observed one. A constant channel does not drift.
    Backend: all.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import Drift
    >>> x = np.array([-1.0, 1.0] * 8, "float32").reshape(1, 16, 1)
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> drifted = np.asarray(Drift(0.5, rate=1, seed=0)((x, y, weight), training=True)[0])
    >>> bool(0 < np.abs(drifted - x).max() < 0.7)
    True
    """

    def __init__(
        self, max_drift: float = 0.5, n_knots: int = 4, rate: float = 0.5, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(n_knots, rate, seed, **kwargs)
        self.max_drift = arguments.number("max_drift", max_drift, 0)

    def changed(self, x: Any) -> Any:
        """Add its curves to every case."""
        knots = self.uniform((x.shape[0], self.n_knots + 2, x.shape[2]), -self.max_drift, self.max_drift)
        return x + self.curve(x, knots * channel_std(x))

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"max_drift": self.max_drift}
