"""From all steps to one vector, or to a few: the layers that spend the mask, and `get` to choose one by name."""

import difflib

import keras
from keras import ops

from seqconv.layers.counts import positive
from seqconv.layers.k_max_pooling import KMaxPooling1D, KMeanPooling1D
from seqconv.layers.pooling_base import GlobalPooling, flattened, real_or_ones
from seqconv.layers.registration import check_registered
from seqconv.masks import masked_max, masked_mean, masked_softmax, n_real, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class GlobalMeanPooling1D(GlobalPooling):
    """Take the mean of every feature over the real steps.

    Parameters
    ----------
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import GlobalMeanPooling1D
    >>> x, mask = np.array([[[1.0], [3.0], [9.0]]], "float32"), np.array([[True, True, False]])
    >>> np.asarray(GlobalMeanPooling1D()(x, mask=mask)).tolist()
    [[2.0]]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, channels).
    Mask: spent; a case without a real step gives 0.
    Backend: all; summed in float32 under mixed precision.
    """

    def call(self, inputs, mask=None):
        return masked_mean(inputs, mask)


@keras.saving.register_keras_serializable(package="seqconv")
class GlobalMaxPooling1D(GlobalPooling):
    """Take the largest value of every feature over the real steps.

    Parameters
    ----------
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import GlobalMaxPooling1D
    >>> x, mask = np.array([[[-1.0], [-3.0], [9.0]]], "float32"), np.array([[True, True, False]])
    >>> np.asarray(GlobalMaxPooling1D()(x, mask=mask)).tolist()
    [[-1.0]]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, channels).
    Mask: spent; a case without a real step gives 0.
    Backend: all.
    """

    def call(self, inputs, mask=None):
        return masked_max(inputs, mask)


@keras.saving.register_keras_serializable(package="seqconv")
class GlobalMeanMaxPooling1D(GlobalPooling):
    """Take the mean and the largest value of every feature over the real steps, side by side.

    Parameters
    ----------
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import GlobalMeanMaxPooling1D
    >>> x, mask = np.array([[[1.0], [3.0], [9.0]]], "float32"), np.array([[True, True, False]])
    >>> np.asarray(GlobalMeanMaxPooling1D()(x, mask=mask)).tolist()
    [[2.0, 3.0]]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, 2 * channels), the means first.
    Mask: spent; a case without a real step gives 0.
    Backend: all.
    """

    def call(self, inputs, mask=None):
        return ops.concatenate([masked_mean(inputs, mask), masked_max(inputs, mask)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], 2 * input_shape[2])


@keras.saving.register_keras_serializable(package="seqconv")
class ChunkMaxPooling1D(keras.layers.Layer):
    """Cut the real steps of every case into equal chunks and take the largest value of each.

    Chunk i of P over n real steps covers floor(i * n / P) up to ceil((i + 1) * n / P): none is empty, and neighbours
    share a step where P does not divide n.

    Parameters
    ----------
    chunks : int
        Number P of chunks, at least 1.
    flatten : bool, default=False
        Give one vector a case, chunk after chunk.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `chunks` is not an integer of at least 1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import ChunkMaxPooling1D
    >>> x = np.array([[[3.0], [1.0], [2.0], [5.0]]], "float32")
    >>> np.asarray(ChunkMaxPooling1D(2, flatten=True)(x)).tolist()
    [[3.0, 5.0]]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, chunks, channels), or to (batch, chunks * channels) with `flatten`.
    Mask: all chunks of a case with a real step are real; spent with `flatten`.
    Backend: all.
    """

    def __init__(self, chunks, flatten=False, **kwargs):
        super().__init__(**kwargs)
        self.chunks = positive("chunks", chunks)
        self.flatten = flatten
        self.supports_masking = True

    def call(self, inputs, mask=None):
        mask = real_or_ones(inputs, mask)
        rank = ops.cumsum(ops.cast(mask, "int32"), axis=1) - 1  # (batch, steps), among the real steps
        count = ops.expand_dims(n_real(mask), 1)
        largest = []
        for i in range(self.chunks):
            start, stop = i * count // self.chunks, ((i + 1) * count + self.chunks - 1) // self.chunks
            inside = ops.logical_and(rank >= start, rank < stop)
            largest.append(masked_max(inputs, ops.logical_and(inside, mask)))
        y = ops.stack(largest, axis=1)  # (batch, chunks, channels)
        return flattened(y) if self.flatten else y

    def compute_mask(self, inputs, mask=None):
        if self.flatten or mask is None:
            return None
        return ops.repeat(ops.any(mask, axis=1, keepdims=True), self.chunks, axis=1)

    def compute_output_shape(self, input_shape):
        n_cases, _, n_channels = input_shape
        return (n_cases, self.chunks * n_channels) if self.flatten else (n_cases, self.chunks, n_channels)

    def get_config(self):
        return {**super().get_config(), "chunks": self.chunks, "flatten": self.flatten}


