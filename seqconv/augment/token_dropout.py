"""Random tokens hidden."""

from typing import Any

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation


@keras.saving.register_keras_serializable(package="seqconv")
class TokenDropout(Augmentation):
    """Hide tokens of a text: their ids become 0 (no token).

    Parameters
    ----------
    share : float, default=0.1
        Probability of each token to be hidden, 0 to 1. One token of a text always remains.
    pair_piece : int or None, default=2
        Index of the piece that also names the previous token, as `TextAdapter` with ``"subword"`` has it. It is hidden
        after a hidden token. None if no piece does so.
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
    Shape: ``(x, y, weight)`` to the same three; x integers (batch, steps) or (batch, steps, pieces). All pieces of a
    step are hidden together.
    Mask: a hidden token leaves a gap; no token moves.
    Backend: all. On PyTorch the draws may depend on the length of the padded batch.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.augment import TokenDropout
    >>> ids, y, weight = np.array([[5, 6, 7, 8, 0]]), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> fewer, _, _ = TokenDropout(0.5, rate=1, seed=0)((ids, y, weight), training=True)
    >>> np.asarray(fewer).tolist()
    [[0, 6, 7, 8, 0]]
    """

    takes_tokens = True
    may_hide = True

    def __init__(
        self, share: float = 0.1, rate: float = 0.5, seed: int | None = None, pair_piece: int | None = 2, **kwargs: Any
    ) -> None:
        super().__init__(rate, seed, **kwargs)
        self.share = arguments.number("share", share, 0, 1)
        self.pair_piece = arguments.whole("pair_piece", pair_piece, 0, 2**31 - 1, optional=True)

    def augmented(self, x: Any, y: Any, weight: Any) -> tuple[Any, Any, Any]:
        """Hide tokens of every case; targets and weights are unchanged."""
        n_cases, n_steps = x.shape[:2]
        is_token = ops.not_equal(x, 0)
        is_token = ops.any(is_token, axis=2) if len(x.shape) == 3 else is_token
        # Drawn step by step, so that the first steps do not depend on the number of steps.
        luck = ops.where(is_token, ops.transpose(self.uniform((n_steps, n_cases))), -1)
        hidden = ops.logical_and(luck < self.share, luck < ops.max(luck, axis=1, keepdims=True))
        if self.rate < 1:
            hidden = ops.logical_and(hidden, self.uniform((n_cases, 1)) < self.rate)
        if len(x.shape) == 3:
            hidden = ops.expand_dims(hidden, -1)
            if self.pair_piece is not None:
                after = ops.pad(hidden[:, :-1], ((0, 0), (1, 0), (0, 0)))
                hidden = ops.logical_or(hidden, ops.logical_and(after, ops.arange(x.shape[2]) == self.pair_piece))
        return ops.where(hidden, 0, x), y, weight

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"share": self.share, "pair_piece": self.pair_piece}
