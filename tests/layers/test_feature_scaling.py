import json

import keras
import numpy as np
import pytest

from seqconv.layers import FeatureScaling


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.fixture
def x(rng):
    return rng.normal(3, 2, size=(4, 3)).astype("float32")


def test_statistics_scale_every_feature_and_a_scale_of_zero_counts_as_one(x):
    layer = FeatureScaling()
    layer.build(x.shape)
    layer.set_statistics(np.array([1.0, 2.0, 3.0]), np.array([2.0, 0.0, 4.0]))
    np.testing.assert_allclose(_array(layer(x)), (x - [1, 2, 3]) / [2, 1, 4], rtol=1e-5, atol=1e-6)


def test_statistics_are_weights_that_are_not_trained(x):
    layer = FeatureScaling()
    layer.build(x.shape)
    layer.set_statistics(np.ones(3), np.full(3, 2.0))
    assert "centre" not in json.dumps(layer.get_config())
    assert [w.path.split("/")[-1] for w in layer.non_trainable_weights] == ["centre", "scale"]
    assert not layer.trainable_weights


def test_a_model_saved_and_loaded_keeps_the_statistics(x, tmp_path):
    model = keras.Sequential([keras.Input((3,)), FeatureScaling()])
    model.layers[-1].set_statistics(np.ones(3), np.full(3, 2.0))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_array_equal(_array(again(x)), (x - 1) / 2)


@pytest.mark.parametrize("centre, scale", [(np.zeros(2), np.ones(3)), (np.zeros(3), np.ones((1, 3, 1)))])
def test_statistics_of_another_shape_are_rejected(x, centre, scale):
    layer = FeatureScaling()
    layer.build(x.shape)
    with pytest.raises(ValueError):
        layer.set_statistics(centre, scale)


def test_statistics_of_a_layer_that_is_not_built_are_rejected():
    with pytest.raises(ValueError, match="requires a built FeatureScaling"):
        FeatureScaling().set_statistics([0.0], [1.0])


@pytest.mark.parametrize("shape", [(3,), (2, 3, 4)])
def test_an_input_of_another_rank_is_rejected(shape):
    with pytest.raises(ValueError, match="ndim=2"):
        FeatureScaling()(np.ones(shape, "float32"))


def test_large_features_do_not_overflow_in_mixed_precision():
    layer = FeatureScaling(dtype="mixed_float16")
    layer.build((None, 1))
    layer.set_statistics([1e6], [1e6])
    y = layer(np.array([[3e6]], "float32"))
    assert keras.backend.standardize_dtype(y.dtype) == "float16" and float(_array(y)[0, 0]) == 2
