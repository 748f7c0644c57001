import numpy as np
import pytest

from seqconv import augment
from seqconv.augment.resampling import between_steps


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return np.asarray(layer((x, y, weight), training=True)[0])


def counting(n_cases=200, length=20, n_steps=26):
    """Cases 1, 2, ... with a gap at 7 and padding behind."""
    x = np.full((n_cases, n_steps, 1), np.nan, "float32")
    x[:, :length, 0] = np.arange(1, length + 1)
    x[:, 6] = np.nan
    return x


def test_a_shift_is_a_shift():
    x = counting()
    case = x[0, :20, 0]
    shifts = []
    for new in augmented(augment.RandomShift(0.25, rate=1, seed=0), x)[..., 0]:
        first = new[~np.isnan(new)][0]
        shift = int(np.flatnonzero(new == first)[0] + 1 - first)
        expected = np.full(26, np.nan)
        expected[max(shift, 0) : 20 + min(shift, 0)] = case[max(-shift, 0) : 20 - max(shift, 0)]
        np.testing.assert_array_equal(new, expected)
        shifts.append(shift)
    assert set(shifts) == set(range(-5, 6))


def test_a_wrapped_shift_is_a_roll():
    x = counting()
    rolls = [np.append(np.roll(x[0, :20, 0], shift), np.full(6, np.nan)) for shift in range(-5, 6)]
    for new in augmented(augment.RandomShift(0.25, "wrap", rate=1, seed=0), x)[..., 0]:
        assert any(np.array_equal(new, roll, equal_nan=True) for roll in rolls)


def test_a_slice_is_a_stretch_of_the_case():
    x = counting()
    starts = set()
    for new in augmented(augment.WindowSlice(0.71, rate=1, seed=0), x)[..., 0]:
        start = int(np.nanmin(new - np.arange(26)) - 1)
        np.testing.assert_array_equal(new[:15], x[0, start : start + 15, 0])  # ceil(0.71 * 20) steps
        assert np.isnan(new[15:]).all()
        starts.add(start)
    assert starts == set(range(6))
    np.testing.assert_array_equal(augmented(augment.WindowSlice(1.0, rate=1), x), x)


@pytest.mark.parametrize("n_segments", [1, 2, 5])
def test_a_permutation_keeps_every_step(n_segments):
    x = counting()
    new = augmented(augment.Permutation(n_segments, rate=1, seed=0), x)[..., 0]
    np.testing.assert_array_equal(np.sort(new, axis=1), np.sort(x[..., 0], axis=1))
    assert np.isnan(new[:, 20:]).all()
    filled = np.where(np.isnan(new[:, :20]), 7, new[:, :20])
    breaks = (np.diff(filled, axis=1) != 1).sum(axis=1)
    assert breaks.max() == n_segments - 1
    n_orders = len(np.unique(filled, axis=0))
    assert n_orders == 1 if n_segments == 1 else n_orders > 5


def test_between_steps_is_the_line_and_the_nearer_one_decides_at_a_gap():
    x = np.array([0, 10, np.nan, 30, 40], "float32").reshape(1, 5, 1)
    places = np.array([[0, 0.25, 1, 1.25, 1.75, 2, 2.25, 2.75, 3.5, 4]], "float32")
    expected = [0, 2.5, 10, 10, np.nan, np.nan, np.nan, 30, 35, 40]
    np.testing.assert_allclose(np.asarray(between_steps(x, places)).ravel(), expected)


def test_between_steps_equals_interpolation(rng):
    x = rng.normal(size=(3, 50, 2)).astype("float32")
    places = np.sort(rng.uniform(0, 49, size=(3, 70)), axis=1).astype("float32")
    slow = [
        np.stack([np.interp(p, np.arange(50), one[:, c]) for c in range(2)], axis=1)
        for one, p in zip(x, places, strict=True)
    ]
    np.testing.assert_allclose(between_steps(x, places), slow, atol=1e-4)


def test_a_time_warp_of_no_strength_is_none(rng):
    x = rng.normal(size=(4, 500, 2)).astype("float32")
    x[0, 300:] = np.nan
    x[1, 100:120] = np.nan
    np.testing.assert_allclose(augmented(augment.TimeWarp(0.0, rate=1), x), x, atol=1e-3)


def test_a_time_warp_goes_forward_from_first_to_last_step():
    x = np.arange(100.0, dtype="float32").reshape(1, 100, 1).repeat(50, axis=0)
    x[:, 80:] = np.nan
    new = augmented(augment.TimeWarp(0.5, rate=1, seed=0), x)[..., 0]
    np.testing.assert_allclose(new[:, 0], 0, atol=1e-4)
    np.testing.assert_allclose(new[:, 79], 79, atol=1e-3)
    assert np.isnan(new[:, 80:]).all() and (np.diff(new[:, :80], axis=1) > 0).all()
    assert np.abs(new[:, :80] - np.arange(80)).max() > 8
    assert np.abs(np.diff(new[:, :80], 2, axis=1)).max() < 0.3  # the speed does not jump


