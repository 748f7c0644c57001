"""Blocks of the series encoders: convolution, batch normalization, rectifier."""

from typing import Any

import keras

from seqconv.layers import MaskedBatchNormalization, MaskedConv1D

# Keras's 0.99 needs some 500 steps to forget its start, a third of a short fit of 1,500 steps.
MOMENTUM = 0.9


def normalize(x: Any) -> Any:
    """Normalize by the statistics of the real steps of a batch."""
    return MaskedBatchNormalization(momentum=MOMENTUM)(x)


def rectify(x: Any) -> Any:
    """Compute max(x, 0); the mask is passed on."""
    return keras.layers.ReLU()(x)


def convolve(x: Any, filters: int, kernel_size: int, padding: str = "same", use_bias: bool = True) -> Any:
    """Convolve, then normalize, (batch, steps, channels) to (batch, steps, filters)."""
    x = MaskedConv1D(filters, kernel_size, padding=padding, use_bias=use_bias)(x)
    return normalize(x)
