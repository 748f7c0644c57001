"""Token ids to vectors, with the mask of the tokens."""

import keras
from keras import ops

from seqconv.arguments import whole


@keras.saving.register_keras_serializable(package="seqconv")
class TokenEmbedding(keras.layers.Layer):
    """Vectors of tokens; the vectors of a step's pieces are added.

    Parameters
    ----------
    n_tokens : int
        Number of ids; ids are 0 (no token) to ``n_tokens - 1``.
    n_dims : int
        Length of a vector.
    mode : {"trained", "static", "both"}, default="trained"
        Whether the vectors learn with the network, stay as they were set, or one table of each is added.
    dropout : float, default=0.0
        Share of the pieces hidden in each training step, so that the others learn to speak for them: a step's first piece
        (the token itself) becomes 1, the unknown, any other piece 0.
    scale : float, default=0.01
        Trained tables start uniformly between ``-scale`` and ``scale``.

    Notes
    -----
    Shape: ``(batch, steps)`` or ``(batch, steps, pieces)`` integers to ``(batch, steps, n_dims)``.

    Mask: a step is real if any of its pieces is not 0. Id 0 has the vector 0 whatever the tables hold.

    Backend: any.

    With ``mode="both"`` the two tables are summed in front of shared filters, which for a convolution equals Kim's sum of
    both channels' convolutions.

    References
    ----------
    Kim (2014), "Convolutional neural networks for sentence classification", section 2.1 (two channels); Bojanowski and
    others (2017), "Enriching word vectors with subword information", section 3.2 (sum of pieces).

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import TokenEmbedding
    >>> TokenEmbedding(10, 4)(np.array([[1, 2, 0]])).shape
    TensorShape([1, 3, 4])
    """

    def __init__(self, n_tokens, n_dims, mode="trained", dropout=0.0, scale=0.01, **kwargs):
        super().__init__(**kwargs)
        if mode not in ("trained", "static", "both"):
            raise ValueError(f"mode must be 'trained', 'static' or 'both', got {mode!r}.")
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout must be from 0 to below 1, got {dropout!r}.")
        self.n_tokens = whole("n_tokens", n_tokens, 1)
        self.n_dims = whole("n_dims", n_dims, 1)
        self.mode = mode
        self.dropout = dropout
        self.scale = scale
        self.seed_generator = keras.random.SeedGenerator()
        self.supports_masking = True
        self.supports_jit = (
            keras.backend.backend() != "tensorflow"
        )  # `_sum_of_real_pieces` has shapes that XLA cannot know

    def build(self, input_shape):
        shape = (self.n_tokens, self.n_dims)
        self.tables = []
        if self.mode in ("trained", "both"):
            start = keras.initializers.RandomUniform(-self.scale, self.scale)
            self.tables.append(self.add_weight(name="trained", shape=shape, initializer=start))
        if self.mode in ("static", "both"):
            self.tables.append(self.add_weight(name="static", shape=shape, initializer="zeros", trainable=False))
        self.built = True

    def set_vectors(self, vectors):
        """Put the same vectors, (n_tokens, n_dims), into every table."""
        for table in self.tables:
            table.assign(vectors)

    def call(self, ids, training=None):
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

    def compute_mask(self, ids, mask=None):
        real = ops.not_equal(ids, 0)
        return ops.any(real, axis=2) if len(ids.shape) == 3 else real

    def compute_output_spec(self, ids, training=None):
        return keras.KerasTensor((*ids.shape[:2], self.n_dims), dtype=self.compute_dtype)

    def get_config(self):
        names = ("n_tokens", "n_dims", "mode", "dropout", "scale")
        return super().get_config() | {name: getattr(self, name) for name in names}


def _sum_of_pieces(table, ids):
    """Sum of the vectors of each step's pieces, ids (batch, steps, pieces) to (batch, steps, n_dims)."""
    vectors = ops.where(ops.not_equal(ids, 0)[..., None], ops.take(table, ids, axis=0), 0)
    return ops.sum(vectors, axis=2)


def _sum_of_real_pieces(table, ids):
    """The same on TensorFlow, without looking up what is no piece: of padded words and texts that is most."""
    import tensorflow as tf

    n_cases, n_steps = ops.shape(ids)[:2]
    where = tf.where(ids > 0)  # (real pieces, 3)
    vectors = tf.gather(table, tf.gather_nd(ids, where))  # (real pieces, n_dims)
    steps = where[:, 0] * tf.cast(n_steps, "int64") + where[:, 1]
    sums = tf.math.unsorted_segment_sum(vectors, steps, tf.cast(n_cases * n_steps, "int32"))
    return tf.reshape(sums, (n_cases, n_steps, table.shape[1]))
