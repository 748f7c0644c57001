"""Random gain for each case."""

import math

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation


@keras.saving.register_keras_serializable(package="seqconv")
class Gain(Augmentation):
    """Make a case louder or softer, all its channels alike.

    Parameters
    ----------
    gain_db : tuple of two floats, default=(-6.0, 6.0)
        Lowest and highest gain in decibels, drawn uniformly: 6 doubles the amplitude, -6 halves it.
    in_decibels : bool, default=False
        X holds decibels (as log-mel channels do): the gain is added. False: X holds amplitudes, which are multiplied.
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
    >>> from seqconv.augment import Gain
    >>> x = np.array([[[1.0], [2.0]]], "float32")
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> louder, _, _ = Gain((20, 20), rate=1)((x, y, weight), training=True)
    >>> np.asarray(louder).ravel().round(3).tolist()
    [10.0, 20.0]

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: NaN stays NaN.
    Backend: all.
    """

    def __init__(self, gain_db=(-6.0, 6.0), in_decibels=False, rate=0.5, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.gain_db = arguments.pair("gain_db", gain_db, -120, 120)
        self.in_decibels = arguments.flag("in_decibels", in_decibels)

    def changed(self, x):
        gain_db = self.uniform((x.shape[0], 1, 1), *self.gain_db)
        return x + gain_db if self.in_decibels else x * ops.exp(gain_db * (math.log(10) / 20))

    def get_config(self):
        return super().get_config() | {"gain_db": self.gain_db, "in_decibels": self.in_decibels}
