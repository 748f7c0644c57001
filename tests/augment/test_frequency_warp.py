import keras
import numpy as np
import pytest

from seqconv import augment


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return keras.ops.convert_to_numpy(layer((x, y, weight), training=True)[0])


def spectrogram(rng, n_cases=60):
    x = rng.normal(size=(n_cases, 30, 12)).astype("float32")
    x[:, 20:] = np.nan
    x[:, 4, 5] = np.nan
    return x


@pytest.mark.parametrize("factor", [0.7, 1.0, 1.3])
def test_a_frequency_warp_is_interpolation(rng, factor):
    x = spectrogram(rng)[:, :20]
    x[:, 4, 5] = 0
    new = augmented(augment.FrequencyWarp((factor, factor), rate=1), x)
    places = np.arange(12) / factor
    slow = [[np.interp(places, np.arange(12), step) for step in case] for case in x]
    np.testing.assert_allclose(new, slow, atol=1e-5)
