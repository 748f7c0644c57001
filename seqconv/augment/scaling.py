"""Random factor for each channel."""

from typing import Any

import keras

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation


@keras.saving.register_keras_serializable(package="seqconv")
class Scaling(Augmentation):
    """Multiply each channel of a case by a factor around 1.

    Parameters
    ----------
    std : float, default=0.1
        Standard deviation of the factor, at least 0. It is drawn from a normal distribution around 1.
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
    Mask: NaN stays NaN.
    Backend: all.

    References
    ----------
    Um and others (2017), "Data augmentation of wearable sensor data for Parkinson's disease monitoring using
    convolutional neural networks", section 3.2 (scaling).

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import Scaling
    >>> x = np.array([[[1.0], [2.0]]], "float32")
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> scaled = np.asarray(Scaling(0.5, rate=1, seed=0)((x, y, weight), training=True)[0])
    >>> bool(scaled[0, 0, 0] != 1), float(scaled[0, 1, 0] / scaled[0, 0, 0])
    (True, 2.0)
    """

    def __init__(self, std: float = 0.1, rate: float = 0.5, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(rate, seed, **kwargs)
        self.std = arguments.number("std", std, 0)

    def changed(self, x: Any) -> Any:
        """Multiply each channel of every case by its factor."""
        return x * self.normal((x.shape[0], 1, x.shape[2]), 1.0, self.std)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"std": self.std}
