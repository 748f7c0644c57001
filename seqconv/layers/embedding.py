"""Token ids to vectors, with the mask of the tokens."""

import keras
from keras import ops


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
    scale : float, default=0.05
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

    def __init__(self, n_tokens, n_dims, mode="trained", scale=0.05, **kwargs):
        super().__init__(**kwargs)
        if mode not in ("trained", "static", "both"):
            raise ValueError(f"mode must be 'trained', 'static' or 'both', got {mode!r}.")
        self.n_tokens = n_tokens
        self.n_dims = n_dims
        self.mode = mode
        self.scale = scale
        self.supports_masking = True

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

    def call(self, ids):
        x = sum(ops.take(table, ids, axis=0) for table in self.tables)
        x = ops.where(ops.not_equal(ids, 0)[..., None], x, 0)
        return ops.sum(x, axis=2) if len(ids.shape) == 3 else x  # (batch, steps, n_dims)

    def compute_mask(self, ids, mask=None):
        real = ops.not_equal(ids, 0)
        return ops.any(real, axis=2) if len(ids.shape) == 3 else real

    def compute_output_spec(self, ids):
        return keras.KerasTensor((*ids.shape[:2], self.n_dims), dtype=self.compute_dtype)

    def get_config(self):
        config = {"n_tokens": self.n_tokens, "n_dims": self.n_dims, "mode": self.mode, "scale": self.scale}
        return super().get_config() | config
