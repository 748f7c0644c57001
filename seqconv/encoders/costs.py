"""Parameters and multiply-accumulates of an encoder with its head, counted without memory for the weights."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras.src.backend.common import global_state

from seqconv.encoders.base import Encoder
from seqconv.encoders.fixed_bank import FixedBank
from seqconv.layers import EachGroup, HandCraftedFilters1D, ReparameterizedConv1D, SincConv1D
from seqconv.layers.pooling import get as get_pooling

_UNINITIALIZED = "uninitialized_variables"


@contextmanager
def without_memory() -> Iterator[None]:
    """Draw layers whose weights have shapes, but no memory; they can be counted, and not called on data."""
    before = list(global_state.get_global_attribute(_UNINITIALIZED, []))
    try:
        with keras.StatelessScope(initialize_variables=False):
            yield
    finally:
        # Else Keras would allocate the weights after the next network that is drawn.
        global_state.set_global_attribute(_UNINITIALIZED, before)


def draw(encoder: Encoder, input_shape: tuple[int | None, int], n_classes: int) -> keras.Model:
    """Return the encoder with its paper's pooling, its hidden layers, and a dense head.

    Parameters
    ----------
    encoder : Encoder
        A fixed bank must know `n_steps`.
    input_shape : tuple of int
        Steps and channels.
    n_classes : int
    """
    inputs = keras.Input(input_shape)
    x = encoder(inputs)
    if not isinstance(encoder, FixedBank):  # a bank pools itself
        x = get_pooling(encoder.pooling)(x)
    for width in encoder.dense:
        x = keras.layers.Dense(width)(x)
    return keras.Model(inputs, keras.layers.Dense(n_classes)(x))


def n_parameters(model: keras.Model) -> int:
    """Count the trainable weights."""
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def multiply_accumulates(model: keras.Model) -> int:
    """Count the products of weights with numbers of one case, in a forward pass outside training.

    Parameters
    ----------
    model : keras.Model
        Functional, of layers that encoders draw, with a known number of steps.

    Returns
    -------
    int
        Kernels alone: no bias, normalization, activation or pooling.

    References
    ----------
    FCN 134.7, ResNet 256.2, InceptionTime 214.1 and LITE 5.07 million, for one channel, 512 steps and ten classes.
    """
    return sum(
        _of_layer(layer, layer.input, layer.output)
        for layer in model.layers
        if not isinstance(layer, keras.layers.InputLayer)
    )


def _of_layer(layer, x, y):
    """Count what a layer multiplies to make the tensor `y` of the tensor `x`."""
    # A dense layer works once for a case, all others once for each output step.
    n_steps = y.shape[1] if len(y.shape) == 3 else 1
    if isinstance(layer, EachGroup):
        return layer.groups * _in_a_row(layer.layers, keras.KerasTensor((None, x.shape[1], x.shape[2] // layer.groups)))
    if isinstance(layer, HandCraftedFilters1D):
        # Each filter by its own length, once or for each channel.
        n_taps = sum(tap != 0 for row in layer._taps for tap in row)
        return n_steps * n_taps * (x.shape[-1] if layer.depthwise else 1)
    if isinstance(layer, ReparameterizedConv1D):
        per_tap = math.prod(layer.convolutions[0].kernel.shape[1:])
        return n_steps * max(layer.kernel_sizes) * per_tap  # branches merged
    if isinstance(layer, SincConv1D):
        return n_steps * layer.kernel_size[0] * layer.filters
    return n_steps * sum(math.prod(one.shape) for one in layer.weights if len(one.shape) > 1)


def _in_a_row(layers: list[Any], x: Any) -> int:
    total = 0
    for layer in layers:
        y = keras.KerasTensor(layer.compute_output_shape(x.shape))
        total, x = total + _of_layer(layer, x, y), y
    return total
