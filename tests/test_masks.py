import keras
import numpy as np
import oracles
import pytest
from keras import ops

from seqconv import masks


def _array(tensor):
    return ops.convert_to_numpy(tensor)


@pytest.fixture
def ragged(rng):
    """Values of which all hidden ones are no numbers, and a mask with a full and an empty case."""
    mask = rng.random((5, 9)) < 0.6
    mask[0], mask[1] = True, False
    x = rng.normal(size=(5, 9, 3)).astype("float32")
    x[~mask] = rng.choice(np.array([np.nan, np.inf, -np.inf], "float32"), size=(int((~mask).sum()), 3))
    return x, mask


def test_without_a_mask_nothing_is_done(rng):
    x = ops.convert_to_tensor(rng.normal(size=(2, 3, 1)))
    assert masks.zero_hidden(x, None) is x
    assert masks.through_convolution(None, 3, 2) is None
    assert masks.through_pool(None, 3, padding="same") is None
    assert masks.intersection([None, None]) is None


def test_a_mask_that_a_layer_leaves_as_it_is_is_not_copied():
    mask = ops.ones((2, 5), "bool")
    assert masks.through_convolution(mask, 7, padding="same") is mask
    assert masks.through_convolution(mask, 7, dilation_rate=3, padding="causal") is mask
    assert masks.through_pool(mask, 3, strides=1, padding="same") is mask
    assert masks.intersection([mask, None, mask]) is mask


def test_zero_hidden_leaves_neither_nan_nor_infinity(ragged):
    x, mask = ragged
    y = _array(masks.zero_hidden(x, mask))
    np.testing.assert_array_equal(y[mask], x[mask])
    assert not y[~mask].any()


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_zero_hidden_keeps_the_dtype(dtype):
    x = ops.ones((1, 2, 1), dtype)
    assert keras.backend.standardize_dtype(masks.zero_hidden(x, ops.ones((1, 2), "bool")).dtype) == dtype


@pytest.mark.parametrize("name, reduce", [("masked_max", np.max), ("masked_mean", np.mean)])
def test_a_masked_reduction_equals_the_loop(name, reduce, ragged):
    x, mask = ragged
    expected, _ = oracles.global_pool(x, mask, reduce)
    np.testing.assert_allclose(_array(getattr(masks, name)(x, mask)), expected, rtol=1e-5, atol=1e-6)


def test_masked_softmax_weights_the_real_steps_alone(ragged):
    x, mask = ragged
    weights = _array(masks.masked_softmax(x, mask))
    assert not weights[~mask].any()
    np.testing.assert_allclose(weights.sum(1)[mask.any(1)], 1, rtol=1e-5)
    alone = _array(masks.masked_softmax(x[2:3, mask[2]], None))
    np.testing.assert_allclose(weights[2][mask[2]], alone[0], rtol=1e-5)


def test_masked_softmax_stands_large_scores():
    weights = _array(
        masks.masked_softmax(np.array([[[1e4], [1e4], [3e38]]], "float32"), np.array([[True, True, False]]))
    )
    np.testing.assert_allclose(weights.ravel(), [0.5, 0.5, 0])


@pytest.mark.parametrize("padding", ["valid", "same", "causal", "full"])
@pytest.mark.parametrize("kernel_size, strides, dilation_rate", [(1, 1, 1), (1, 2, 1), (4, 1, 1), (3, 2, 1), (3, 1, 2)])
def test_through_convolution_equals_the_loop(kernel_size, strides, dilation_rate, padding, ragged):
    x, mask = ragged
    kernel = np.zeros((kernel_size, 3, 1))
    _, expected = oracles.convolution(x, mask, kernel, 0, strides, dilation_rate, 1, padding)
    given = masks.through_convolution(mask, kernel_size, strides, dilation_rate, padding)
    np.testing.assert_array_equal(_array(given), expected)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("pool_size, strides", [(1, 2), (2, None), (3, None), (3, 1), (5, 2), (2, 4)])
def test_a_pool_of_a_padded_case_has_as_many_real_steps_as_of_the_case_alone(pool_size, strides, padding):
    for length in range(pool_size, 13):
        mask = np.arange(12) < length
        together = _array(masks.through_pool(mask[None], pool_size, strides, padding))[0]
        alone = _array(masks.through_pool(mask[None, :length], pool_size, strides, padding))[0]
        assert alone.all()
        assert together[: len(alone)].all() and not together[len(alone) :].any()


def test_intersection_is_what_all_have():
    first, second = np.array([[True, True, False]]), np.array([[False, True, True]])
    assert _array(masks.intersection([first, None, second])).tolist() == [[False, True, False]]


def test_channels_are_last_whatever_keras_is_set_to():
    mask = np.arange(9) < np.array([[9], [5]])
    keras.config.set_image_data_format("channels_first")
    try:
        found = [_array(walk(mask, 3, 2, padding="valid")) for walk in (masks.through_convolution, masks.through_pool)]
        found.append(_array(masks.through_pool(mask, 4, padding="same")))
    finally:
        keras.config.set_image_data_format("channels_last")
    expected = [[[1, 1, 1, 1], [1, 1, 0, 0]]] * 2 + [[[1, 1, 1], [1, 1, 0]]]
    assert [one.astype(int).tolist() for one in found] == expected


def test_a_tensor_that_a_mask_has_zeroed_is_not_copied_for_the_same_mask(rng):
    x = ops.convert_to_tensor(rng.normal(size=(2, 5, 3)).astype("float32"))
    mask, other = (ops.convert_to_tensor(rng.random((2, 5)) < 0.5) for _ in range(2))
    zeroed = masks.zero_hidden(x, mask)
    again = masks.zero_hidden(zeroed, mask)
    np.testing.assert_array_equal(_array(again), _array(zeroed))
    if keras.backend.backend() != "jax":  # its tensors take no attributes
        assert again is zeroed
    both = _array(masks.zero_hidden(zeroed, other))
    np.testing.assert_array_equal(both, _array(x) * (_array(mask) & _array(other))[..., None])
