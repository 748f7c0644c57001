"""Stem for tokens."""

from dataclasses import dataclass
from typing import Any

import keras

from seqconv.layers import TokenEmbedding


@dataclass(frozen=True)
class TokenStem:
    """Stem for tokens: an embedding that starts at random or from word vectors.

    Parameters
    ----------
    n_tokens : int
        Number of ids, the padding 0 included.
    n_dims : int
        Length of the vector of a token.
    vectors : array of shape (n_tokens, n_dims), optional
        Start of the vectors; None starts them at random.
    mode : {"trained", "static", "both"}, default="trained"
        "trained" vectors learn with the network, "static" vectors stay. "both" adds one table of each (Kim's
        multichannel).
    dropout : float, default=0.0
        Share of the tokens and of their pieces that is hidden in each training step, 0 to below 1.

    Examples
    --------
    >>> from seqconv.models import TokenStem, build_classifier
    >>> model = build_classifier("kim_cnn", (None,), 2, stem=TokenStem(n_tokens=1000, n_dims=50))
    >>> model.get_layer("stem").n_tokens
    1000
    """

    n_tokens: int
    n_dims: int
    vectors: Any = None
    mode: str = "trained"
    dropout: float = 0.0

    def input(self, input_shape: tuple) -> keras.KerasTensor:
        """Make the Keras input of ids ``(steps,)`` or ``(steps, pieces)``; both may differ between calls.

        Raises
        ------
        ValueError
            If the shape has not one or two entries.
        """
        if not (isinstance(input_shape, tuple | list) and len(input_shape) in (1, 2)):
            raise ValueError(f"input_shape of tokens must be (steps,) or (steps, pieces), got {input_shape!r}.")
        return keras.Input((None,) * len(input_shape), dtype="int32", name="X")

    def __call__(self, x: Any) -> Any:
        """Draw the embedding on a tensor of ids (batch, steps) or (batch, steps, pieces)."""
        layer = TokenEmbedding(self.n_tokens, self.n_dims, mode=self.mode, dropout=self.dropout, name="stem")
        x = layer(x)
        if self.vectors is not None:
            layer.set_vectors(self.vectors)
        return x
