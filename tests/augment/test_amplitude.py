import numpy as np
import pytest

from seqconv import augment
from seqconv.augment.curves import curve_through, warped_places
from seqconv.augment.observed import channel_mean, channel_std


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return np.asarray(layer((x, y, weight), training=True)[0])


def series(rng, n_cases=3, n_steps=4000, n_channels=2):
    x = (rng.normal(size=(n_cases, n_steps, n_channels)) * [1, 30] + [0, 500]).astype("float32")
    x[0, n_steps * 4 // 5 :] = np.nan
    x[1, n_steps // 4 : n_steps // 2, 1] = np.nan
    return x


def test_moments_count_what_is_observed(rng):
    x = series(rng)
    np.testing.assert_allclose(channel_mean(x)[:, 0], np.nanmean(x.astype(float), axis=1), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(channel_std(x)[:, 0], np.nanstd(x.astype(float), axis=1), rtol=1e-4)
    constant = np.full((1, 50, 2), 0.1, "float32")
    constant[:, :, 1] = np.nan
    assert not np.asarray(channel_std(constant)).any()


def test_jitter_has_its_share_of_the_channels_deviation(rng):
    x = series(rng)
    noise = augmented(augment.Jitter(0.2, rate=1, seed=0), x) - x
    np.testing.assert_allclose(np.nanstd(noise, axis=1) / np.nanstd(x, axis=1), 0.2, rtol=0.05)
    assert np.abs(np.nanmean(noise, axis=1) / np.nanstd(noise, axis=1)).max() < 0.06
    neighbours = np.corrcoef(noise[2, :-1, 0], noise[2, 1:, 0])[0, 1]
    channels = np.corrcoef(noise[2, :, 0], noise[2, :, 1])[0, 1]
    assert abs(neighbours) < 0.06 and abs(channels) < 0.06
    np.testing.assert_array_equal(augmented(augment.Jitter(0.0, rate=1), x), x)


def test_a_channel_that_does_not_vary_gets_neither_noise_nor_drift():
    x = np.full((2, 40, 1), 0.1, "float32")
    for layer in (augment.Jitter(1.0, rate=1), augment.AddNoise((0, 0), rate=1), augment.Drift(1.0, rate=1)):
        np.testing.assert_array_equal(augmented(layer, x), x)


def test_noise_reaches_its_ratio(rng):
    x = series(rng, n_cases=20)
    noise = augmented(augment.AddNoise((3, 25), rate=1, seed=0), x) - x
    snr_db = 20 * np.log10(np.nanstd(x, axis=1) / np.nanstd(noise, axis=1))
    np.testing.assert_allclose(snr_db[:, 0], snr_db[:, 1], atol=0.4)  # one ratio for a case
    assert 3 - 0.3 < snr_db.min() < 8 and 20 < snr_db.max() < 25 + 0.3
    exact = augmented(augment.AddNoise((17, 17), rate=1, seed=0), x) - x
    np.testing.assert_allclose(20 * np.log10(np.nanstd(x, axis=1) / np.nanstd(exact, axis=1)), 17, atol=0.3)


def test_scaling_is_one_factor_for_a_channel(rng):
    x = series(rng, n_cases=300, n_steps=8)
    factors = augmented(augment.Scaling(0.2, rate=1, seed=0), x) / x
    np.testing.assert_allclose(np.nanmax(factors, axis=1), np.nanmin(factors, axis=1), rtol=1e-4)
    factors = np.nanmean(factors, axis=1)
    assert factors.mean() == pytest.approx(1, abs=0.04) and factors.std() == pytest.approx(0.2, abs=0.03)
    np.testing.assert_array_equal(augmented(augment.Scaling(0.0, rate=1), x), x)


def test_gain_is_in_decibels_and_the_same_for_all_channels(rng):
    x = series(rng, n_cases=300, n_steps=8)
    gain_db = 20 * np.log10(augmented(augment.Gain((-3, 9), rate=1, seed=0), x) / x)
    np.testing.assert_allclose(np.nanmax(gain_db, axis=(1, 2)), np.nanmin(gain_db, axis=(1, 2)), atol=1e-3)
    assert -3 <= np.nanmin(gain_db) + 1e-3 < -2.5 and 8.5 < np.nanmax(gain_db) - 1e-3 <= 9
    added = augmented(augment.Gain((-3, 9), in_decibels=True, rate=1, seed=0), x) - x
    np.testing.assert_allclose(np.nanmean(added, axis=(1, 2)), np.nanmean(gain_db, axis=(1, 2)), atol=1e-3)


def test_magnitude_warp_is_a_smooth_curve_around_1():
    x = np.ones((400, 200, 1), "float32")
    curves = augmented(augment.MagnitudeWarp(0.2, n_knots=4, rate=1, seed=0), x)
    at_ends = curves[:, [0, -1]]
    assert at_ends.mean() == pytest.approx(1, abs=0.03) and at_ends.std() == pytest.approx(0.2, abs=0.02)
    assert np.abs(np.diff(curves, 2, axis=1)).max() < 0.01  # no step, no corner
    assert (np.diff(np.sign(np.diff(curves[..., 0], axis=1)), axis=1) != 0).sum(axis=1).max() <= 10
    np.testing.assert_array_equal(augmented(augment.MagnitudeWarp(0.0, rate=1), x), x)


def test_drift_keeps_within_its_bound(rng):
    x = series(rng, n_cases=50, n_steps=200)
    drift = (augmented(augment.Drift(0.5, rate=1, seed=0), x) - x) / np.nanstd(x, axis=1, keepdims=True)
    assert 0.4 < np.nanmax(np.abs(drift)) < 0.5 * 1.25 + 1e-3  # between knots a cubic may rise by a quarter above them
    assert np.nanmax(np.abs(np.diff(drift, axis=1))) < 0.1


def test_a_curve_goes_through_its_knots_and_keeps_a_line(rng):
    knots = rng.normal(size=(2, 5, 3)).astype("float32")
    curve = np.asarray(curve_through(knots, np.array([[41.0], [21.0]], "float32"), 50))
    np.testing.assert_allclose(curve[0, :41:10], knots[0], atol=1e-5)
    np.testing.assert_allclose(curve[1, :21:5], knots[1], atol=1e-5)
    line = np.linspace(3, 7, 5, dtype="float32").reshape(1, 5, 1)
    curve = np.asarray(curve_through(line, np.array([[41.0]], "float32"), 50))[0, :, 0]
    np.testing.assert_allclose(curve, np.append(np.linspace(3, 7, 41), np.full(9, 7)), atol=1e-5)
    slope = np.diff(np.asarray(curve_through(knots, np.full((2, 1), 4001.0, "float32"), 4001)), axis=1)
    assert np.abs(np.diff(slope, axis=1)).max() < 1e-4  # the slope does not jump at a knot


def test_places_of_a_warp_are_the_integral_of_its_speeds(rng):
    speeds = np.exp(rng.normal(size=(3, 6))).astype("float32")
    n_steps = np.array([101, 33, 2])
    places = np.asarray(warped_places(speeds, n_steps[:, None].astype("float32"), 101))
    for own, length, expected in zip(places, n_steps, speeds.astype(float), strict=True):
        fine = np.linspace(0, 5, 20_001)
        passed = np.append(0, np.cumsum(np.interp((fine[1:] + fine[:-1]) / 2, np.arange(6), expected)))
        slow = np.interp(np.linspace(0, 5, length), fine, passed / passed[-1]) * (length - 1)
        np.testing.assert_allclose(own[:length], slow, atol=1e-3)
        assert (np.diff(own[:length]) > 0).all()