def test_a_gap_moves_with_the_warp():
    x = np.arange(100.0, dtype="float32").reshape(1, 100, 1).repeat(50, axis=0)
    x[:, 40:60] = np.nan
    new = augmented(augment.TimeWarp(0.3, rate=1, seed=0), x)[..., 0]
    assert not ((new > 39) & (new < 60)).any()  # nothing is made up across it
    sizes = np.isnan(new).sum(axis=1)
    assert sizes.min() < 18 and sizes.max() > 22 and sizes.mean() == pytest.approx(20, abs=2)


@pytest.mark.parametrize("speed", [0.5, 0.8, 1.25, 2.0])
def test_speed_multiplies_the_frequency_of_a_sine(speed):
    n_steps, frequency = 2000, 50  # cycles in the case
    x = np.sin(2 * np.pi * frequency * np.arange(n_steps) / n_steps).astype("float32").reshape(1, -1, 1)
    new = augmented(augment.SpeedChange((speed, speed), rate=1), x)[0, :, 0]
    new = new[~np.isnan(new)]
    assert len(new) == pytest.approx(n_steps / speed, abs=1)
    spectrum = np.abs(np.fft.rfft(new * np.hanning(len(new)), n_steps * 4))
    assert spectrum.argmax() / 4 == pytest.approx(frequency * speed, abs=0.3)


def test_speed_reads_the_whole_case_and_no_padding():
    x = np.arange(11.0, dtype="float32").reshape(1, 11, 1).repeat(60, axis=0)
    x[1::2, 7:] = np.nan
    new = augmented(augment.SpeedChange((0.5, 2), rate=1, seed=0), x)[..., 0]
    assert new.shape == (60, 21)
    for case, last in zip(new, [10, 6] * 30, strict=True):
        own = case[~np.isnan(case)]
        steps = np.diff(own)
        np.testing.assert_allclose(steps, steps.mean(), atol=1e-3)
        assert own[0] == 0 and last - steps.mean() - 1e-3 < own[-1] <= last and 0.5 <= steps.mean() <= 2
    np.testing.assert_array_equal(augmented(augment.SpeedChange((1, 1), rate=1), x), x)


def test_hidden_spans_are_spans():
    x = counting()
    x[:, 6] = 7
    new = augmented(augment.HiddenSpans(1, 0.5, rate=1, seed=0), x)[:, :20, 0]
    hidden = np.isnan(new)
    widths = hidden.sum(axis=1)
    assert set(widths) == set(range(11))
    assert (np.abs(np.diff(np.pad(hidden, ((0, 0), (1, 1))).astype(int), axis=1)).sum(axis=1) <= 2).all()
    assert hidden.any(axis=0).all()
    three = np.isnan(augmented(augment.HiddenSpans(3, 0.2, rate=1, seed=0), x)[:, :20, 0])
    edges = np.abs(np.diff(np.pad(three, ((0, 0), (1, 1))).astype(int), axis=1)).sum(axis=1)
    assert edges.max() == 6


def test_spans_are_for_all_channels_or_for_each():
    x = np.ones((50, 20, 3), "float32")
    hidden = np.isnan(augmented(augment.HiddenSpans(1, 0.5, rate=1, seed=0), x))
    assert (hidden == hidden[..., :1]).all()
    hidden = np.isnan(augmented(augment.HiddenSpans(2, 0.5, per_channel=True, rate=1, seed=0), x))
    assert (hidden != hidden[..., :1]).any(axis=(0, 1))[1:].all()


def test_dropped_channels_are_whole(rng):
    x = np.ones((300, 5, 4), "float32")
    x[:, :, 3] = np.nan  # holds nothing, so it is not one that is left
    hidden = np.isnan(augmented(augment.ChannelDropout(0.4, rate=1, seed=0), x))
    assert (hidden == hidden[:, :1]).all() and (~hidden[:, 0, :3]).any(axis=1).all()
    assert hidden[:, 0, :3].mean() == pytest.approx(0.4 - 0.4**3 / 3, abs=0.05)
    lone = np.isnan(augmented(augment.ChannelDropout(1.0, rate=1), x))
    assert ((~lone[:, 0]).sum(axis=1) == 1).all() and lone[:, 0, 3].all()


def test_dropping_the_only_channel_is_refused():
    x = np.ones((2, 5, 1), "float32")
    with pytest.raises(ValueError, match="at least 2 channels, got x with 1; use HiddenSpans"):
        augmented(augment.ChannelDropout(), x)
