import keras
import numpy as np
import pytest

from seqconv.layers import MaskedBatchNormalization


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.fixture
def x(rng):
    return rng.normal(3, 2, size=(4, 7, 3)).astype("float32")


@pytest.fixture
def mask(rng):
    return rng.random((4, 7)) < 0.6


def test_without_a_mask_it_is_keras_own_normalisation(x):
    ours, stock = MaskedBatchNormalization(momentum=0.7), keras.layers.BatchNormalization(momentum=0.7)
    np.testing.assert_array_equal(_array(ours(x, training=True)), _array(stock(x, training=True)))
    for one, other in zip(ours.weights, stock.weights, strict=True):
        np.testing.assert_array_equal(_array(one), _array(other))
    np.testing.assert_array_equal(_array(ours(x)), _array(stock(x)))


def test_the_moving_statistics_follow_the_real_steps(x, mask):
    layer = MaskedBatchNormalization(momentum=0.7)
    x[~mask] = np.nan
    layer(x, training=True, mask=mask)
    np.testing.assert_allclose(_array(layer.moving_mean), 0.3 * x[mask].mean(0), rtol=1e-5)
    np.testing.assert_allclose(_array(layer.moving_variance), 0.7 + 0.3 * x[mask].var(0), rtol=1e-5)


@pytest.mark.parametrize("dtype", ["float64", "float32", "mixed_float16"])
def test_the_moving_statistics_follow_in_any_precision(x, mask, dtype):
    if dtype == "float64" and keras.backend.backend() == "jax":
        pytest.skip("JAX has no float64 unless it is told so at its start")
    layer = MaskedBatchNormalization(momentum=0.7, dtype=dtype)
    layer(keras.ops.cast(x, layer.compute_dtype), training=True, mask=mask)
    np.testing.assert_allclose(_array(layer.moving_mean), 0.3 * x[mask].mean(0), rtol=2e-3)


def test_a_mask_of_all_steps_changes_nothing(x):
    ours, stock = MaskedBatchNormalization(), MaskedBatchNormalization()
    given = ours(x, training=True, mask=np.ones((4, 7), bool))
    np.testing.assert_allclose(_array(given), _array(stock(x, training=True)), rtol=1e-5, atol=1e-5)


def test_a_batch_without_a_real_step_leaves_the_moving_statistics(x, mask):
    layer = MaskedBatchNormalization()
    layer(x, training=True, mask=mask)
    before = [_array(weight) for weight in layer.weights]
    y = layer(np.full_like(x, np.nan), training=True, mask=np.zeros_like(mask))
    assert np.isfinite(_array(y)).all()
    for one, other in zip(before, layer.weights, strict=True):
        np.testing.assert_array_equal(one, _array(other))


def test_a_frozen_layer_uses_and_keeps_its_moving_statistics(x, mask):
    layer = MaskedBatchNormalization()
    layer.build(x.shape)
    layer.trainable = False
    np.testing.assert_array_equal(_array(layer(x, training=True, mask=mask))[mask], _array(layer(x))[mask])
    assert not _array(layer.moving_mean).any()


def test_half_precision_moments_are_taken_in_single(rng):
    x = rng.normal(300, 1, size=(8, 64, 2)).astype("float32")
    layer = MaskedBatchNormalization(dtype="mixed_float16")
    y = _array(layer(x, training=True, mask=np.ones((8, 64), bool))).astype("float32")
    assert np.isfinite(y).all() and abs(y.mean()) < 0.05 and abs(y.std() - 1) < 0.1


@pytest.mark.parametrize("shape", [(6, 3), (2, 3, 4, 5)])
def test_other_ranks_are_normalised_as_by_keras(shape, rng):
    x = rng.normal(size=shape).astype("float32") * np.arange(1, shape[-1] + 1, dtype="float32")
    mask = rng.random(shape[:-1]) < 0.7
    for given in (None, mask):
        ours, stock = MaskedBatchNormalization(momentum=0), keras.layers.BatchNormalization(momentum=0)
        y = _array(ours(x, training=True, mask=given))
        expected = _array(stock(x, training=True, mask=given))
        real = slice(None) if given is None else mask
        np.testing.assert_allclose(y[real], expected[real], rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(_array(ours.moving_mean), _array(stock.moving_mean), rtol=1e-5)
        np.testing.assert_allclose(_array(ours.moving_variance), _array(stock.moving_variance), rtol=1e-4)
