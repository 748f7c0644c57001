import keras
import numpy as np
import pytest

from seqconv.layers import MissingMasking

NAN = np.nan


def test_a_half_observed_step_is_real_and_keeps_what_it_has():
    x = np.array([[[1.0, NAN], [NAN, NAN], [NAN, 2.0]]], "float32")
    layer = MissingMasking()
    assert keras.ops.convert_to_numpy(layer(x)).tolist() == [[[1, 0], [0, 0], [0, 2]]]
    assert keras.ops.convert_to_numpy(layer.compute_mask(x)).tolist() == [[True, False, True]]


def test_the_indicator_tells_a_missing_value_from_a_zero():
    x = np.array([[[0.0], [NAN]]], "float32")
    assert keras.ops.convert_to_numpy(MissingMasking(indicator=True)(x)).tolist() == [[[0, 1], [0, 0]]]


def test_a_mask_that_comes_in_hides_further_steps():
    x = np.array([[[1.0], [NAN], [3.0]]], "float32")
    mask = MissingMasking().compute_mask(x, np.array([[False, True, True]]))
    assert keras.ops.convert_to_numpy(mask).tolist() == [[False, False, True]]


def test_infinity_is_observed():
    mask = MissingMasking().compute_mask(np.array([[[np.inf], [NAN]]], "float32"))
    assert keras.ops.convert_to_numpy(mask).tolist() == [[True, False]]


def test_a_stock_layer_that_loses_the_mask_is_an_error_in_these_tests():
    x = MissingMasking()(keras.Input((None, 2)))
    with pytest.raises(UserWarning, match="destroy the mask"):
        keras.layers.Conv1D(3, 2)(x)
