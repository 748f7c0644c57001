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


def test_noise_reaches_its_ratio(rng):
    x = series(rng, n_cases=20)
    noise = augmented(augment.AddNoise((3, 25), rate=1, seed=0), x) - x
    snr_db = 20 * np.log10(np.nanstd(x, axis=1) / np.nanstd(noise, axis=1))
    np.testing.assert_allclose(snr_db[:, 0], snr_db[:, 1], atol=0.4)  # one ratio for a case
    assert 3 - 0.3 < snr_db.min() < 8 and 20 < snr_db.max() < 25 + 0.3
    exact = augmented(augment.AddNoise((17, 17), rate=1, seed=0), x) - x
    np.testing.assert_allclose(20 * np.log10(np.nanstd(x, axis=1) / np.nanstd(exact, axis=1)), 17, atol=0.3)
