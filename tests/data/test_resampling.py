"""Resampling against plain sums; a missing value hides only the steps that depend on it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqconv.data.resampling import bridge, rate_ratio, resample


@pytest.mark.parametrize(
    "rates, ratio", [((360, 125), (25, 72)), ((250, 500), (2, 1)), ((128, 128), (1, 1)), ((0.1, 1), (10, 1))]
)
def test_the_ratio_of_two_rates(rates, ratio):
    assert rate_ratio(*rates) == ratio


@pytest.mark.parametrize("rates", [(360.01, 125), (199.8051948, 128), (1000 / 3, 250)])
def test_odd_rates_are_met_to_a_ten_thousandth(rates):
    up, down = rate_ratio(*rates)
    assert up <= 1000 >= down and abs(rates[0] * up / down / rates[1] - 1) < 1e-4


@pytest.mark.parametrize("rates", [(1, 2000), (100_000, 1)])
def test_rates_too_far_from_each_other_are_rejected(rates):
    with pytest.raises(ValueError, match="ratio of whole numbers up to 1000, got .* Choose a nearer rate"):
        rate_ratio(*rates)


def test_a_rate_must_be_above_0():
    with pytest.raises(ValueError, match="rate_hz must be a number above 0, got 0"):
        rate_ratio(0, 100)
    with pytest.raises(ValueError, match="new_rate_hz must be a number above 0, got nan"):
        rate_ratio(100, np.nan)


@pytest.mark.parametrize("up, down", [(25, 72), (2, 1), (1, 3), (7, 5)])
def test_slow_waves_survive_resampling_in_their_place(up, down):
    time = np.arange(2000) / 360
    new_time = np.arange(-(-2000 * up // down)) * down / up / 360
    wave = np.sin(2 * np.pi * 3 * time)[:, None] + 7
    found = resample(wave, up, down)
    inner = slice(30, -30)
    np.testing.assert_allclose(found[inner, 0], np.sin(2 * np.pi * 3 * new_time[inner]) + 7, atol=2e-3)
    np.testing.assert_allclose(resample(np.full((50, 1), 7.0), up, down), 7)  # at the ends, too


@pytest.mark.parametrize("up, down", [(25, 72), (2, 1), (1, 3), (1, 1)])
def test_missing_values_hide_the_steps_that_stand_for_them_and_no_others(rng, up, down):
    signal = rng.normal(size=(300, 2))
    signal[100:103, 0] = np.nan
    found = resample(signal, up, down)
    places = np.arange(len(found)) * down / up
    reach = max(1, down / up) / 2 if up != down else 0
    hidden = (places + reach >= 100) & (places - reach <= 102)
    np.testing.assert_array_equal(np.isnan(found[:, 0]), hidden)
    assert not np.isnan(found[:, 1]).any()
    assert np.isnan(resample(np.full((40, 1), np.nan), up, down)).all()


@given(st.lists(st.sampled_from([np.nan, 0.0, 1.0, 5.0]), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_a_bridge_goes_straight_over_gaps(values):
    signal = np.array(values)[:, None]
    found, known = bridge(signal)[:, 0], np.flatnonzero(~np.isnan(values))
    expected = np.zeros(len(values)) if not len(known) else np.interp(np.arange(len(values)), known, signal[known, 0])
    np.testing.assert_allclose(found, expected)
