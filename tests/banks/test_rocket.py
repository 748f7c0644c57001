import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import oracles
import pytest

from seqconv.banks.rocket import POOLS, draw_channels, fit_thresholds, rocket_features
from seqconv.banks.series import Series

DILATIONS, COUNTS = [1, 2, 4], [2, 1, 1]
N_THRESHOLDS = 84 * sum(COUNTS)


def bank(rng, n_channels):
    return DILATIONS, COUNTS, draw_channels(252, n_channels, rng), rng.normal(size=N_THRESHOLDS).astype(np.float32)


@pytest.mark.parametrize("compat, is_difference", [("corrected", False), ("reference", False), ("reference", True)])
@pytest.mark.parametrize("kind", ["complete", "unequal", "gaps"])
@pytest.mark.parametrize("n_channels", [1, 4])
def test_features_equal_plain_loops(rng, make_cases, n_channels, kind, compat, is_difference):
    X = make_cases(n_channels, kind)
    settings = bank(rng, n_channels)
    mask = ~np.isnan(X).all(axis=2)
    expected = oracles.rocket(X, mask, *settings, compat, is_difference)
    found = rocket_features(Series.read(X), *settings, POOLS, compat, is_difference).reshape(expected.shape)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    # The proportion alone has a way of its own.
    alone = rocket_features(Series.read(X), *settings, compat=compat, is_difference=is_difference)
    np.testing.assert_array_equal(alone, found[:, 0])


def test_a_partly_observed_step_is_real(rng, make_cases):
    X = make_cases(3, "gaps")
    X[0, 20, 1] = np.nan
    settings = bank(rng, 3)
    mask = ~np.isnan(X).all(axis=2)
    expected = oracles.rocket(np.nan_to_num(X), mask, *settings)[:, 0]
    np.testing.assert_allclose(rocket_features(Series.read(X), *settings), expected, atol=1e-6)


def test_pools_come_in_the_order_asked_for(rng, make_cases):
    series, settings = Series.read(make_cases(1, "gaps")), bank(rng, 1)
    every = dict(zip(POOLS, np.split(rocket_features(series, *settings, POOLS), 4, axis=1), strict=True))
    for pools in itertools.permutations(POOLS, 2):
        expected = np.hstack([every[pool] for pool in pools])
        np.testing.assert_array_equal(rocket_features(series, *settings, pools), expected)


@pytest.mark.parametrize("pools", [("proportion",), POOLS])
@pytest.mark.parametrize("kind", ["complete", "unequal", "gaps"])
@pytest.mark.parametrize("n_channels", [1, 4])
def test_a_case_alone_has_the_same_bits(rng, make_cases, n_channels, kind, pools):
    X = np.concatenate([make_cases(n_channels, kind) for _ in range(5)])
    settings = bank(rng, n_channels)
    together = rocket_features(Series.read(X), *settings, pools)
    padding = np.full((1, 50, n_channels), np.nan, np.float32)
    for b in range(5):
        alone = rocket_features(Series.read(X[b : b + 1]), *settings, pools)
        padded = rocket_features(Series.read(np.concatenate([X[b : b + 1], padding], axis=1)), *settings, pools)
        np.testing.assert_array_equal(alone[0], together[b])
        np.testing.assert_array_equal(padded[0], together[b])


@pytest.mark.parametrize("n_steps", [1, 2, 8, 9])
def test_short_cases_and_their_differences_have_finite_features(rng, n_steps):
    series = Series.read(rng.normal(size=(3, n_steps, 1)))
    for one in (series, series.difference()):
        thresholds = fit_thresholds(one, DILATIONS, COUNTS, np.ones((252, 1)), rng)
        assert np.isfinite(thresholds).all()
        found = rocket_features(one, DILATIONS, COUNTS, np.ones((252, 1)), thresholds, POOLS)
        assert np.isfinite(found).all()
        if one.values.shape[2] == 0:
            np.testing.assert_array_equal(found, np.repeat([[0, 0, 0, -1]], N_THRESHOLDS, axis=1).repeat(3, axis=0))


