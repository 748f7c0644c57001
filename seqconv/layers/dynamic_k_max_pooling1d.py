"""The k largest values, with k from the length of the case."""

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.layers.k_largest import steps_by_value, values_at
from seqconv.layers.slots import real_or_ones, slots
from seqconv.masks import n_real


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
        self.k_top = whole("k_top", k_top, 1)
        self.layer = whole("layer", layer, 1)
        self.n_layers = whole("n_layers", n_layers, 1)
        if layer > n_layers:
            raise ValueError(f"layer must be at most n_layers, got layer={layer}, n_layers={n_layers}; count from 1.")
        self.supports_masking = True

    def call(self, inputs, mask=None):
        x, real, sentence = _split_sentence(inputs, mask)
        n_steps, n_slots = ops.shape(x)[1], _dynamic_width(ops.shape(x)[1], ops.shape(sentence)[1], **self._law())
        steps = steps_by_value(ops.stop_gradient(x), real, n_slots, spare=self.k_top)  # (batch, channels, slots)
        filled = ops.expand_dims(_dynamic_slots(real, sentence, **self._law()), 1)
        steps = ops.sort(ops.where(filled, steps, n_steps), axis=-1)  # by time, empty slots last
        return values_at(x, ops.transpose(steps, (0, 2, 1)))

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
        real = real_or_ones(inputs, mask)
        return inputs, real, real
    masks = [None, None] if mask is None else mask
    x, sentence = inputs
    return x, real_or_ones(x, masks[0]), real_or_ones(sentence, masks[1])


def _dynamic_slots(real, sentence, **law):
    kept = ops.minimum(_dynamic_k(n_real(sentence), **law), n_real(real))
    return slots(kept, _dynamic_width(ops.shape(real)[1], ops.shape(sentence)[1], **law))


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
