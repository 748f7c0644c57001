"""Random gain for each case."""

import math
from typing import Any

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation


@keras.saving.register_keras_serializable(package="seqconv")
class Gain(Augmentation):
    """Make a case louder or softer, all channels by the same gain.

    Parameters
    ----------
    gain_db : tuple of two floats, default=(-6.0, 6.0)
        Lowest and highest gain in decibels, drawn uniformly, -120 to 120. 6 doubles the amplitude, -6 halves it.
    in_decibels : bool, default=False
        Whether X holds decibels, as log-mel channels do. True adds the gain; False multiplies amplitudes.
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
    TypeError
        If `in_decibels` is not True or False.

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: NaN stays NaN.
    Backend: all.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import Gain
    >>> x = np.array([[[1.0], [2.0]]], "float32")
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> louder, _, _ = Gain((20, 20), rate=1)((x, y, weight), training=True)
    >>> np.asarray(louder).ravel().round(3).tolist()
    [10.0, 20.0]
    """

    def __init__(
        self,
        gain_db: tuple[float, float] = (-6.0, 6.0),
        in_decibels: bool = False,
        rate: float = 0.5,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(rate, seed, **kwargs)
        self.gain_db = arguments.pair("gain_db", gain_db, -120, 120)
        self.in_decibels = arguments.flag("in_decibels", in_decibels)

    def changed(self, x: Any) -> Any:
        """Apply its gain to every case."""
        gain_db = self.uniform((x.shape[0], 1, 1), *self.gain_db)
        return x + gain_db if self.in_decibels else x * ops.exp(gain_db * (math.log(10) / 20))

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"gain_db": self.gain_db, "in_decibels": self.in_decibels}
