"""Noise at a ratio to the signal."""

from typing import Any

import keras

from seqconv import arguments
from seqconv.augment.noise import Noise


@keras.saving.register_keras_serializable(package="seqconv")
class AddNoise(Noise):
    """Add white noise at a signal-to-noise ratio drawn for each case.

    Parameters
    ----------
    snr_db : tuple of two floats, default=(10.0, 30.0)
        Lowest and highest ratio in decibels, drawn uniformly, -120 to 120. At 20 the noise has a hundredth of the power
        of the signal.
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
    Mask: NaN stays NaN. The power of the signal is the variance of the observed values of each channel. So a constant
    level has no power.
    Backend: all. On PyTorch the noise may depend on the length of the padded batch.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import AddNoise
    >>> x = np.sin(np.arange(4000.0, dtype="float32")).reshape(1, -1, 1)
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> noisy, _, _ = AddNoise((20, 20), rate=1, seed=0)((x, y, weight), training=True)
    >>> round(float(np.var(noisy - x) / np.var(x)), 2)
    0.01
    """

    def __init__(
        self, snr_db: tuple[float, float] = (10.0, 30.0), rate: float = 0.5, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(rate, seed, **kwargs)
        self.snr_db = arguments.pair("snr_db", snr_db, -120, 120)

    def level(self, n_cases: int) -> Any:
        """Draw the standard deviation of the noise of each case, (batch, 1, 1)."""
        return 10 ** (-self.uniform((n_cases, 1, 1), *self.snr_db) / 20)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"snr_db": self.snr_db}
