"""What the series encoders are made of: a convolution, its batch normalisation, a rectifier."""

import keras

from seqconv.layers import MaskedBatchNormalization, MaskedConv1D

# Keras's 0.99 needs some 500 steps to forget its start; a fit of 1,500 steps at small batches has no such time to give.
MOMENTUM = 0.9


def normalize(x):
    """Batch normalisation with statistics of the real steps."""
    return MaskedBatchNormalization(momentum=MOMENTUM)(x)


def rectify(x):
    """max(x, 0), the mask walking along."""
    return keras.layers.ReLU()(x)


def convolve(x, filters, kernel_size, padding="same", use_bias=True):
    """Convolution followed by batch normalisation, ``(batch, steps, channels)`` to ``(batch, steps, filters)``."""
    x = MaskedConv1D(filters, kernel_size, padding=padding, use_bias=use_bias)(x)
    return normalize(x)
