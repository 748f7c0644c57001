"""Stem for tokens."""

from dataclasses import dataclass

import keras

from seqconv.layers import TokenEmbedding


@dataclass(frozen=True)
class TokenStem:
    """Stem for tokens: an embedding, started at random or from word vectors.

    Parameters
    ----------
    n_tokens : int
        Number of ids, the padding 0 included.
    n_dims : int
        Length of a token's vector.
    vectors : array of shape (n_tokens, n_dims) or None
        Where the vectors start; None starts them at random.
    mode : {"trained", "static", "both"}, default="trained"
        Whether the vectors learn with the network, stay, or one table of each is added (Kim's multichannel).
    dropout : float, default=0.0
        Share of the tokens (and of their pieces) that is hidden in each training step.

    Examples
    --------
    >>> from seqconv.models import TokenStem, build_classifier
    >>> model = build_classifier("kim_cnn", (None,), 2, stem=TokenStem(n_tokens=1000, n_dims=50))
    """

    n_tokens: int
    n_dims: int
    vectors: object = None
    mode: str = "trained"
    dropout: float = 0.0

    def input(self, input_shape):
        """Keras input for ids ``(steps,)`` or ``(steps, pieces)``; both may differ between calls."""
        if not (isinstance(input_shape, tuple | list) and len(input_shape) in (1, 2)):
            raise ValueError(f"input_shape of tokens must be (steps,) or (steps, pieces), got {input_shape!r}.")
        return keras.Input((None,) * len(input_shape), dtype="int32", name="X")

    def __call__(self, x):
        layer = TokenEmbedding(self.n_tokens, self.n_dims, mode=self.mode, dropout=self.dropout, name="stem")
        x = layer(x)
        if self.vectors is not None:
            layer.set_vectors(self.vectors)
        return x
