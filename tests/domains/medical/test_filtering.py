"""Filters against plain sums; lost contact is hidden."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqconv.domains.medical.filtering import apply_filter, design_filter, hide_lost_contact


@pytest.mark.parametrize("reach", [3, 1500])
def test_a_filter_is_the_plain_sum_over_its_taps(rng, reach):
    signal, taps = rng.normal(size=(2, 40, 3)), rng.normal(size=2 * reach + 1)
    found = apply_filter(signal, taps)
    for case, lead in np.ndindex(2, 3):
        held = np.pad(signal[case, :, lead], reach, mode="edge")
        expected = [taps[::-1] @ held[i : i + len(taps)] for i in range(40)]
        np.testing.assert_allclose(found[case, :, lead], expected, atol=1e-9)
    np.testing.assert_array_equal(apply_filter(signal[1:], taps), found[1:])  # bit for bit, alone or among others


@pytest.mark.parametrize("level", [0.0, 5.0, -1e3 / 7])
def test_a_lead_that_never_moves_is_a_constant_however_long_the_filter(level):
    for band in ((0.05, 40), (None, 40)):
        assert len(np.unique(apply_filter(np.full((8000, 1), level), design_filter(360, band)))) == 1


def gain(taps, hertz, rate):
    return abs(np.sum(taps * np.exp(-2j * np.pi * hertz / rate * np.arange(len(taps)))))


@pytest.mark.parametrize("rate", [125, 250, 360])
def test_the_band_passes_and_the_rest_does_not(rate):
    taps = design_filter(rate, (0.5, 40), 50)
    np.testing.assert_allclose([gain(taps, f, rate) for f in (2, 5, 10, 30)], 1, atol=0.01)
    assert gain(taps, 0, rate) < 1e-9 and gain(taps, 0.05, rate) < 0.1 and gain(taps, 50, rate) < 0.01
    np.testing.assert_allclose([gain(taps, f, rate) for f in (0.5, 40)], 0.5, atol=0.05)
    np.testing.assert_allclose(taps, taps[::-1], atol=1e-12)  # nothing is shifted in time


def test_without_a_band_nothing_is_changed(rng):
    signal = rng.normal(size=(9, 2))
    np.testing.assert_array_equal(apply_filter(signal, design_filter(100)), signal)


def test_drift_goes_and_the_beat_stays():
    time = np.arange(5000) / 250
    beat, drift = np.sin(2 * np.pi * 8 * time), 3 + 2 * np.sin(2 * np.pi * 0.1 * time)
    found = apply_filter((beat + drift)[:, None], design_filter(250, (0.5, None)))[:, 0]
    np.testing.assert_allclose(found[1250:-1250], beat[1250:-1250], atol=0.03)


@pytest.mark.parametrize("band", [(0, 40), (0.5, 62.5), (0.5, 100), (40, 40), (50, 10)])
def test_a_band_that_cannot_be_is_refused(band):
    with pytest.raises(ValueError, match="band_hz must"):
        design_filter(125, band)
    with pytest.raises(ValueError, match="notch_hz must be between 0 and half the sampling rate of 100 Hz"):
        design_filter(100, None, 60)


def runs_by_hand(signal, n_flat, limits):
    """Values of one lead that a plain loop finds flat or saturated."""
    hidden = np.zeros(len(signal), bool)
    at_limit = (signal <= limits[0]) | (signal >= limits[1])
    for start in range(len(signal)):
        for stop in range(start + 1, len(signal) + 1):
            part = slice(start, stop)
            if stop - start >= n_flat and len(set(signal[part])) == 1:
                hidden[part] = True
            if stop - start >= 3 and at_limit[part].all():
                hidden[part] = True
    return hidden


@given(st.lists(st.sampled_from([-2.0, 0.0, 1.0, 2.0]), min_size=1, max_size=24), st.integers(2, 6))
@settings(max_examples=80, deadline=None)
def test_flat_and_saturated_stretches_are_hidden_and_nothing_else(values, n_flat):
    signal = np.array(values)
    found = hide_lost_contact(signal[:, None], 10, n_flat / 10, [(-2, 2)])[:, 0]
    np.testing.assert_array_equal(np.isnan(found), runs_by_hand(signal, n_flat, (-2, 2)))
    np.testing.assert_array_equal(found[~np.isnan(found)], signal[~np.isnan(found)])


def test_leads_are_looked_at_one_by_one_and_the_input_is_left_alone():
    signal = np.stack([np.zeros(30), np.arange(30.0)], axis=1)
    found = hide_lost_contact(signal, 10, 1.0)
    assert np.isnan(found[:, 0]).all() and not np.isnan(found[:, 1]).any() and not np.isnan(signal).any()
    assert not np.isnan(hide_lost_contact(signal, 10, None)).any()
    assert not np.isnan(hide_lost_contact(signal[:9], 10, 1.0)).any()
    assert not np.isnan(hide_lost_contact(signal, 10, None, [(np.nan, np.nan)] * 2)).any()
