"""Random speed within a case."""

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.curves import warped_places
from seqconv.augment.observed import case_lengths, cut
from seqconv.augment.resampling import between_steps


@keras.saving.register_keras_serializable(package="seqconv")
class TimeWarp(Augmentation):
    """Let time pass faster here and slower there; first and last step stay where they are.

    Parameters
    ----------
    std : float, default=0.2
        Standard deviation of the logarithm of the speed at the knots, drawn from a normal distribution; from 0 to 3.
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
    >>> from seqconv.augment import TimeWarp
    >>> x = np.array([0, 1, 2, 3, 4, np.nan], "float32").reshape(1, 6, 1)
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> warped = np.asarray(TimeWarp(rate=1, seed=0)((x, y, weight), training=True)[0]).ravel()
    >>> warped[[0, 4, 5]].round(3).tolist(), bool((np.diff(warped[:5]) > 0).all())
    ([0.0, 4.0, nan], True)

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels).
    Mask: a case keeps its length. A value is read on the line between its two neighbours in time; where one of these is
    missing the nearer one decides, so that a gap moves and is not filled.
    Backend: all.
    Differs: from the paper by the speeds: logarithms of them are normal, so that none is negative, and they run on lines
    from knot to knot instead of cubic splines.

    References
    ----------
    Um and others (2017), "Data augmentation of wearable sensor data for Parkinson's disease monitoring using
    convolutional neural networks", section 3.2 (time-warping).
    """

    may_empty = True  # of a lone value the neighbours may be read

    def __init__(self, std=0.2, n_knots=4, rate=0.5, seed=None, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.std = arguments.number("std", std, 0, 3)
        self.n_knots = arguments.whole("n_knots", n_knots, 1)

    def changed(self, x):
        speeds = ops.exp(self.normal((x.shape[0], self.n_knots + 2), 0.0, self.std))
        lengths = case_lengths(x)
        return cut(between_steps(x, warped_places(speeds, lengths, x.shape[1])), lengths)

    def get_config(self):
        return super().get_config() | {"std": self.std, "n_knots": self.n_knots}
