import keras
import numpy as np
import pytest

from seqconv.layers import MaskedAveragePooling1D, MaskedMaxPooling1D

PAIRS = [
    (MaskedMaxPooling1D, keras.layers.MaxPooling1D),
    (MaskedAveragePooling1D, keras.layers.AveragePooling1D),
]


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize("ours, stock", PAIRS)
@pytest.mark.parametrize(
    "arguments",
    [{"pool_size": 3}, {"pool_size": 3, "strides": 2}, {"pool_size": 4, "strides": 1, "padding": "same"}],
    ids=str,
)
def test_on_complete_data_it_is_keras_own_pool(ours, stock, arguments, rng):
    x = rng.normal(size=(2, 9, 4)).astype("float32")
    np.testing.assert_allclose(_array(ours(**arguments)(x)), _array(stock(**arguments)(x)), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("ours, stock", PAIRS)
def test_no_mask_and_a_mask_of_all_steps_are_one(ours, stock, rng):
    x = rng.normal(size=(2, 9, 4)).astype("float32")
    layer = ours(5, strides=2, padding="same")
    with_mask = _array(layer(x, mask=np.ones((2, 9), bool)))
    np.testing.assert_allclose(_array(layer(x)), with_mask, rtol=1e-6, atol=1e-6)


def test_the_average_is_over_the_real_steps_alone():
    x = np.array([[[2.0], [4.0], [100.0], [6.0]]], "float32")
    mask = np.array([[True, True, False, True]])
    y = _array(MaskedAveragePooling1D(3, strides=1, padding="same")(x, mask=mask))
    assert y[0, [0, 1, 3], 0].tolist() == [3.0, 3.0, 6.0]


def test_the_maximum_of_negative_values_is_not_the_zero_of_the_padding():
    x = np.full((1, 3, 1), -5, "float32")
    y = _array(MaskedMaxPooling1D(2, padding="same")(x, mask=np.array([[True, True, True]])))
    assert y.ravel().tolist() == [-5, -5]


@pytest.mark.parametrize("ours, stock", PAIRS)
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_channels_are_last_whatever_keras_is_set_to(ours, stock, padding, rng):
    x, mask = rng.normal(size=(2, 9, 4)).astype("float32"), np.arange(9) < np.array([[9], [5]])
    answers = [_array(ours(3, strides=2, padding=padding)(x, mask=given)) for given in (None, mask)]
    keras.config.set_image_data_format("channels_first")
    try:
        turned = [_array(ours(3, strides=2, padding=padding)(x, mask=given)) for given in (None, mask)]
    finally:
        keras.config.set_image_data_format("channels_last")
    for one, other in zip(answers, turned, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("ours, stock", PAIRS)
def test_a_window_without_a_real_step_gives_zero(ours, stock):
    y = _array(ours(2)(np.ones((1, 4, 1), "float32"), mask=np.array([[True, True, False, False]])))
    assert y.ravel().tolist() == [1, 0]


@pytest.mark.parametrize("ours, stock", PAIRS)
def test_an_unknown_padding_is_refused(ours, stock):
    with pytest.raises(ValueError, match="got 'causal'"):
        ours(2, padding="causal")


@pytest.mark.parametrize("ours, stock", PAIRS)
def test_cases_shorter_than_a_valid_window_are_refused(ours, stock):
    with pytest.raises(ValueError, match="requires at least 3 steps under padding='valid', got 2"):
        ours(3)(keras.Input((2, 1)))