def test_a_case_without_a_real_step_has_empty_pools(rng, make_cases):
    X = make_cases(2, "gaps")
    X[1] = np.nan
    found = rocket_features(Series.read(X), *bank(rng, 2), POOLS).reshape(5, 4, -1)
    np.testing.assert_array_equal(found[1], np.repeat([[0], [0], [0], [-1]], N_THRESHOLDS, axis=1))


@pytest.mark.parametrize("kind", ["complete", "gaps"])
@pytest.mark.parametrize("n_channels", [1, 4])
def test_thresholds_are_quantiles_of_the_real_steps_of_one_case(rng, make_cases, n_channels, kind):
    X = make_cases(n_channels, kind)
    channels = draw_channels(252, n_channels, rng)
    found = fit_thresholds(Series.read(X), DILATIONS, COUNTS, channels, np.random.default_rng(7))
    again = np.random.default_rng(7)
    mask = ~np.isnan(X).all(axis=2)
    f = 0
    for number, dilation in enumerate(DILATIONS):
        picks = again.integers(0, len(X), 84)
        for k, kernel in enumerate(itertools.combinations(range(9), 3)):
            case = oracles.rocket_responses(X, mask, picks[k], dilation, kernel, channels[number * 84 + k])
            responses = [response for response, real in zip(*case[:2], strict=True) if real]
            for _ in range(COUNTS[number]):
                expected = np.quantile(responses, (f + 1) * (1 + 5**0.5) / 2 % 1)
                assert found[f] == pytest.approx(expected, abs=1e-4)
                f += 1
    assert f == len(found)


@pytest.mark.parametrize("n_channels", [1, 3])
@pytest.mark.parametrize("value", [0.1, -1.7, 1e4])
def test_equal_steps_never_exceed_their_threshold_by_rounding(rng, value, n_channels):
    series = Series.read(np.full((2, 200, n_channels), value))
    channels = draw_channels(252, n_channels, rng)
    thresholds = fit_thresholds(series, DILATIONS, COUNTS, channels, rng)
    found = rocket_features(series, DILATIONS, COUNTS, channels, thresholds)
    # Valid kernels see equal steps only.
    is_valid = np.repeat([(i + k) % 2 for i in range(3) for k in range(84)], np.repeat(COUNTS, 84)) == 1
    in_the_middle = np.abs(thresholds) < 1e-4 * abs(value)
    assert (is_valid & in_the_middle).sum() > 50
    np.testing.assert_array_equal(found[:, is_valid & in_the_middle], 0)


def test_a_seed_gives_the_same_draws(rng, make_cases):
    series = Series.read(make_cases(5, "gaps"))

    def draw(seed):
        rng = np.random.default_rng(seed)
        channels = draw_channels(252, 5, rng)
        return channels, fit_thresholds(series, DILATIONS, COUNTS, channels, rng)

    for first, second, other in zip(draw(1), draw(1), draw(2), strict=True):
        assert first.dtype == np.float32
        np.testing.assert_array_equal(first, second)
        assert not np.array_equal(first, other)


@pytest.mark.parametrize("n_channels, most", [(2, 2), (5, 5), (30, 9)])
def test_a_kernel_adds_up_at_most_nine_channels(rng, n_channels, most):
    n_drawn = draw_channels(2000, n_channels, rng).sum(axis=1)
    assert n_drawn.min() == 1 and n_drawn.max() == most
    # 2^U(0, log2(most + 1)), rounded down, is 1 with this probability.
    assert (n_drawn == 1).mean() == pytest.approx(np.log(2) / np.log(most + 1), abs=0.05)


def test_read_only_arrays_and_threads_give_the_same(rng, make_cases):
    settings = bank(rng, 1)
    series = Series.read(make_cases(1, "gaps"))
    expected = rocket_features(series, *settings, POOLS)
    for array in (series.values, series.lengths, series.real, *settings[2:]):
        array.flags.writeable = False
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: rocket_features(series, *settings, POOLS), range(8)):
            np.testing.assert_array_equal(found, expected)
