"""Noise in proportion to each channel."""

from typing import Any

import keras

from seqconv import arguments
from seqconv.augment.noise import Noise


@keras.saving.register_keras_serializable(package="seqconv")
class Jitter(Noise):
    """Add normal noise in proportion to the standard deviation of each channel.

    Parameters
    ----------
    std : float, default=0.05
        Standard deviation of the noise, in standard deviations of the channel in the case; at least 0.
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
    Mask: NaN stays NaN and does not count in the standard deviation. A constant channel gets no noise.
    Backend: all. On PyTorch the noise may depend on the length of the padded batch.
    Differs: the paper scales the series before; here each case gives its own unit.

    References
    ----------
    Um and others (2017), "Data augmentation of wearable sensor data for Parkinson's disease monitoring using
    convolutional neural networks", section 3.2 (jittering).

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import Jitter
    >>> x = np.array([[[1.0], [3.0], [np.nan]]], "float32")
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> noisy, _, _ = Jitter(0.1, rate=1, seed=0)((x, y, weight), training=True)
    >>> np.isnan(noisy).ravel().tolist()
    [False, False, True]
    """

    def __init__(self, std: float = 0.05, rate: float = 0.5, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(rate, seed, **kwargs)
        self.std = arguments.number("std", std, 0)

    def level(self, n_cases: int) -> Any:
        """Return the standard deviation of the noise."""
        return self.std

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"std": self.std}
