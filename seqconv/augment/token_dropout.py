"""Random tokens hidden."""

import keras
from keras import ops

from seqconv import arguments
from seqconv.augment.augmentation import Augmentation


@keras.saving.register_keras_serializable(package="seqconv")
class TokenDropout(Augmentation):
    """Hide tokens of a text: their ids become 0, no token.

    Parameters
    ----------
    share : float, default=0.1
        Probability of every token to be hidden, 0 to 1; one token of a text is always left.
    pair_piece : int or None, default=2
        Place, among the pieces of a step, of the id that names the token before, too, as in what `TextAdapter` makes of
        ``"subword"``: it is hidden behind a hidden token. None where no piece does.
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
    >>> from seqconv.augment import TokenDropout
    >>> ids, y, weight = np.array([[5, 6, 7, 8, 0]]), np.ones((1, 2), "float32"), np.ones(1, "float32")
    >>> fewer, _, _ = TokenDropout(0.5, rate=1, seed=0)((ids, y, weight), training=True)
    >>> np.asarray(fewer).tolist()
    [[0, 6, 7, 8, 0]]

    Notes
    -----
    Shape: ``(x, y, weight)`` to the same three; x integers (batch, steps) or (batch, steps, pieces), of which all pieces
    of a step are hidden together, and of the step behind the pair.
    Mask: what is hidden leaves a gap: no token moves.
    Backend: all. On PyTorch what is drawn may depend on how far the batch is padded.
    """

    takes_tokens = True
    may_hide = True

    def __init__(self, share=0.1, rate=0.5, seed=None, pair_piece=2, **kwargs):
        super().__init__(rate, seed, **kwargs)
        self.share = arguments.number("share", share, 0, 1)
        self.pair_piece = arguments.whole("pair_piece", pair_piece, 0, 2**31 - 1, optional=True)

    def augmented(self, x, y, weight):
        n_cases, n_steps = x.shape[:2]
        is_token = ops.not_equal(x, 0)
        is_token = ops.any(is_token, axis=2) if len(x.shape) == 3 else is_token
        # Drawn step by step, so that the first steps do not depend on how many follow.
        luck = ops.where(is_token, ops.transpose(self.uniform((n_steps, n_cases))), -1)
        hidden = ops.logical_and(luck < self.share, luck < ops.max(luck, axis=1, keepdims=True))
        if self.rate < 1:
            hidden = ops.logical_and(hidden, self.uniform((n_cases, 1)) < self.rate)
        if len(x.shape) == 3:
            hidden = ops.expand_dims(hidden, -1)
            if self.pair_piece is not None:
                behind = ops.pad(hidden[:, :-1], ((0, 0), (1, 0), (0, 0)))
                hidden = ops.logical_or(hidden, ops.logical_and(behind, ops.arange(x.shape[2]) == self.pair_piece))
        return ops.where(hidden, 0, x), y, weight

    def get_config(self):
        return super().get_config() | {"share": self.share, "pair_piece": self.pair_piece}
