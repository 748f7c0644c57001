"""Generalized mean over the real steps."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import flag, number
from seqconv.layers.global_pooling import GlobalPooling
from seqconv.masks import masked_max, masked_mean, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class GeneralizedMeanPooling1D(GlobalPooling):
    """Take the generalized mean of the magnitudes of every channel, (mean |x|^p)^(1/p), over the real steps.

    Parameters
    ----------
    p : float, default=3.0
        Exponent, at least 1. 1 is the mean of magnitudes, a large one nears their maximum.
    trained : bool, default=False
        Whether p is trained, from this start, one for each channel. It stays at least 1.
    data_format : {None, "channels_last"}, default=None
        Accepted because Keras has it; both mean channels last.
    keepdims : bool, default=False
        Whether to keep the axis of the steps, with size 1.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `p` is not a number of at least 1.
    TypeError
        If `trained` is not True or False.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, channels).
    Mask: consumed; a case without a real step gives 0.
    Backend: all; summed in float32 under mixed precision.

    References
    ----------
    Radenovic, Tolias and Chum (2019), "Fine-tuning CNN image retrieval with no human annotation", equation 3.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import GeneralizedMeanPooling1D
    >>> np.asarray(GeneralizedMeanPooling1D(2.0)(np.array([[[1.0], [7.0]]], "float32"))).round(3).tolist()
    [[5.0]]
    """

    def __init__(
        self,
        p: float = 3.0,
        trained: bool = False,
        data_format: str | None = None,
        keepdims: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format, keepdims, **kwargs)
        self.p = number("p", p, 1)
        self.trained = flag("trained", trained)

    def build(self, input_shape: Any) -> None:
        if self.trained:
            at_least_1 = _AtLeastOne()
            start = keras.initializers.Constant(self.p)
            self.exponent = self.add_weight((input_shape[-1],), start, constraint=at_least_1, name="exponent")

    def _pool(self, x: Any, mask: Any) -> Any:
        magnitude = ops.cast(ops.abs(zero_hidden(x, mask)), keras.backend.result_type(x.dtype, "float32"))
        p = ops.cast(self.exponent, magnitude.dtype) if self.trained else self.p
        # The result does not depend on this scale, by which no power overflows.
        largest = ops.stop_gradient(masked_max(magnitude, mask))  # (batch, channels)
        is_zero = largest == 0
        scale = ops.where(is_zero, 1, largest)
        share = magnitude / ops.expand_dims(scale, 1)
        if self.trained:
            # 0 ** p has no gradient by p.
            share = ops.maximum(share, keras.config.epsilon())
        mean = masked_mean(ops.power(share, p), mask)
        # The root of 0 has no finite gradient.
        root = ops.power(ops.where(is_zero, 1, mean), 1 / p)
        return ops.cast(ops.where(is_zero, 0, scale * root), x.dtype)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "p": self.p, "trained": self.trained}


@keras.saving.register_keras_serializable(package="seqconv")
class _AtLeastOne(keras.constraints.Constraint):
    """Keep weights at 1 or above."""

    def __call__(self, w: Any) -> Any:
        return ops.maximum(w, 1)
