import keras
import numpy as np

from seqconv.augment.observed import channel_mean, channel_std


def series(rng, n_cases=3, n_steps=4000, n_channels=2):
    x = (rng.normal(size=(n_cases, n_steps, n_channels)) * [1, 30] + [0, 500]).astype("float32")
    x[0, n_steps * 4 // 5 :] = np.nan
    x[1, n_steps // 4 : n_steps // 2, 1] = np.nan
    return x


def test_moments_count_what_is_observed(rng):
    x = series(rng)
    mean, std = (
        keras.ops.convert_to_numpy(of(keras.ops.convert_to_tensor(x)))[:, 0] for of in (channel_mean, channel_std)
    )
    np.testing.assert_allclose(mean, np.nanmean(x.astype(float), axis=1), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(std, np.nanstd(x.astype(float), axis=1), rtol=1e-4)
    constant = np.full((1, 50, 2), 0.1, "float32")
    constant[:, :, 1] = np.nan
    assert not keras.ops.convert_to_numpy(channel_std(keras.ops.convert_to_tensor(constant))).any()