@keras.saving.register_keras_serializable(package="seqconv")
class AttentionPooling1D(GlobalPooling):
    """Take a weighted mean over the real steps, with weights that are learnt from the steps themselves.

    The score of a step x is w . tanh(V x), times sigmoid(U x) inside if gated; the weights are the softmax of the
    scores over the real steps.

    Parameters
    ----------
    units : int
        Width of V x, at least 1.
    gated : bool, default=False
        Multiply tanh(V x) by sigmoid(U x).
    heads : int, default=1
        Number of score vectors w, at least 1; the means of all heads are set side by side.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `units` or `heads` is not an integer of at least 1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import AttentionPooling1D
    >>> tuple(AttentionPooling1D(8, heads=2)(np.ones((4, 10, 3), "float32")).shape)
    (4, 6)

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, heads * channels).
    Mask: spent; a case without a real step gives 0.
    Backend: all; summed in float32 under mixed precision.

    References
    ----------
    Ilse, Tomczak, Welling (2018), Attention-based deep multiple instance learning, equations 8 and 9.
    """

    def __init__(self, units, gated=False, heads=1, **kwargs):
        super().__init__(**kwargs)
        self.units = positive("units", units)
        self.gated = gated
        self.heads = positive("heads", heads)

    def build(self, input_shape):
        n_channels = input_shape[-1]
        self.value_kernel = self.add_weight((n_channels, self.units), "glorot_uniform", name="value_kernel")
        if self.gated:
            self.gate_kernel = self.add_weight((n_channels, self.units), "glorot_uniform", name="gate_kernel")
        self.score_kernel = self.add_weight((self.units, self.heads), "glorot_uniform", name="score_kernel")

    def call(self, inputs, mask=None):
        x = zero_hidden(inputs, mask)
        hidden = ops.tanh(ops.matmul(x, self.value_kernel))  # (batch, steps, units)
        if self.gated:
            hidden = hidden * ops.sigmoid(ops.matmul(x, self.gate_kernel))
        weights = masked_softmax(ops.matmul(hidden, self.score_kernel), mask)  # (batch, steps, heads)
        means = ops.matmul(ops.transpose(weights, (0, 2, 1)), ops.cast(x, weights.dtype))  # (batch, heads, channels)
        return ops.cast(flattened(means), x.dtype)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.heads * input_shape[2])

    def get_config(self):
        return {**super().get_config(), "units": self.units, "gated": self.gated, "heads": self.heads}


_BY_NAME = {
    "mean": GlobalMeanPooling1D,
    "max": GlobalMaxPooling1D,
    "mean_max": GlobalMeanMaxPooling1D,
    "k_max": lambda: KMaxPooling1D(k=4, flatten=True),
    "k_mean": lambda: KMeanPooling1D(k=4),
    "chunk_max": lambda: ChunkMaxPooling1D(chunks=4, flatten=True),
    "attention": lambda: AttentionPooling1D(units=64),
}


def get(pooling):
    """Make a new global pooling layer from its name or from a template.

    Parameters
    ----------
    pooling : str or keras.layers.Layer
        "mean", "max", "mean_max", "k_max" (k = 4), "k_mean" (k = 4), "chunk_max" (4 chunks) or "attention"
        (64 units), each giving one vector a case; or a layer, which is left as it is.

    Returns
    -------
    keras.layers.Layer
        Not built yet.

    Raises
    ------
    ValueError
        If the name is unknown, or the layer is of a class that Keras could not load back from a file.
    TypeError
        If `pooling` is neither.

    Examples
    --------
    >>> from seqconv.layers import get
    >>> get("k_max").k
    4
    """
    if isinstance(pooling, str):
        if pooling not in _BY_NAME:
            near = difflib.get_close_matches(pooling, _BY_NAME, n=3, cutoff=0.4) or list(_BY_NAME)
            raise ValueError(f"pooling must be a known name, got {pooling!r}; did you mean {' or '.join(near)}?")
        return _BY_NAME[pooling]()
    if not isinstance(pooling, keras.layers.Layer):
        raise TypeError(
            f"pooling must be a name or a Keras layer, got {pooling!r}; give one of {', '.join(_BY_NAME)} or a layer."
        )
    check_registered(pooling, "A pooling layer")
    made_of = type(pooling)
    if not pooling.supports_masking:
        raise ValueError(
            f"A pooling layer must spend the mask, {made_of.__name__} ignores it and would pool the padding; "
            f"give one of {', '.join(_BY_NAME)} or a layer of seqconv."
        )
    return made_of.from_config(pooling.get_config())
