"""Linear model on the bag of a text's pieces."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import whole

# Id of any unknown token; it and the padding 0 do not count.
_UNKNOWN = 1
# Ids at and above this share the codes of their pairs with lower ids, so that a code fits int32.
_CODES = 1 << 15


@keras.saving.register_keras_serializable(package="seqconv")
class WideLogits(keras.layers.Layer):
    """Sum the class weights of all tokens, pairs of tokens and pieces of a text.

    Three groups are summed apart: tokens with their pairs, shapes, and character n-grams. Each sum is divided by the
    norm of its group. So a long text has no larger logits than a short one.

    Parameters
    ----------
    n_tokens : int
        Number of ids, at least 2. Id 0 is padding and id 1 any unknown token; neither counts.
    n_classes : int
        Number of logits, at least 1.
    n_pairs : int, default=1
        Rows for pairs of neighbouring tokens, at least 1. A pair whose row holds another one does not count.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is out of its range.
    ValueError
        If the ids are not of two or three dimensions.

    Notes
    -----
    Shape: (batch, steps) or (batch, steps, pieces) integers to (batch, n_classes).
    Mask: a step is real if its ids are not 0. The mask is consumed.
    Backend: all.
    Pieces are those of `seqconv.adapters.TextAdapter`: token, shape, pair, n-grams. The pair of a step counts unless
    its piece is 0; its own id is ignored, because many pairs share one.
    The weights do not learn by gradient descent.

    Differs: each occurrence has its own square in the norm. TF-IDF squares the sum over equal pieces.

    References
    ----------
    Joulin and others (2017), "Bag of tricks for efficient text classification", section 2: linear models of n-grams.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import WideLogits
    >>> layer = WideLogits(n_tokens=4, n_classes=2)
    >>> layer.build((None, None))
    >>> _ = layer.table.assign([[0, 0], [0, 0], [1, -1], [3, 0]])
    >>> _ = layer.squares.assign([0, 0, 1, 1])
    >>> np.asarray(layer(np.array([[2, 0], [1, 3]]))).tolist()
    [[1.0, -1.0], [3.0, 0.0]]
    """

    def __init__(self, n_tokens: int, n_classes: int, n_pairs: int = 1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n_tokens = whole("n_tokens", n_tokens, 2)
        self.n_classes = whole("n_classes", n_classes, 1)
        self.n_pairs = whole("n_pairs", n_pairs, 1)
        self.input_spec = keras.layers.InputSpec(min_ndim=2, max_ndim=3)
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        for name, n_rows in (("", self.n_tokens), ("pair_", self.n_pairs)):
            for what, shape in (("table", (n_rows, self.n_classes)), ("squares", (n_rows,))):
                weight = self.add_weight(name=name + what, shape=shape, initializer="zeros", trainable=False)
                setattr(self, name + what, weight)
        self.pair_codes = self.add_weight(
            name="pair_codes", shape=(self.n_pairs,), initializer="zeros", trainable=False, dtype="int32"
        )
        self.bias = self.add_weight(name="bias", shape=(self.n_classes,), initializer="zeros", trainable=False)
        self.built = True

    def call(self, ids: Any) -> Any:
        if not keras.backend.is_int_dtype(ids.dtype) or keras.backend.standardize_dtype(ids.dtype) != "int32":
            ids = ops.cast(ids, "int32")
        pieces = ids if len(ids.shape) == 3 else ids[..., None]
        tokens = pieces[:, :, 0]  # (batch, steps)
        sums, squares = self._summed(self.table, self.squares, tokens, tokens > _UNKNOWN)
        rows, is_known = self._pairs(tokens, pieces)
        pair_sums, pair_squares = self._summed(self.pair_table, self.pair_squares, rows, is_known)
        logits = self.bias + _divided(sums + pair_sums, squares + pair_squares)
        for group in (pieces[:, :, 1:2], pieces[:, :, 3:]):
            if group.shape[2] != 0:
                logits = logits + _divided(*self._summed(self.table, self.squares, group, group > _UNKNOWN))
        return logits  # (batch, n_classes)

    def _pairs(self, tokens, pieces):
        """Rows of the pairs of each step and the one before it, and whether the row holds this pair."""
        before, after = tokens[:, :-1], tokens[:, 1:]
        codes = pair_codes(before, after)
        rows = ops.mod(codes, self.n_pairs)
        is_known = ops.logical_and(before > _UNKNOWN, after > _UNKNOWN)
        is_known = ops.logical_and(is_known, ops.equal(ops.take(self.pair_codes, rows, axis=0), codes))
        if pieces.shape[2] is None or pieces.shape[2] > 2:
            is_known = ops.logical_and(is_known, ops.any(pieces[:, 1:, 2:3] > 0, axis=2))
        return rows, is_known

    def _summed(self, table, squares, rows, counts):
        """Sum the rows that count over all steps and pieces: (batch, n_classes) and (batch, 1)."""
        axes = tuple(range(1, len(rows.shape)))
        found = ops.where(counts[..., None], ops.take(ops.convert_to_tensor(table), rows, axis=0), 0)
        square = ops.where(counts, ops.take(ops.convert_to_tensor(squares), rows, axis=0), 0)
        return ops.sum(found, axis=axes), ops.sum(square, axis=axes)[:, None]

    def compute_mask(self, ids: Any, mask: Any = None) -> None:
        return None

    def compute_output_spec(self, ids: Any) -> keras.KerasTensor:
        return keras.KerasTensor((ids.shape[0], self.n_classes), dtype=self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        names = ("n_tokens", "n_classes", "n_pairs")
        return super().get_config() | {name: getattr(self, name) for name in names}


def pair_codes(before: Any, after: Any) -> Any:
    """Return one int32 number for each pair of neighbouring ids; of arrays or tensors."""
    return before % (2 * _CODES) * _CODES + after % _CODES


def _divided(sums, squares):
    """Divide by the norm of a group; a group without a known piece gives 0."""
    return sums / ops.sqrt(ops.maximum(squares, 1e-6))
