import keras
import numpy as np
import pytest

from seqconv import augment


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return keras.ops.convert_to_numpy(layer((x, y, weight), training=True)[0])


def series(rng, n_cases=3, n_steps=4000, n_channels=2):
    x = (rng.normal(size=(n_cases, n_steps, n_channels)) * [1, 30] + [0, 500]).astype("float32")
    x[0, n_steps * 4 // 5 :] = np.nan
    x[1, n_steps // 4 : n_steps // 2, 1] = np.nan
    return x


def test_scaling_is_one_factor_for_a_channel(rng):
    x = series(rng, n_cases=300, n_steps=8)
    factors = augmented(augment.Scaling(0.2, rate=1, seed=0), x) / x
    np.testing.assert_allclose(np.nanmax(factors, axis=1), np.nanmin(factors, axis=1), rtol=1e-4)
    factors = np.nanmean(factors, axis=1)
    assert factors.mean() == pytest.approx(1, abs=0.04) and factors.std() == pytest.approx(0.2, abs=0.03)
    np.testing.assert_array_equal(augmented(augment.Scaling(0.0, rate=1), x), x)
