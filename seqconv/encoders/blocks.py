"""Blocks of the series encoders: convolution, batch normalization, rectifier."""

from typing import Any

import keras

from seqconv.layers import (
    ChunkMeanPooling1D,
    MaskedAdd,
    MaskedBatchNormalization,
    MaskedConv1D,
    MaskedGroupNormalization,
    MaskedLayerNormalization,
    MaskedMaxPooling1D,
)

# Keras's 0.99 needs some 500 steps to forget its start, a third of a short fit of 1,500 steps.
MOMENTUM = 0.9


def normalize(x: Any) -> Any:
    """Normalize by the statistics of the real steps of a batch."""
    return MaskedBatchNormalization(momentum=MOMENTUM)(x)


def normalize_steps(x: Any) -> Any:
    """Normalize the channels of each step."""
    return MaskedLayerNormalization(epsilon=1e-6)(x)


def normalize_case(x: Any) -> Any:
    """Normalize each case over all its steps and channels."""
    return MaskedGroupNormalization(1)(x)


def rectify(x: Any) -> Any:
    """Compute max(x, 0); the mask is passed on."""
    return keras.layers.ReLU()(x)


def magnitude(x: Any) -> Any:
    """Compute |x|; the mask is passed on, which an operation would lose."""
    return MaskedAdd()([rectify(x), rectify(keras.layers.Rescaling(-1.0)(x))])


def convolve(
    x: Any, filters: int, kernel_size: int, strides: int = 1, padding: str = "same", use_bias: bool = True
) -> Any:
    """Convolve, then normalize, (batch, steps, channels) to (batch, output steps, filters)."""
    x = MaskedConv1D(filters, kernel_size, strides, padding, use_bias=use_bias)(x)
    return normalize(x)


def downsample(x: Any, pool_size: int, strides: int | None = None) -> Any:
    """Take the maxima of windows, (batch, steps, channels) to (batch, ceil(steps / strides), channels)."""
    return MaskedMaxPooling1D(pool_size, strides, padding="same")(x)


def bins(n_bins: int) -> keras.layers.Layer:
    """Make a pooling of so many equal parts of a case, flattened: what a paper's dense layers see of a fixed length."""
    return ChunkMeanPooling1D(n_bins, flatten=True)
