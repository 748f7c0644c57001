import keras
import numpy as np
import pytest
from scipy.signal import stft

from seqconv import augment
from seqconv.augment.between_class_mixing import _a_weight


def mixed(layer, x, y, weight=None):
    weight = np.ones(len(x), "float32") if weight is None else weight
    return [keras.ops.convert_to_numpy(one) for one in layer((x, y, weight), training=True)]


def pairs(new_y, n):
    """Partner and its share of every case, from the mixed targets of cases of n classes of their own."""
    shares = new_y * (1 - np.eye(n))
    return shares.argmax(axis=1), shares.max(axis=1)


RATE_HZ = 8000


def loudness(sound):
    """A-weighted amplitude of the loudest frame, by another library."""
    sound = np.nan_to_num(sound.astype(float))
    frequencies, _, values = stft(
        np.append(sound, np.zeros(512)), RATE_HZ, "hann", 512, 256, boundary=None, padded=False
    )
    f = frequencies[:, None] ** 2
    ear = 12194**2 * f**2 / ((f + 20.6**2) * np.sqrt((f + 107.7**2) * (f + 737.9**2)) * (f + 12194**2)) * 10**0.1
    return np.sqrt((np.abs(values * ear) ** 2).sum(axis=0).max())


def sounds(rng):
    t = np.arange(3000) / RATE_HZ
    pitch, level = rng.uniform(100, 3000, size=(16, 1)), 10 ** rng.uniform(-2, 0, size=(16, 1))
    x = (level * np.sin(2 * np.pi * pitch * t)).astype("float32")[..., None]
    x[::4, 2000:] = np.nan
    return x


def test_between_classes_is_the_formula_of_the_paper(rng):
    x, n = sounds(rng), 16
    new, new_y, new_weight = mixed(augment.BetweenClassMixing(RATE_HZ, seed=0), x, np.eye(n, dtype="float32"))
    partner, share = pairs(new_y, n)
    for i, (j, r) in enumerate(zip(partner, 1 - share, strict=True)):
        gap_db = 20 * np.log10(loudness(x[i, :, 0]) / loudness(x[j, :, 0]))
        p = 1 / (1 + 10 ** (gap_db / 20) * (1 - r) / r)
        expected = (p * np.nan_to_num(x[i]) + (1 - p) * np.nan_to_num(x[j])) / np.sqrt(p**2 + (1 - p) ** 2)
        expected[np.isnan(x[i]) & np.isnan(x[j])] = np.nan
        np.testing.assert_allclose(new[i], expected, atol=1e-3)
    np.testing.assert_allclose(new_weight, 1, atol=1e-6)


def test_the_frequency_weights_are_those_of_the_standard():
    # Table of IEC 61672-1, in decibels, at tenth powers of ten.
    table = {15: -39.4, 18: -26.2, 21: -16.1, 24: -8.6, 27: -3.2, 30: 0.0, 33: 1.2, 36: 1.0, 39: -1.1}
    for tenths, expected_db in table.items():
        assert 20 * np.log10(_a_weight(10 ** (tenths / 10))) == pytest.approx(expected_db, abs=0.06)


def test_partners_are_of_another_class(rng):
    x = sounds(rng)
    classes = np.arange(16) % 2
    _, y, _ = mixed(augment.BetweenClassMixing(RATE_HZ, seed=0), x, np.eye(2, dtype="float32")[classes])
    assert ((y > 0).sum(axis=1) == 2).all()
    assert 0.05 < y.std() and y.min() < 0.15
    _, same, _ = mixed(augment.BetweenClassMixing(RATE_HZ, seed=0), x, np.ones((16, 1), "float32"))
    np.testing.assert_allclose(same, 1)


def test_channels_that_are_no_waveform_are_refused(rng):
    x, y = rng.normal(size=(4, 60, 3)).astype("float32"), np.eye(4, dtype="float32")
    with pytest.raises(ValueError, match="waveforms, .* got 3 channels. .*features='waveform'"):
        mixed(augment.BetweenClassMixing(RATE_HZ), x, y)


def test_silence_stays_finite(rng):
    x = sounds(rng)
    x[:5] = 0
    x[5] = np.nan
    new, _, _ = mixed(augment.BetweenClassMixing(RATE_HZ, seed=0), x, np.eye(16, dtype="float32"))
    assert np.isfinite(new[:5, :2000]).all()
