"""Random stretch of a case."""

from typing import Any

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.observed import case_lengths, cut, step_numbers
from seqconv.augment.resampling import at_steps


@keras.saving.register_keras_serializable(package="seqconv")
class WindowSlice(Augmentation):
    """Keep one stretch of a case, from a random start.

    Parameters
    ----------
    share : float, default=0.9
        Length of the stretch as a share of the length of the case, above 0 to 1; at least one step.
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
    Mask: the stretch ends at the last observed step at most. It moves to the start of the case, and the rest is NaN.
    Backend: all.
    Differs: the paper answers by the vote of the slices of a case. Here averaging over augmented copies does that.

    References
    ----------
    Le Guennec, Malinowski and Tavenard (2016), "Data augmentation for time series classification using convolutional
    neural networks", section 3 (window slicing).

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import WindowSlice
    >>> x = np.array([1, 2, 3, 4, np.nan], "float32").reshape(1, 5, 1)
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> stretch, _, _ = WindowSlice(0.5, rate=1, seed=3)((x, y, weight), training=True)
    >>> np.asarray(stretch).ravel().tolist()
    [1.0, 2.0, nan, nan, nan]
    """

    may_hide = True
    may_empty = True

    def __init__(self, share: float = 0.9, rate: float = 0.5, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(rate, seed, **kwargs)
        self.share = arguments.number("share", share, above=0, most=1)

    def changed(self, x: Any) -> Any:
        """Keep a drawn stretch of every case."""
        lengths = case_lengths(x)
        widths = ops.maximum(ops.ceil(self.share * lengths), 1)
        starts = ops.floor(self.uniform((x.shape[0], 1)) * (lengths - widths + 1))
        return cut(at_steps(x, step_numbers(x.shape[1]) + starts), ops.minimum(widths, lengths))

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"share": self.share}
