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


def test_drift_keeps_within_its_bound(rng):
    x = series(rng, n_cases=50, n_steps=200)
    drift = (augmented(augment.Drift(0.5, rate=1, seed=0), x) - x) / np.nanstd(x, axis=1, keepdims=True)
    assert 0.4 < np.nanmax(np.abs(drift)) < 0.5 * 1.25 + 1e-3  # between knots a cubic may rise by a quarter above them
    assert np.nanmax(np.abs(np.diff(drift, axis=1))) < 0.1
