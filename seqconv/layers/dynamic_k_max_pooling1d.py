"""The k largest values, with k from the length of the case."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.layers.k_largest import steps_by_value, values_at
from seqconv.layers.sizes import check_not_empty
from seqconv.layers.slots import as_floats, at_least_one_step, real_or_ones, slots
from seqconv.masks import n_real


@keras.saving.register_keras_serializable(package="seqconv")
class DynamicKMaxPooling1D(keras.layers.Layer):
    """Pool the k largest real values of every channel, in order of time, with k from the length of the case.

    In layer l of L, a case of s steps keeps max(k_top, ceil((L - l) / L * s)) values.

    Parameters
    ----------
    k_top : int
        Number of values kept by the topmost layer, at least 1.
    layer : int
        Number l of the convolution before this pool, from 1.
    n_layers : int
        Number L of convolutions, at least `layer`.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If an argument is not an integer of at least 1.
    ValueError
        If `layer` exceeds `n_layers`.
    ValueError
        If an input is not of three dimensions, or a mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, K, channels), where K is the k of a case that fills all steps. A list
    `[x, sentence]` takes s from `sentence`, a tensor (batch, sentence steps, any) before the convolutions. The paper's
    s is the length of the sentence, which a wide convolution exceeds. Without it s is the length of `x`.
    Mask: the first min(k, real steps) slots of every case are real.
    Backend: all. Of equal values the earliest are kept.

    References
    ----------
    Kalchbrenner, Grefenstette and Blunsom (2014), "A convolutional neural network for modelling sentences",
    section 3.3.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import DynamicKMaxPooling1D
    >>> x = np.array([[[3.0], [1.0], [2.0], [5.0], [4.0]]], "float32")
    >>> np.asarray(DynamicKMaxPooling1D(k_top=2, layer=1, n_layers=2)(x)).ravel().tolist()
    [3.0, 5.0, 4.0]
    """

    def __init__(self, k_top: int, layer: int, n_layers: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.k_top = whole("k_top", k_top, 1)
        self.layer = whole("layer", layer, 1)
        self.n_layers = whole("n_layers", n_layers, 1)
        if self.layer > self.n_layers:
            raise ValueError(f"layer must be at most n_layers={n_layers}, got {layer}. Count the layers from 1.")
        self.supports_masking = True

    def build(self, input_shape: Any) -> None:
        shapes = input_shape if isinstance(input_shape[0], list | tuple) else [input_shape]
        if any(len(shape) != 3 for shape in shapes):
            raise ValueError(f"{self.name} requires inputs of 3 dimensions, got {tuple(input_shape)}.")

    def call(self, inputs: Any, mask: Any = None) -> Any:
        x, real, sentence = _split_sentence(inputs, mask)
        check_not_empty(self.name, x)
        x = as_floats(x, self.compute_dtype)
        n_slots = _dynamic_width(ops.shape(x)[1], ops.shape(sentence)[1], **self._law())
        filled = ops.expand_dims(_dynamic_slots(real, sentence, **self._law()), 1)  # (batch, 1, slots)
        x, real = at_least_one_step(x, real)
        steps = steps_by_value(ops.stop_gradient(x), real, n_slots, spare=self.k_top)  # (batch, channels, slots)
        steps = ops.sort(ops.where(filled, steps, ops.shape(x)[1]), axis=-1)  # by time, empty slots last
        return values_at(x, ops.transpose(steps, (0, 2, 1)))

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        _, real, sentence = _split_sentence(inputs, mask)
        return _DynamicSlots(**self._law())(real, sentence)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        of_x, of_sentence = input_shape if isinstance(input_shape[0], list | tuple) else (input_shape, input_shape)
        return (of_x[0], _dynamic_width(of_x[1], of_sentence[1], **self._law()), of_x[2])

    def _law(self):
        return {"k_top": self.k_top, "layer": self.layer, "n_layers": self.n_layers}

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), **self._law()}


def _dynamic_k(n_steps, k_top, layer, n_layers):
    """Return the number of values kept of `n_steps` steps, an integer or a tensor of integers."""
    # In integers, because some lengths round wrongly in floats.
    return _larger(k_top, ((n_layers - layer) * n_steps + n_layers - 1) // n_layers)


def _dynamic_width(n_steps, n_sentence_steps, k_top, layer, n_layers):
    """Return the number of slots that the longest case may need; None if a length is unknown."""
    if n_steps is None or n_sentence_steps is None:
        return None
    return -_larger(-_larger(k_top, n_steps), -_dynamic_k(n_sentence_steps, k_top, layer, n_layers))


def _larger(a, b):
    return max(a, b) if isinstance(a, int) and isinstance(b, int) else ops.maximum(a, b)


def _split_sentence(inputs, mask):
    """Return the values, the mask of their steps, and the mask of the steps of the sentence."""
    if not isinstance(inputs, list | tuple):
        real = real_or_ones(inputs, mask)
        return inputs, real, real
    masks = [None, None] if mask is None else mask
    x, sentence = inputs
    return x, real_or_ones(x, masks[0]), real_or_ones(sentence, masks[1])


def _dynamic_slots(real, sentence, **law):
    kept = ops.minimum(_dynamic_k(n_real(sentence), **law), n_real(real))  # (batch,)
    return slots(kept, _dynamic_width(ops.shape(real)[1], ops.shape(sentence)[1], **law))


@keras.saving.register_keras_serializable(package="seqconv")
class _DynamicSlots(keras.Operation):
    """Mask of `DynamicKMaxPooling1D` as one node of a model's graph, for lengths that are not known yet."""

    def __init__(self, k_top, layer, n_layers, name=None):
        super().__init__(name=name)
        self.law = {"k_top": k_top, "layer": layer, "n_layers": n_layers}

    def call(self, real: Any, sentence: Any) -> Any:
        return _dynamic_slots(real, sentence, **self.law)

    def compute_output_spec(self, real: Any, sentence: Any) -> keras.KerasTensor:
        n_slots = _dynamic_width(real.shape[1], sentence.shape[1], **self.law)
        return keras.KerasTensor((real.shape[0], n_slots), dtype="bool")
