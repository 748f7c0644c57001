"""Random order of segments."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.observed import case_lengths, cut, step_numbers
from seqconv.augment.resampling import at_steps


@keras.saving.register_keras_serializable(package="seqconv")
class Permutation(Augmentation):
    """Cut a case into segments and put them in another order.

    Parameters
    ----------
    n_segments : int, default=4
        Number of segments, at least 1. The longest is at most three times the shortest, up to rounding.
    rate : float, default=0.5
        Probability that a case is changed, 0 to 1; the order drawn may be the old one.
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
    Mask: the steps up to the last observed one are permuted; gaps inside move along.
    Backend: all.
    Differs: the lengths of the segments are drawn in proportion to the length of the case.

    References
    ----------
    Um and others (2017), "Data augmentation of wearable sensor data for Parkinson's disease monitoring using
    convolutional neural networks", section 3.2 (permutation).

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import Permutation
    >>> x = np.array([1, 2, 3, 4, 5, 6, np.nan], "float32").reshape(1, 7, 1)
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> permuted, _, _ = Permutation(2, rate=1, seed=0)((x, y, weight), training=True)
    >>> np.asarray(permuted).ravel().tolist()
    [3.0, 4.0, 5.0, 6.0, 1.0, 2.0, nan]
    """

    def __init__(self, n_segments: int = 4, rate: float = 0.5, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(rate, seed, **kwargs)
        self.n_segments = whole("n_segments", n_segments, 1)

    def changed(self, x: Any) -> Any:
        """Cut every case into segments and put them in a drawn order."""
        lengths = case_lengths(x)
        sizes, luck = ops.unstack(self.uniform((x.shape[0], 2, self.n_segments)), axis=1)
        ends = ops.cumsum(sizes + 0.5, axis=1)
        ends = ops.round(ends * (lengths / ends[:, -1:]))  # (batch, segments)
        starts = ops.pad(ends[:, :-1], ((0, 0), (1, 0)))
        sizes = ends - starts
        # Segments are ordered by their luck: each starts after all those of less luck.
        before = ops.cast(ops.expand_dims(luck, 1) < ops.expand_dims(luck, 2), "float32")  # (batch, segments, others)
        new_starts = ops.sum(before * ops.expand_dims(sizes, 1), axis=2)
        steps = step_numbers(x.shape[1])
        passed = ops.expand_dims(steps, -1) - ops.expand_dims(new_starts, 1)  # (batch, steps, segments)
        inside = ops.cast(ops.logical_and(passed >= 0, passed < ops.expand_dims(sizes, 1)), "float32")
        sources = steps + ops.sum(inside * ops.expand_dims(starts - new_starts, 1), axis=2)
        return cut(at_steps(x, sources), lengths)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"n_segments": self.n_segments}
