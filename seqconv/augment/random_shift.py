"""Random shift in time."""

from typing import Any

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation
from seqconv.augment.observed import case_lengths, cut, hide, step_numbers
from seqconv.augment.resampling import at_steps


@keras.saving.register_keras_serializable(package="seqconv")
class RandomShift(Augmentation):
    """Move a case earlier or later within its own length.

    Parameters
    ----------
    max_share : float, default=0.1
        Longest shift to either side as a share of the length of the case, 0 to below 1. Shifts are drawn uniformly.
    fill : {"hidden", "wrap"}, default="hidden"
        Content of the steps without a source: NaN, or the steps pushed out at the other end.
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
    Mask: only the steps up to the last observed one are moved; gaps among them move along.
    Backend: all.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import RandomShift
    >>> x = np.array([1, 2, 3, 4, np.nan], "float32").reshape(1, 5, 1)
    >>> y, weight = np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> shifted, _, _ = RandomShift(0.5, "wrap", rate=1, seed=2)((x, y, weight), training=True)
    >>> np.asarray(shifted).ravel().tolist()
    [4.0, 1.0, 2.0, 3.0, nan]
    """

    def __init__(
        self, max_share: float = 0.1, fill: str = "hidden", rate: float = 0.5, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(rate, seed, **kwargs)
        self.max_share = arguments.number("max_share", max_share, 0, 1, below=1)
        self.fill = arguments.choice("fill", fill, ("hidden", "wrap"))
        self.may_hide = self.may_empty = self.fill == "hidden"

    def changed(self, x: Any) -> Any:
        """Move every case by a drawn shift."""
        lengths = case_lengths(x)  # (batch, 1)
        shift = ops.round(self.uniform((x.shape[0], 1), -self.max_share, self.max_share) * lengths)
        steps = step_numbers(x.shape[1])
        sources = steps - shift  # (batch, steps)
        if self.fill == "wrap":
            sources = sources + lengths * (ops.cast(sources < 0, "float32") - ops.cast(sources >= lengths, "float32"))
            return cut(at_steps(x, sources), lengths)
        # Sources before the case or after its end, and steps after its end.
        outside = ops.logical_or(sources < 0, ops.maximum(sources, steps) >= lengths)
        return hide(at_steps(x, sources), ops.expand_dims(outside, -1))

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"max_share": self.max_share, "fill": self.fill}
