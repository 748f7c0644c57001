import numpy as np
import pytest

from seqconv import augment


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return np.asarray(layer((x, y, weight), training=True)[0])


def spectrogram(rng, n_cases=60):
    x = rng.normal(size=(n_cases, 30, 12)).astype("float32")
    x[:, 20:] = np.nan
    x[:, 4, 5] = np.nan
    return x


def n_edges(masked, axis):
    """Where a mask of one axis begins or ends, for every case."""
    masked = np.pad(masked, ((0, 0), (1, 1))).astype(int)
    return np.abs(np.diff(masked, axis=1)).sum(axis=1)


@pytest.mark.parametrize("fill", ["hidden", "mean"])
@pytest.mark.parametrize("name, axis, size", [("TimeMasking", 1, 20), ("FrequencyMasking", 2, 12)])
def test_masks_are_bands_of_their_axis(rng, name, axis, size, fill):
    x = spectrogram(rng)
    new = augmented(getattr(augment, name)(2, 0.25, fill, rate=1, seed=0), x)
    masked = ~np.isnan(x) & ~(new == x)
    bands = masked.any(axis=3 - axis)[:, :size]
    observed = ~np.isnan(x)
    np.testing.assert_array_equal(
        masked, np.expand_dims(np.pad(bands, ((0, 0), (0, x.shape[axis] - size))), 3 - axis) & observed
    )
    assert n_edges(bands, axis).max() == 4 and bands.sum(axis=1).max() <= 2 * size // 4
    assert bands.any(axis=0).all() and bands.sum(axis=1).min() <= 1
    if fill == "mean":
        means = np.broadcast_to(np.nanmean(x, axis=1, keepdims=True), x.shape)
        np.testing.assert_allclose(new[masked], means[masked], atol=1e-5)
    else:
        assert np.isnan(new[masked]).all()


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


@pytest.mark.parametrize("factor", [0.7, 1.0, 1.3])
def test_a_frequency_warp_is_interpolation(rng, factor):
    x = spectrogram(rng)[:, :20]
    x[:, 4, 5] = 0
    new = augmented(augment.FrequencyWarp((factor, factor), rate=1), x)
    places = np.arange(12) / factor
    slow = [[np.interp(places, np.arange(12), step) for step in case] for case in x]
    np.testing.assert_allclose(new, slow, atol=1e-5)


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
    with pytest.raises(ValueError, match="n_knots must be an integer of at least 2, got 1"):
        augment.Equalizer(n_knots=1)
