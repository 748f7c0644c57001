"""Of equal values the first alone gets the gradient of a maximum."""

import keras
import numpy as np
import pytest

from seqconv.layers import Maxout, MaxoutConv1D, MaxPoolingWithSwitches1D


def gradients(layer, x):
    """Of the sum of the outputs, by the input and by the first weight."""
    layer(x)
    backend = keras.backend.backend()
    x = keras.ops.convert_to_tensor(x)

    def total(y):
        return keras.ops.sum(y[0] if isinstance(y, tuple) else y)

    weights = [weight.value for weight in layer.trainable_weights]
    if backend == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch([x, *weights])
            value = total(layer(x))
        found = tape.gradient(value, [x, *weights])
    elif backend == "jax":
        import jax

        found = jax.grad(lambda both: total(layer.stateless_call(both[1], [], both[0])[0]))((x, weights))
        found = [found[0], *found[1]]
    else:
        import torch

        found = torch.autograd.grad(total(layer(x.requires_grad_())), [x, *weights])
    return [keras.ops.convert_to_numpy(one) for one in found]


def test_max_pooling_with_switches():
    x = np.array([[[5.0], [5.0], [1.0], [2.0], [2.0], [2.0]]], "float32")
    assert gradients(MaxPoolingWithSwitches1D(3), x)[0].ravel().tolist() == [1, 0, 0, 1, 0, 0]


@pytest.mark.parametrize(
    "layer", [Maxout(1, 3, kernel_initializer="ones"), MaxoutConv1D(1, 1, 3, kernel_initializer="ones")], ids=repr
)
def test_maxout(layer):
    by_input, by_kernel, _ = gradients(layer, np.full((1, 2, 1), 4.0, "float32"))
    assert by_input.ravel().tolist() == [1, 1]
    assert by_kernel.ravel().tolist() == [8, 0, 0]
