import keras
import numpy as np

from seqconv import layers


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def _series(*values):
    return np.array(values, "float32").reshape(1, -1, 1)


def test_k_mean_lies_between_the_maximum_and_the_mean():
    x = _series(4, 1, 3, 8)
    assert _array(layers.KMeanPooling1D(1)(x)).item() == 8
    assert _array(layers.KMeanPooling1D(2)(x)).item() == 6
    assert _array(layers.KMeanPooling1D(9)(x)).item() == 4
