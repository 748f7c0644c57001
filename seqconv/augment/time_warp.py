"""Random speed within a case."""

from typing import Any

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.curves import warped_places
from seqconv.augment.observed import case_lengths, cut
from seqconv.augment.resampling import between_steps


@keras.saving.register_keras_serializable(package="seqconv")
class TimeWarp(Augmentation):
    """Speed time up in some places and slow it down in others; the first and the last step stay in place.

    Parameters
    ----------
    std : float, default=0.2
        Standard deviation of the logarithm of the speed at the knots, 0 to 3. It is drawn from a normal distribution.
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
    Mask: a case keeps its length. A value is read on the line between its two neighbours in time. If one of them is
    missing, the nearer one decides. So a gap moves and is not filled.
    Backend: all.
    Differs: the logarithms of the speeds are normal, so that no speed is negative. Speeds are linear from knot to knot,
    where the paper has cubic splines.

    References
    ----------
    Um and others (2017), "Data augmentation of wearable sensor data for Parkinson's disease monitoring using
    convolutional neural networks", section 3.2 (time-warping).

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import TimeWarp
    >>> x = np.array([0, 1, 2, 3, 4, np.nan], "float32").reshape(1, 6, 1)
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> warped = np.asarray(TimeWarp(rate=1, seed=0)((x, y, weight), training=True)[0]).ravel()
    >>> warped[[0, 4, 5]].round(3).tolist(), bool((np.diff(warped[:5]) > 0).all())
    ([0.0, 4.0, nan], True)
    """

    # The neighbours of a lone value may be read instead of it.
    may_empty = True

    def __init__(
        self, std: float = 0.2, n_knots: int = 4, rate: float = 0.5, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(rate, seed, **kwargs)
        self.std = arguments.number("std", std, 0, 3)
        self.n_knots = arguments.whole("n_knots", n_knots, 1)

    def changed(self, x: Any) -> Any:
        """Warp the time of every case."""
        speeds = ops.exp(self.normal((x.shape[0], self.n_knots + 2), 0.0, self.std))
        lengths = case_lengths(x)
        return cut(between_steps(x, warped_places(speeds, lengths, x.shape[1])), lengths)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"std": self.std, "n_knots": self.n_knots}
