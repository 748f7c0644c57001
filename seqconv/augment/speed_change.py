"""Random speed of a case."""

from typing import Any

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.observed import case_lengths, cut, step_numbers
from seqconv.augment.resampling import between_steps


@keras.saving.register_keras_serializable(package="seqconv")
class SpeedChange(Augmentation):
    """Play a case faster or slower; the pitch of a waveform rises or falls with it.

    Parameters
    ----------
    speed : tuple of two floats, default=(0.9, 1.1)
        Lowest and highest speed, 0.1 to 10, drawn uniformly. At 2 a case has half as many steps, and a waveform sounds
        an octave higher.
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
    Shape: ``(x, y, weight)`` to the same three; x (batch, steps, channels). A lowest speed below 1 gives as
    many steps as all steps take at that speed, so that no end is lost.
    Mask: step t of the result is the place ``t * speed`` of the case; padding follows its last step. A value is read
    on the line between its two neighbours in time. If one of them is missing, the nearer one decides.
    Backend: all.
    Reading on a line damps frequencies near half the sampling rate, and high speeds alias them. For factors far from 1,
    resample the recordings themselves.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import SpeedChange
    >>> x = np.array([0, 1, 2, 3, 4, np.nan], "float32").reshape(1, 6, 1)
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> fast, _, _ = SpeedChange((2, 2), rate=1)((x, y, weight), training=True)
    >>> np.asarray(fast).ravel().tolist()
    [0.0, 2.0, 4.0, nan, nan, nan]
    >>> slow, _, _ = SpeedChange((0.5, 0.5), rate=1)((x, y, weight), training=True)
    >>> np.asarray(slow).ravel()[:9].tolist()
    [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0]
    """

    may_hide = True
    may_empty = True

    def __init__(
        self, speed: tuple[float, float] = (0.9, 1.1), rate: float = 0.5, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(rate, seed, **kwargs)
        self.speed = arguments.pair("speed", speed, 0.1, 10)

    def changed(self, x: Any) -> Any:
        """Play every case at a drawn speed."""
        speed = self.uniform((x.shape[0], 1), *self.speed)
        last = case_lengths(x) - 1  # (batch, 1); -1 for a case without a step
        n_steps = max(x.shape[1], int((x.shape[1] - 1) / self.speed[0] + 1e-3) + 1)
        places = ops.minimum(step_numbers(n_steps) * speed, ops.maximum(last, 0))
        # The small number keeps a last step that falls on the end of the case, despite rounding.
        return cut(between_steps(x, places), ops.floor(last / speed + 1e-3) + 1)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"speed": self.speed}
