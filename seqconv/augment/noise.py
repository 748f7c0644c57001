"""Noise on every value: by a share of the spread of a channel, or at a ratio in decibels."""

import keras
from keras import ops

from seqconv.augment import arguments
from seqconv.augment.base import Augmentation
from seqconv.augment.observed import channel_std


class _Noise(Augmentation):
    """Base of what adds white noise, in units of the standard deviation of each channel of each case."""

    def changed(self, x):
        n_cases, n_steps, n_channels = x.shape
        # Drawn step by step, so that the first steps do not depend on how many follow.
        noise = ops.transpose(self.normal((n_steps, n_cases, n_channels)), (1, 0, 2))
        return x + noise * (self.level(n_cases) * channel_std(x))  # NaN stays NaN


@keras.saving.register_keras_serializable(package="seqconv")
class Jitter(_Noise):
    """Add normal noise in proportion to how much each channel varies.

    Parameters
    ----------
    std : float, default=0.05
        Standard deviation of the noise, in standard deviations of the channel in the case; at least 0.
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
    >>> from seqconv.augment import Jitter
    >>> x = np.array([[[1.0], [3.0], [np.nan]]], "float32")
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> noisy, _, _ = Jitter(0.1, rate=1, seed=0)((x, y, weight), training=True)
    >>> np.isnan(noisy).ravel().tolist()
    [False, False, True]

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: NaN stays NaN and does not count in the standard deviation. A channel that does not vary gets no noise.
    Backend: all. On PyTorch the noise drawn may depend on how far the batch is padded.
    Differs: from the paper, whose series are scaled before; here the unit is taken from each case.

    References
    ----------
    Um and others (2017), "Data augmentation of wearable sensor data for Parkinson's disease monitoring using
    convolutional neural networks", section 3.2 (jittering).
    """

    def __init__(self, std=0.05, rate=0.5, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.std = arguments.number("std", std, 0)

    def level(self, n_cases):
        return self.std

    def get_config(self):
        return super().get_config() | {"std": self.std}


@keras.saving.register_keras_serializable(package="seqconv")
class AddNoise(_Noise):
    """Add white noise at a signal-to-noise ratio drawn for each case.

    Parameters
    ----------
    snr_db : tuple of two floats, default=(10.0, 30.0)
        Lowest and highest ratio in decibels, drawn uniformly: at 20 the noise has a hundredth of the signal's power.
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
    >>> from seqconv.augment import AddNoise
    >>> x = np.sin(np.arange(4000.0, dtype="float32")).reshape(1, -1, 1)
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> noisy, _, _ = AddNoise((20, 20), rate=1, seed=0)((x, y, weight), training=True)
    >>> round(float(np.var(noisy - x) / np.var(x)), 2)
    0.01

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: NaN stays NaN. The power of the signal is the variance of what is observed, channel by channel: a constant
    level is no signal.
    Backend: all. On PyTorch the noise drawn may depend on how far the batch is padded.
    """

    def __init__(self, snr_db=(10.0, 30.0), rate=0.5, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.snr_db = arguments.pair("snr_db", snr_db, -120, 120)

    def level(self, n_cases):
        return 10 ** (-self.uniform((n_cases, 1, 1), *self.snr_db) / 20)

    def get_config(self):
        return super().get_config() | {"snr_db": self.snr_db}
