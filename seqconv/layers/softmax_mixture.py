"""Head that mixes the answers of several linear classifiers."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from seqconv.arguments import choice, whole


@keras.saving.register_keras_serializable(package="seqconv")
class SoftmaxMixture(keras.layers.Layer):
    """Mean of the probabilities of several linear classifiers: one on all features, and one on each part of them.

    Parameters
    ----------
    units : int
        Number of classes, or of labels.
    sizes : sequence of int
        Features of each part, in their order. They add up to all features.
    activation : {"softmax", "sigmoid"}, default="softmax"
        "sigmoid" for any number of labels a case.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `units` or a size is not a whole number of at least 1, or `activation` is unknown.
        If the sizes do not add up to the features of the input.

    Notes
    -----
    Shape: (batch, features) to (batch, units).
    Mask: neither used nor made.
    Backend: all; computes in float32 also under mixed precision.
    The weights are `kernel` (features, 2 * units), of the classifier on all features and then of those on the parts;
    `bias` (parts + 1, units); and `share` (parts + 1,), which is not trained and adds up to 1.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import SoftmaxMixture
    >>> tuple(SoftmaxMixture(3, [4, 2])(np.ones((5, 6), "float32")).shape)
    (5, 3)
    """

    def __init__(self, units: int, sizes: Sequence[int], activation: str = "softmax", **kwargs: Any) -> None:
        super().__init__(autocast=False, **kwargs)
        self.units = whole("units", units, 1)
        self.sizes = [whole("sizes", size, 1) for size in sizes]
        self.activation = choice("activation", activation, ("softmax", "sigmoid"))
        self.input_spec = keras.layers.InputSpec(ndim=2)

    def build(self, input_shape: Any) -> None:
        n_features, n_heads = input_shape[-1], len(self.sizes) + 1
        if sum(self.sizes) != n_features:
            raise ValueError(f"sizes must add up to the {n_features} features of the input, got {self.sizes}.")
        settings = {"dtype": "float32", "autocast": False}
        self.kernel = self.add_weight((n_features, 2 * self.units), "glorot_uniform", name="kernel", **settings)
        self.bias = self.add_weight((n_heads, self.units), "zeros", name="bias", **settings)
        equal = keras.initializers.Constant(1 / n_heads)
        self.share = self.add_weight((n_heads,), equal, trainable=False, name="share", **settings)

    def call(self, inputs: Any) -> Any:
        x = ops.cast(inputs, "float32")
        scores, start = [ops.matmul(x, self.kernel[:, : self.units])], 0
        for size in self.sizes:
            part = slice(start, start + size)
            scores.append(ops.matmul(x[:, part], self.kernel[part, self.units :]))  # (batch, units)
            start += size
        scores = ops.stack(scores, axis=1) + self.bias  # (batch, heads, units)
        answers = ops.softmax(scores, axis=-1) if self.activation == "softmax" else ops.sigmoid(scores)
        return ops.cast(ops.sum(answers * ops.expand_dims(self.share, -1), axis=1), self.compute_dtype)

    def compute_output_shape(self, input_shape: Any) -> tuple:
        return (input_shape[0], self.units)

    def get_config(self) -> dict[str, Any]:
        own = {"units": self.units, "sizes": self.sizes, "activation": self.activation}
        return {**super().get_config(), **own}
