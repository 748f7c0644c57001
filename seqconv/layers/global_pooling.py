"""From all steps to one vector, or to a few: the layers that spend the mask, and `get` to choose one by name."""

import difflib

import keras
from keras import ops

from seqconv.layers.k_largest import k_largest
from seqconv.masks import masked_max, masked_mean, masked_softmax, n_real, zero_hidden


class _GlobalPooling(keras.layers.Layer):
    """What the pools share that give one vector a case: the mask is spent."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[2])


@keras.saving.register_keras_serializable(package="seqconv")
class GlobalMeanPooling1D(_GlobalPooling):
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
class GlobalMaxPooling1D(_GlobalPooling):
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
class GlobalMeanMaxPooling1D(_GlobalPooling):
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


def _require_positive(**counts):
    for name, value in counts.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(f"{name} must be an integer of at least 1, got {value!r}; give a positive integer.")


def _real_or_ones(x, mask):
    return ops.ones_like(x[:, :, 0], dtype="bool") if mask is None else mask


def _slots(counts, n_slots):
    """Mask `(batch, n_slots)` of the first `counts` slots."""
    return ops.expand_dims(counts, 1) > ops.expand_dims(ops.arange(n_slots, dtype="int32"), 0)


def _flattened(y):
    """`(batch, slots, channels)` to `(batch, slots * channels)`."""
    return ops.reshape(y, (-1, y.shape[1] * y.shape[2]))


@keras.saving.register_keras_serializable(package="seqconv")
class KMaxPooling1D(keras.layers.Layer):
    """Keep the k largest real values of every feature, in the order of time.

    Parameters
    ----------
    k : int
        Values kept, at least 1. A case with fewer real steps keeps them all, the rest is 0.
    flatten : bool, default=False
        Give one vector a case, slot after slot.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If k is not an integer of at least 1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import KMaxPooling1D
    >>> x = np.array([[[3.0], [1.0], [2.0], [5.0]]], "float32")
    >>> np.asarray(KMaxPooling1D(3, flatten=True)(x)).tolist()
    [[3.0, 2.0, 5.0]]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, k, channels), or to (batch, k * channels) with `flatten`.
    Mask: the first min(k, real steps) slots are real; spent with `flatten`.
    Backend: all. Of equal values the earliest are kept.

    References
    ----------
    Kalchbrenner, Grefenstette, Blunsom (2014), A convolutional neural network for modelling sentences, section 3.2.
    """

    def __init__(self, k, flatten=False, **kwargs):
        super().__init__(**kwargs)
        _require_positive(k=k)
        self.k = k
        self.flatten = flatten
        self.supports_masking = True

    def call(self, inputs, mask=None):
        y = k_largest(inputs, mask, self.k)  # (batch, k, channels)
        return _flattened(y) if self.flatten else y

    def compute_mask(self, inputs, mask=None):
        n_steps = inputs.shape[1]
        if self.flatten or (mask is None and n_steps is not None and n_steps >= self.k):
            return None
        return _slots(n_real(_real_or_ones(inputs, mask)), self.k)

    def compute_output_shape(self, input_shape):
        n_cases, _, n_channels = input_shape
        return (n_cases, self.k * n_channels) if self.flatten else (n_cases, self.k, n_channels)

    def get_config(self):
        return {**super().get_config(), "k": self.k, "flatten": self.flatten}


@keras.saving.register_keras_serializable(package="seqconv")
class KMeanPooling1D(_GlobalPooling):
    """Take the mean of the k largest real values of every feature: between the maximum (k = 1) and the mean.

    Parameters
    ----------
    k : int
        Values averaged, at least 1; all real ones of a case that has fewer.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If k is not an integer of at least 1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import KMeanPooling1D
    >>> np.asarray(KMeanPooling1D(2)(np.array([[[3.0], [1.0], [5.0]]], "float32"))).tolist()
    [[4.0]]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, channels).
    Mask: spent; a case without a real step gives 0.
    Backend: all.
    """

    def __init__(self, k, **kwargs):
        super().__init__(**kwargs)
        _require_positive(k=k)
        self.k = k

    def call(self, inputs, mask=None):
        total = ops.sum(k_largest(inputs, mask, self.k), axis=1)
        n_steps = inputs.shape[1]
        if mask is None and n_steps is not None:
            return total / min(self.k, n_steps)
        counts = ops.clip(n_real(_real_or_ones(inputs, mask)), 1, self.k)
        return total / ops.expand_dims(ops.cast(counts, total.dtype), -1)

    def get_config(self):
        return {**super().get_config(), "k": self.k}


@keras.saving.register_keras_serializable(package="seqconv")
class DynamicKMaxPooling1D(keras.layers.Layer):
    """Keep the k largest real values of every feature in the order of time, where k follows the length of the case.

    In layer l of L a case of s steps keeps max(k_top, ceil((L - l) / L * s)) values.

    Parameters
    ----------
    k_top : int
        Values kept by the topmost layer, at least 1.
    layer : int
        Number l of the convolution that this pool follows, from 1.
    n_layers : int
        Number L of the convolutions, at least `layer`.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is not an integer of at least 1, or `layer` exceeds `n_layers`.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import DynamicKMaxPooling1D
    >>> x = np.array([[[3.0], [1.0], [2.0], [5.0], [4.0]]], "float32")
    >>> np.asarray(DynamicKMaxPooling1D(k_top=2, layer=1, n_layers=2)(x)).ravel().tolist()
    [3.0, 5.0, 4.0]

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, K, channels), K being the k of a case that fills all steps. A list
    `[x, sentence]` takes s from `sentence`, a tensor (batch, sentence steps, any) before the convolutions: the paper's
    s is the length of the sentence, which a wide convolution exceeds. Without it s is the length of `x`.
    Mask: the first min(k, real steps) slots of every case are real.
    Backend: all. Of equal values the earliest are kept.

    References
    ----------
    Kalchbrenner, Grefenstette, Blunsom (2014), A convolutional neural network for modelling sentences, section 3.3.
    """

    def __init__(self, k_top, layer, n_layers, **kwargs):
        super().__init__(**kwargs)
        _require_positive(k_top=k_top, layer=layer, n_layers=n_layers)
        if layer > n_layers:
            raise ValueError(f"layer must be at most n_layers, got layer={layer}, n_layers={n_layers}; count from 1.")
        self.k_top = k_top
        self.layer = layer
        self.n_layers = n_layers
        self.supports_masking = True

    def call(self, inputs, mask=None):
        x, real, sentence = _split_sentence(inputs, mask)
        n_steps, n_slots = ops.shape(x)[1], _dynamic_width(ops.shape(x)[1], ops.shape(sentence)[1], **self._law())
        padded = ops.where(ops.expand_dims(real, -1), x, -float("inf"))
        padded = ops.pad(padded, ((0, 0), (0, self.k_top), (0, 0)), constant_values=-float("inf"))
        index = ops.top_k(ops.transpose(padded, (0, 2, 1)), n_slots)[1]  # (batch, channels, slots), by value
        filled = ops.expand_dims(_dynamic_slots(real, sentence, **self._law()), 1)
        index = ops.sort(ops.where(filled, ops.cast(index, "int32"), n_steps), axis=-1)  # by time, empty slots last
        y = ops.take_along_axis(padded, ops.transpose(index, (0, 2, 1)), axis=1)
        return ops.where(ops.transpose(index, (0, 2, 1)) < n_steps, y, 0)

    def compute_mask(self, inputs, mask=None):
        _, real, sentence = _split_sentence(inputs, mask)
        return _DynamicSlots(**self._law())(real, sentence)

    def compute_output_shape(self, input_shape):
        of_x, of_sentence = input_shape if isinstance(input_shape[0], (list, tuple)) else (input_shape, input_shape)
        return (of_x[0], _dynamic_width(of_x[1], of_sentence[1], **self._law()), of_x[2])

    def _law(self):
        return {"k_top": self.k_top, "layer": self.layer, "n_layers": self.n_layers}

    def get_config(self):
        return {**super().get_config(), **self._law()}


def _dynamic_k(n_steps, k_top, layer, n_layers):
    """Values kept of `n_steps` steps, an integer or a tensor of integers; in floats some lengths round wrongly."""
    return _larger(k_top, ((n_layers - layer) * n_steps + n_layers - 1) // n_layers)


def _dynamic_width(n_steps, n_sentence_steps, k_top, layer, n_layers):
    """Slots that the longest case may need; None where a length is not known yet."""
    if n_steps is None or n_sentence_steps is None:
        return None
    return -_larger(-_larger(k_top, n_steps), -_dynamic_k(n_sentence_steps, k_top, layer, n_layers))


def _larger(a, b):
    return max(a, b) if isinstance(a, int) and isinstance(b, int) else ops.maximum(a, b)


def _split_sentence(inputs, mask):
    """The values, which of their steps are real, and which steps of the sentence are."""
    if not isinstance(inputs, (list, tuple)):
        real = _real_or_ones(inputs, mask)
        return inputs, real, real
    masks = [None, None] if mask is None else mask
    x, sentence = inputs
    return x, _real_or_ones(x, masks[0]), _real_or_ones(sentence, masks[1])


def _dynamic_slots(real, sentence, **law):
    kept = ops.minimum(_dynamic_k(n_real(sentence), **law), n_real(real))
    return _slots(kept, _dynamic_width(ops.shape(real)[1], ops.shape(sentence)[1], **law))


@keras.saving.register_keras_serializable(package="seqconv")
class _DynamicSlots(keras.Operation):
    """The mask of `DynamicKMaxPooling1D` as one node of a model's graph, where lengths are not known yet."""

    def __init__(self, k_top, layer, n_layers, name=None):
        super().__init__(name=name)
        self.law = {"k_top": k_top, "layer": layer, "n_layers": n_layers}

    def call(self, real, sentence):
        return _dynamic_slots(real, sentence, **self.law)

    def compute_output_spec(self, real, sentence):
        n_slots = _dynamic_width(real.shape[1], sentence.shape[1], **self.law)
        return keras.KerasTensor((real.shape[0], n_slots), dtype="bool")


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
        _require_positive(chunks=chunks)
        self.chunks = chunks
        self.flatten = flatten
        self.supports_masking = True

    def call(self, inputs, mask=None):
        mask = _real_or_ones(inputs, mask)
        rank = ops.cumsum(ops.cast(mask, "int32"), axis=1) - 1  # (batch, steps), among the real steps
        count = ops.expand_dims(n_real(mask), 1)
        largest = []
        for i in range(self.chunks):
            start, stop = i * count // self.chunks, ((i + 1) * count + self.chunks - 1) // self.chunks
            inside = ops.logical_and(rank >= start, rank < stop)
            largest.append(masked_max(inputs, ops.logical_and(inside, mask)))
        y = ops.stack(largest, axis=1)  # (batch, chunks, channels)
        return _flattened(y) if self.flatten else y

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
class AttentionPooling1D(_GlobalPooling):
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
    Backend: all.

    References
    ----------
    Ilse, Tomczak, Welling (2018), Attention-based deep multiple instance learning, equations 8 and 9.
    """

    def __init__(self, units, gated=False, heads=1, **kwargs):
        super().__init__(**kwargs)
        _require_positive(units=units, heads=heads)
        self.units = units
        self.gated = gated
        self.heads = heads

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
        means = ops.matmul(ops.transpose(weights, (0, 2, 1)), x)  # (batch, heads, channels)
        return _flattened(means)

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
    made_of = type(pooling)
    registered = keras.saving.get_registered_object(keras.saving.get_registered_name(made_of)) is made_of
    if not registered and made_of.__module__.split(".")[0] != "keras":
        raise ValueError(
            f"A pooling layer must be registered with Keras to be saved, got {made_of.__name__}, which is not; "
            "decorate its class with keras.saving.register_keras_serializable(package=...)."
        )
    return made_of.from_config(pooling.get_config())
