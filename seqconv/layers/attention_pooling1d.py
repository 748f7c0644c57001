"""Weighted mean over the real steps."""

import keras
from keras import ops

from seqconv.arguments import whole
from seqconv.layers.global_pooling import GlobalPooling
from seqconv.layers.slots import flattened
from seqconv.masks import masked_softmax, zero_hidden


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
        self.units = whole("units", units, 1)
        self.gated = gated
        self.heads = whole("heads", heads, 1)

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
