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


def test_an_equalizer_adds_one_smooth_curve_over_the_channels(rng):
    x = 7 * spectrogram(rng, 400) - 30
    new = augmented(augment.Equalizer(0.5, 4, rate=1, seed=0), x)
    np.testing.assert_array_equal(np.isnan(new), np.isnan(x))
    curves = np.nanmean(new - x, axis=1)  # (cases, channels)
    np.testing.assert_allclose((new - x)[:, :4], np.repeat(curves[:, None], 4, axis=1), atol=1e-4)
    # At its knots it has the deviation asked for, in deviations of the case, and in between it is as smooth as they are few.
    own = np.nanstd(x.reshape(len(x), -1), axis=1, keepdims=True)
    assert (curves / own)[:, [0, -1]].std() == pytest.approx(0.5, rel=0.1)
    assert np.abs(np.diff(curves / own, n=2, axis=1)).mean() < 0.5 * np.abs(np.diff(curves / own, axis=1)).mean()


def test_an_equalizer_of_one_knot_is_refused():
    with pytest.raises(ValueError, match="n_knots must be a whole number of at least 2, got 1"):
        augment.Equalizer(n_knots=1)
