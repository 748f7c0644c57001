import keras
import numpy as np

from seqconv import layers


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def _series(*values):
    return np.array(values, "float32").reshape(1, -1, 1)


def test_k_max_keeps_the_order_of_time():
    assert _array(layers.KMaxPooling1D(3)(_series(5, 1, 9, 2, 7))).ravel().tolist() == [5, 9, 7]


def test_k_max_of_equal_values_keeps_the_earliest():
    x = np.stack([_series(1, 2, 2, 2)[0], _series(2, 1, 2, 2)[0]])
    assert _array(layers.KMaxPooling1D(2, flatten=True)(x)).tolist() == [[2, 2], [2, 2]]


def test_k_max_beyond_the_length_fills_up_with_zeros_and_says_so():
    layer, x = layers.KMaxPooling1D(4), _series(-1, -2)
    assert _array(layer(x)).ravel().tolist() == [-1, -2, 0, 0]
    assert _array(layer.compute_mask(x)).tolist() == [[True, True, False, False]]


def test_k_max_that_fills_every_slot_needs_no_mask():
    assert layers.KMaxPooling1D(2).compute_mask(_series(1, 2, 3)) is None
    assert layers.KMaxPooling1D(9, flatten=True).compute_mask(_series(1, 2, 3)) is None


def test_k_max_knows_its_shape_when_the_length_is_unknown():
    x = keras.Input((None, 5))
    assert layers.KMaxPooling1D(3)(x).shape == (None, 3, 5)
    assert layers.KMaxPooling1D(3, flatten=True)(x).shape == (None, 15)
