import keras
import numpy as np
import pytest

from seqconv import augment


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return keras.ops.convert_to_numpy(layer((x, y, weight), training=True)[0])


def test_a_time_warp_of_no_strength_is_none(rng):
    x = rng.normal(size=(4, 500, 2)).astype("float32")
    x[0, 300:] = np.nan
    x[1, 100:120] = np.nan
    np.testing.assert_allclose(augmented(augment.TimeWarp(0.0, rate=1), x), x, atol=1e-3)


def test_a_time_warp_goes_forward_from_first_to_last_step():
    x = np.arange(100.0, dtype="float32").reshape(1, 100, 1).repeat(50, axis=0)
    x[:, 80:] = np.nan
    new = augmented(augment.TimeWarp(0.5, rate=1, seed=0), x)[..., 0]
    np.testing.assert_allclose(new[:, 0], 0, atol=1e-4)
    np.testing.assert_allclose(new[:, 79], 79, atol=1e-3)
    assert np.isnan(new[:, 80:]).all() and (np.diff(new[:, :80], axis=1) > 0).all()
    assert np.abs(new[:, :80] - np.arange(80)).max() > 8
    assert np.abs(np.diff(new[:, :80], 2, axis=1)).max() < 0.3  # the speed does not jump


def test_a_gap_moves_with_the_warp():
    x = np.arange(100.0, dtype="float32").reshape(1, 100, 1).repeat(50, axis=0)
    x[:, 40:60] = np.nan
    new = augmented(augment.TimeWarp(0.3, rate=1, seed=0), x)[..., 0]
    assert not ((new > 39) & (new < 60)).any()  # nothing is made up across it
    sizes = np.isnan(new).sum(axis=1)
    assert sizes.min() < 18 and sizes.max() > 22 and sizes.mean() == pytest.approx(20, abs=2)
