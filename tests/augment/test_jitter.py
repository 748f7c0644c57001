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


def test_jitter_has_its_share_of_the_channels_deviation(rng):
    x = series(rng)
    noise = augmented(augment.Jitter(0.2, rate=1, seed=0), x) - x
    np.testing.assert_allclose(np.nanstd(noise, axis=1) / np.nanstd(x, axis=1), 0.2, rtol=0.05)
    assert np.abs(np.nanmean(noise, axis=1) / np.nanstd(noise, axis=1)).max() < 0.06
    neighbours = np.corrcoef(noise[2, :-1, 0], noise[2, 1:, 0])[0, 1]
    channels = np.corrcoef(noise[2, :, 0], noise[2, :, 1])[0, 1]
    assert abs(neighbours) < 0.06 and abs(channels) < 0.06
    np.testing.assert_array_equal(augmented(augment.Jitter(0.0, rate=1), x), x)
