import keras
import numpy as np

from seqconv import augment


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return keras.ops.convert_to_numpy(layer((x, y, weight), training=True)[0])


def series(rng, n_cases=3, n_steps=4000, n_channels=2):
    x = (rng.normal(size=(n_cases, n_steps, n_channels)) * [1, 30] + [0, 500]).astype("float32")
    x[0, n_steps * 4 // 5 :] = np.nan
    x[1, n_steps // 4 : n_steps // 2, 1] = np.nan
    return x


def test_gain_is_in_decibels_and_the_same_for_all_channels(rng):
    x = series(rng, n_cases=300, n_steps=8)
    gain_db = 20 * np.log10(augmented(augment.Gain((-3, 9), rate=1, seed=0), x) / x)
    np.testing.assert_allclose(np.nanmax(gain_db, axis=(1, 2)), np.nanmin(gain_db, axis=(1, 2)), atol=1e-3)
    assert -3 <= np.nanmin(gain_db) + 1e-3 < -2.5 and 8.5 < np.nanmax(gain_db) - 1e-3 <= 9
    added = augmented(augment.Gain((-3, 9), in_decibels=True, rate=1, seed=0), x) - x
    np.testing.assert_allclose(np.nanmean(added, axis=(1, 2)), np.nanmean(gain_db, axis=(1, 2)), atol=1e-3)
