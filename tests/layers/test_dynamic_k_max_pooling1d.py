import keras
import numpy as np
import pytest

from seqconv import layers


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def _series(*values):
    return np.array(values, "float32").reshape(1, -1, 1)


@pytest.mark.parametrize(
    "layer, n_layers, length, k", [(1, 2, 9, 5), (2, 2, 9, 3), (2, 11, 77, 63), (1, 3, 7, 5), (1, 2, 2, 2)]
)
def test_dynamic_k_is_exact_where_floats_round_wrongly(layer, n_layers, length, k):
    pool, x = layers.DynamicKMaxPooling1D(3, layer, n_layers), np.ones((1, length, 1), "float32")
    assert int(_array(pool.compute_mask(x)).sum()) == k


def test_dynamic_k_follows_the_sentence_and_not_the_wide_convolution():
    sentence = np.ones((2, 8, 1), "float32")
    wide = np.arange(20, dtype="float32").reshape(2, 10, 1)
    masks = [np.arange(10) < [[10], [6]], np.arange(8) < [[8], [4]]]
    pool = layers.DynamicKMaxPooling1D(1, 1, 2)
    y, mask = _array(pool([wide, sentence], mask=masks)), _array(pool.compute_mask([wide, sentence], masks))
    assert mask.sum(1).tolist() == [4, 2]
    assert y[..., 0].tolist() == [[6, 7, 8, 9], [14, 15, 0, 0]]


def test_dynamic_k_keeps_minus_infinity_before_a_hidden_step():
    low, pool = -np.inf, layers.DynamicKMaxPooling1D(3, 1, 1)
    x, mask = _series(9, low, 1, low, low), np.array([[False, True, True, True, True]])
    assert _array(pool(x, mask=mask)).ravel().tolist() == [low, 1, low]


@pytest.mark.parametrize("arguments", [(0, 1, 2), (3, 3, 2), (3, 0, 2), (2.0, 1, 2)])
def test_dynamic_k_refuses_layers_that_are_not_there(arguments):
    with pytest.raises(ValueError, match="must be"):
        layers.DynamicKMaxPooling1D(*arguments)
