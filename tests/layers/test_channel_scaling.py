import json

import keras
import numpy as np
import pytest

from seqconv.layers import ChannelScaling


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.fixture
def x(rng):
    return rng.normal(3, 2, size=(4, 7, 3)).astype("float32")


def test_scaling_per_case_disregards_and_keeps_nan(x):
    x[:, ::3, 0] = np.nan
    y = _array(ChannelScaling(per_case=True)(x))
    np.testing.assert_array_equal(np.isnan(y), np.isnan(x))
    np.testing.assert_allclose(np.nanmean(y, axis=1), 0, atol=1e-6)
    np.testing.assert_allclose(np.nanstd(y, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("level", [0.0, -3.3, 123456.7])
def test_a_channel_that_does_not_vary_becomes_zero(level):
    x = np.full((1, 50, 1), level, "float32")
    x[0, 7] = np.nan
    y = _array(ChannelScaling(per_case=True)(x))
    assert not np.delete(y, 7, axis=1).any()


def test_statistics_scale_every_channel_and_a_scale_of_zero_counts_as_one(x):
    layer = ChannelScaling()
    layer.build(x.shape)
    layer.set_statistics(np.array([1.0, 2.0, 3.0]), np.array([2.0, 0.0, 4.0]))
    np.testing.assert_allclose(_array(layer(x)), (x - [1, 2, 3]) / [2, 1, 4], rtol=1e-5, atol=1e-6)


def test_statistics_are_weights_and_not_configuration(x):
    layer = ChannelScaling()
    layer.build(x.shape)
    layer.set_statistics(np.ones(3), np.ones(3))
    assert "centre" not in json.dumps(layer.get_config())
    assert [w.path.split("/")[-1] for w in layer.non_trainable_weights] == ["centre", "scale"]
    assert not layer.trainable_weights


@pytest.mark.parametrize("layer", [ChannelScaling(), ChannelScaling(per_case=True)])
def test_statistics_for_a_layer_that_has_none_are_refused(layer):
    with pytest.raises(ValueError, match="requires a built ChannelScaling"):
        layer.set_statistics([0.0], [1.0])


def test_large_raw_values_do_not_overflow_in_mixed_precision():
    x = np.array([[[1e6], [3e6], [2e6]]], "float32")
    y = _array(ChannelScaling(per_case=True, dtype="mixed_float16")(x))
    assert y.dtype == "float16" and np.isfinite(y).all()


def test_scaling_per_case_spans_all_of_single_precision():
    x = np.array([3e38, -3e38, 0, 1, np.nan], "float32").reshape(1, 5, 1)
    y = _array(ChannelScaling(per_case=True)(x)).ravel()
    np.testing.assert_allclose(y[:4], np.array([1, -1, 0, 0]) * np.sqrt(2), atol=1e-6)


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_scaling_per_case_does_not_mind_the_unit(x, scale):
    layer = ChannelScaling(per_case=True)
    np.testing.assert_allclose(_array(layer(x * np.float32(scale))), _array(layer(x)), atol=1e-4)
