"""Weighted mean over the real steps."""

from typing import Any

import keras
from keras import ops

from seqconv.arguments import flag, whole
from seqconv.layers.global_pooling import GlobalPooling
from seqconv.layers.slots import flattened
from seqconv.masks import masked_softmax, zero_hidden


@keras.saving.register_keras_serializable(package="seqconv")
class AttentionPooling1D(GlobalPooling):
    """Take a weighted mean over the real steps, with trained weights that depend on the steps.

    The score of a step x is w . tanh(V x). If gated, it is w . (tanh(V x) * sigmoid(U x)). The weights are the softmax
    of the scores over the real steps.

    Parameters
    ----------
    units : int
        Width of V x, at least 1.
    gated : bool, default=False
        Whether to multiply tanh(V x) by sigmoid(U x).
    heads : int, default=1
        Number of score vectors w, at least 1. The means of all heads are concatenated.
    data_format : {None, "channels_last"}, default=None
        Accepted because Keras's pools have it; both mean channels last.
    keepdims : bool, default=False
        Whether to keep the axis of the steps, with size 1.
    **kwargs
        Keras's `name`, `dtype` and `trainable`.

    Raises
    ------
    ValueError
        If `units` or `heads` is not an integer of at least 1, or `data_format` is not channels last.
    TypeError
        If `gated` or `keepdims` is not True or False.
    ValueError
        If the input is not of three dimensions, or the mask is not of its steps.

    Notes
    -----
    Shape: (batch, steps, channels) to (batch, heads * channels).
    Mask: consumed; a case without a real step gives 0.
    Backend: all; summed in float32 under mixed precision.

    References
    ----------
    Ilse, Tomczak and Welling (2018), "Attention-based deep multiple instance learning", equations 8 and 9.

    Examples
    --------
    >>> import numpy as np
    >>> from seqconv.layers import AttentionPooling1D
    >>> tuple(AttentionPooling1D(8, heads=2)(np.ones((4, 10, 3), "float32")).shape)
    (4, 6)
    """

    def __init__(
        self,
        units: int,
        gated: bool = False,
        heads: int = 1,
        data_format: str | None = None,
        keepdims: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format, keepdims, **kwargs)
        self.units = whole("units", units, 1)
        self.gated = flag("gated", gated)
        self.heads = whole("heads", heads, 1)

    def build(self, input_shape: Any) -> None:
        n_channels = input_shape[-1]
        self.value_kernel = self.add_weight((n_channels, self.units), "glorot_uniform", name="value_kernel")
        if self.gated:
            self.gate_kernel = self.add_weight((n_channels, self.units), "glorot_uniform", name="gate_kernel")
        self.score_kernel = self.add_weight((self.units, self.heads), "glorot_uniform", name="score_kernel")

    def _pool(self, x: Any, mask: Any) -> Any:
        x = zero_hidden(x, mask)
        hidden = ops.tanh(ops.matmul(x, self.value_kernel))  # (batch, steps, units)
        if self.gated:
            hidden = hidden * ops.sigmoid(ops.matmul(x, self.gate_kernel))
        weights = masked_softmax(ops.matmul(hidden, self.score_kernel), mask)  # (batch, steps, heads)
        means = ops.matmul(ops.transpose(weights, (0, 2, 1)), ops.cast(x, weights.dtype))  # (batch, heads, channels)
        return ops.cast(flattened(means), x.dtype)

    def _n_features(self, n_channels: int) -> int:
        return self.heads * n_channels

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.units, "gated": self.gated, "heads": self.heads}
