"""Token ids to vectors, with the mask of the tokens."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import choice, number, whole


@keras.saving.register_keras_serializable(package="seqconv")
class TokenEmbedding(keras.layers.Layer):
    """Look up the vectors of tokens; a step of several pieces has the sum of their vectors.

    Parameters
    ----------
    n_tokens : int
        Number of ids, at least 1. Ids are 0 (no token) to ``n_tokens - 1``.
    n_dims : int
        Length of a vector, at least 1.
    mode : {"trained", "static", "both"}, default="trained"
        "trained" vectors learn with the network, "static" vectors stay as set. "both" adds one table of each.
    dropout : float, default=0.0
        Share of the pieces hidden in each training step, 0 to below 1. A hidden first piece (the token itself) becomes
        id 1, the unknown token; any other hidden piece becomes 0.
    scale : float, default=0.01
        Bound of the uniform numbers, from ``-scale`` to ``scale``, in which a trained table starts.
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
    Shape: (batch, steps) or (batch, steps, pieces) integers to (batch, steps, n_dims).
    Mask: a step is real if any of its pieces is not 0. Id 0 has the vector 0 whatever the tables hold.
    Backend: all; on TensorFlow padding is not looked up, which XLA cannot compile.
    With ``mode="both"`` the two tables are summed before shared filters. For a convolution this equals Kim's sum of the
    convolutions of both channels.

    References
    ----------
    Kim (2014), "Convolutional neural networks for sentence classification", section 2.1 (two channels).
    Bojanowski and others (2017), "Enriching word vectors with subword information", section 3.2 (sum of pieces).

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import TokenEmbedding
    >>> tuple(TokenEmbedding(10, 4)(np.array([[1, 2, 0]])).shape)
    (1, 3, 4)
    """

    def __init__(
        self,
        n_tokens: int,
        n_dims: int,
        mode: str = "trained",
        dropout: float = 0.0,
        scale: float = 0.01,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.n_tokens = whole("n_tokens", n_tokens, 1)
        self.n_dims = whole("n_dims", n_dims, 1)
        self.mode = choice("mode", mode, ("trained", "static", "both"))
        self.dropout = number("dropout", dropout, 0, below=1)
        self.scale = number("scale", scale, 0)
        self.seed_generator = keras.random.SeedGenerator()
        self.input_spec = keras.layers.InputSpec(min_ndim=2, max_ndim=3)
        self.supports_masking = True
        # `_sum_of_real_pieces` has shapes that XLA cannot know.
        self.supports_jit = keras.backend.backend() != "tensorflow"

    def build(self, input_shape: Any) -> None:
        shape = (self.n_tokens, self.n_dims)
        self.tables = []
        if self.mode in ("trained", "both"):
            start = keras.initializers.RandomUniform(-self.scale, self.scale)
            self.tables.append(self.add_weight(name="trained", shape=shape, initializer=start))
        if self.mode in ("static", "both"):
            self.tables.append(self.add_weight(name="static", shape=shape, initializer="zeros", trainable=False))
        self.built = True

    def set_vectors(self, vectors: Any) -> None:
        """Write the same vectors, (n_tokens, n_dims), to every table."""
        for table in self.tables:
            table.assign(vectors)

    def call(self, ids: Any, training: bool | None = None) -> Any:
        if not keras.backend.is_int_dtype(ids.dtype):
            ids = ops.cast(ids, "int32")
        if training and self.dropout:
            ids = self._some_hidden(ids)
        sum_up = _sum_of_real_pieces if keras.backend.backend() == "tensorflow" else _sum_of_pieces
        pieces = ids if len(ids.shape) == 3 else ids[..., None]
        x = sum(sum_up(ops.convert_to_tensor(table), pieces) for table in self.tables)
        return ops.cast(x, self.compute_dtype)  # (batch, steps, n_dims)

    def _some_hidden(self, ids):
        hidden = keras.random.uniform(ops.shape(ids), seed=self.seed_generator) < self.dropout
        is_token = ops.arange(ops.shape(ids)[2]) == 0 if len(ids.shape) == 3 else True
        instead = ops.cast(ops.logical_and(is_token, ids > 0), ids.dtype)
        return ops.where(hidden, instead, ids)

    def compute_mask(self, ids: Any, mask: Any = None) -> Any:
        real = ops.not_equal(ids, 0)
        return ops.any(real, axis=2) if len(ids.shape) == 3 else real

    def compute_output_spec(self, ids: Any, training: bool | None = None) -> keras.KerasTensor:
        return keras.KerasTensor((*ids.shape[:2], self.n_dims), dtype=self.compute_dtype)

    def get_config(self) -> dict[str, Any]:
        names = ("n_tokens", "n_dims", "mode", "dropout", "scale")
        return super().get_config() | {name: getattr(self, name) for name in names}


def _sum_of_pieces(table, ids):
    """Sum the vectors of each step's pieces, ids (batch, steps, pieces) to (batch, steps, n_dims)."""
    vectors = ops.where(ops.not_equal(ids, 0)[..., None], ops.take(table, ids, axis=0), 0)
    return ops.sum(vectors, axis=2)


def _sum_of_real_pieces(table, ids):
    """Compute `_sum_of_pieces` on TensorFlow without looking up the id 0."""
    # In padded words and texts most pieces are 0.
    import tensorflow as tf

    n_cases, n_steps = ops.shape(ids)[:2]
    where = tf.where(ids > 0)  # (real pieces, 3)
    vectors = tf.gather(table, tf.gather_nd(ids, where))  # (real pieces, n_dims)
    steps = where[:, 0] * tf.cast(n_steps, "int64") + where[:, 1]
    sums = tf.math.unsorted_segment_sum(vectors, steps, tf.cast(n_cases * n_steps, "int32"))
    return tf.reshape(sums, (n_cases, n_steps, table.shape[1]))
