"""Without a mask a masked layer is the one of Keras."""

import keras
import numpy as np
import pytest

from seqconv import layers

PAIRS = [
    (layers.MaskedDepthwiseConv1D(3), keras.layers.DepthwiseConv1D(3)),
    (layers.MaskedDepthwiseConv1D(4, 2, depth_multiplier=2), keras.layers.DepthwiseConv1D(4, 2, depth_multiplier=2)),
    (
        layers.MaskedDepthwiseConv1D(4, padding="same", dilation_rate=2, activation="relu"),
        keras.layers.DepthwiseConv1D(4, padding="same", dilation_rate=2, activation="relu"),
    ),
    *(
        (
            layers.MaskedConv1DTranspose(5, size, strides, padding),
            keras.layers.Conv1DTranspose(5, size, strides, padding),
        )
        for size, strides in ((3, 1), (4, 2), (2, 3))
        for padding in ("valid", "same")
    ),
    *((layers.MaskedGroupNormalization(n), keras.layers.GroupNormalization(n)) for n in (1, 2, -1)),
    (
        layers.MaskedGroupNormalization(2, 0.1, center=False),
        keras.layers.GroupNormalization(2, epsilon=0.1, center=False),
    ),
    (layers.MaskedLayerNormalization(), keras.layers.LayerNormalization()),
    (layers.MaskedLayerNormalization(0.1, scale=False), keras.layers.LayerNormalization(epsilon=0.1, scale=False)),
]


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=lambda one: type(one).__name__)
def test_a_layer_equals_that_of_keras(ours, theirs, rng):
    x = (2 * rng.normal(size=(3, 12, 4)) + 1).astype("float32")
    theirs(x)
    weights = [rng.normal(size=weight.shape) for weight in theirs.weights]
    theirs.set_weights(weights)
    ours.build(x.shape)
    ours.set_weights(weights)
    expected = keras.ops.convert_to_numpy(theirs(x))
    for mask in (None, np.ones((3, 12), bool)):
        np.testing.assert_allclose(keras.ops.convert_to_numpy(ours(x, mask=mask)), expected, rtol=1e-4, atol=1e-4)
