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


def test_a_frequency_shift_repeats_the_edge(rng):
    x = spectrogram(rng, 100)
    new = augmented(augment.FrequencyShift(2, rate=1, seed=0), x)
    found = set()
    for case, old in zip(new, x, strict=True):
        shifted = {s: old[:, np.clip(np.arange(12) - s, 0, 11)] for s in range(-2, 3)}
        (shift,) = (s for s, one in shifted.items() if np.array_equal(case, one, equal_nan=True))
        found.add(shift)
    assert found == set(range(-2, 3))


def test_a_shift_by_all_channels_is_refused(rng):
    with pytest.raises(ValueError, match="more than max_channels=12 channels, got x with 12; lower max_channels"):
        augmented(augment.FrequencyShift(12), spectrogram(rng))
