"""The encoders against the networks of the papers, drawn with Keras's own layers and given equal weights."""

import keras
import numpy as np
import pytest
from keras import layers as k

from seqconv.encoders import FCN, InceptionTime, KimCNN, ResNet


def fcn(x):
    """Wang, Yan and Oates (2017), section II.B."""
    for filters, kernel_size in ((5, 8), (7, 5), (4, 3)):
        x = k.ReLU()(k.BatchNormalization()(k.Conv1D(filters, kernel_size, padding="same")(x)))
    return x


def resnet(x):
    """Wang, Yan and Oates (2017), section II.C; shortcuts as in the authors' code."""
    for filters in (3, 4, 4):
        y = x
        for kernel_size in (8, 5, 3):
            y = k.BatchNormalization()(k.Conv1D(filters, kernel_size, padding="same")(y))
            y = k.ReLU()(y) if kernel_size > 3 else y
        expand = x.shape[-1] != filters
        shortcut = k.BatchNormalization()(k.Conv1D(filters, 1, padding="same")(x) if expand else x)
        x = k.ReLU()(k.Add()([shortcut, y]))
    return x


def inception_time(x):
    """Ismail Fawaz and others (2020), section 3: six modules, a shortcut after the third and after the sixth."""
    start = x
    for module in (1, 2, 3, 4, 5, 6):
        reduced = k.Conv1D(5, 1, use_bias=False)(x) if x.shape[-1] > 1 else x
        branches = [k.Conv1D(3, size, padding="same", use_bias=False)(reduced) for size in (12, 6, 3)]
        pooled = k.MaxPooling1D(3, strides=1, padding="same")(x)
        branches.append(k.Conv1D(3, 1, use_bias=False)(pooled))
        x = k.ReLU()(k.BatchNormalization()(k.Concatenate()(branches)))
        if module in (3, 6):
            shortcut = k.BatchNormalization()(k.Conv1D(12, 1, use_bias=False)(start))
            start = x = k.ReLU()(k.Add()([shortcut, x]))
    return x


def kim_cnn(x):
    """Kim (2014), section 2."""
    return k.ReLU()(k.Concatenate()([k.Conv1D(6, size, padding="same")(x) for size in (3, 4, 5)]))


NETWORKS = [
    (FCN(filters=(5, 7, 4)), fcn),
    (ResNet(filters=(3, 4, 4)), resnet),
    (InceptionTime(filters=3, kernel_size=12, bottleneck=5), inception_time),
    (KimCNN(filters=6), kim_cnn),
]


@pytest.mark.parametrize("encoder, published", NETWORKS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("n_channels", [1, 2])
def test_an_encoder_is_the_published_network(encoder, published, n_channels, rng):
    inputs = keras.Input((None, n_channels))
    ours, theirs = keras.Model(inputs, encoder(inputs)), keras.Model(inputs, published(inputs))
    weights = [rng.uniform(0.2, 1.0, weight.shape) * rng.choice([-1, 1], weight.shape) for weight in theirs.weights]
    weights = [np.abs(w) if "variance" in one.name else w for w, one in zip(weights, theirs.weights, strict=True)]
    theirs.set_weights(weights)
    ours.set_weights(weights)
    x = rng.normal(size=(3, 50, n_channels)).astype("float32")
    expected = keras.ops.convert_to_numpy(theirs(x))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(ours(x)), expected, rtol=1e-3, atol=1e-3 * expected.max())
