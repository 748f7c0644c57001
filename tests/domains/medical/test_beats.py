"""Beats among their neighbours: intervals, rhythm, the typical beat."""

import os
import pathlib
import warnings

import numpy as np
import pytest

from seqconv.domains.medical.beats import AAMI_CLASSES, beside_typical, rhythm, typical_beat
from seqconv.domains.medical.overlapping_beats import beat_intervals, beats_in_context, with_constants, with_lead_in


def rows_of(signal, peaks, lengths, n_steps=100, gain=None):
    """Rows that begin at the peaks, as the heartbeat csv has them; each window of four beats on a scale of its own."""
    rows = np.full((len(peaks), n_steps), np.nan)
    for number, (peak, length) in enumerate(zip(peaks, lengths, strict=True)):
        cut = signal[peak : peak + length]
        level, scale = (0, 1) if gain is None else gain[number // 4]
        rows[number, : len(cut)] = level + scale * cut
    return rows


@pytest.fixture
def beats(rng):
    peaks = np.cumsum([0, 60, 58, 35, 85, 61, 60, 140, 59, 60, 60, 62])
    signal = rng.normal(size=peaks[-1] + 200)
    return signal, peaks, np.full(len(peaks), 72)


def test_intervals_are_found_where_the_next_beat_begins_in_the_row(beats):
    signal, peaks, lengths = beats
    found = beat_intervals(rows_of(signal, peaks, lengths), np.zeros(len(peaks)))
    # 85 and 140 steps are longer than the row of 72, which is then what is known.
    assert found[:-1].tolist() == [60, 58, 35, 72, 61, 60, 72, 59, 60, 60, 62] and np.isnan(found[-1])


def test_intervals_are_found_across_scales_and_never_across_recordings(beats):
    signal, peaks, lengths = beats
    gain = [(0, 1), (0.2, 0.5), (-1, 3)]
    rows = rows_of(signal, peaks, lengths, gain=gain)
    assert beat_intervals(rows, np.zeros(len(peaks)))[:-1].tolist() == [60, 58, 35, 72, 61, 60, 72, 59, 60, 60, 62]
    groups = ["a"] * 6 + ["b"] * 6
    found = beat_intervals(rows, groups)
    assert np.isnan(found[[5, 11]]).all() and not np.isnan(np.delete(found, [5, 11])).any()


def test_what_came_before_a_beat_is_brought_to_its_scale(beats):
    signal, peaks, lengths = beats
    gain = [(0, 1), (0.2, 0.5), (-1, 3)]
    rows = rows_of(signal, peaks, lengths, gain=gain)
    groups = np.zeros(len(peaks))
    windows = with_lead_in(rows, groups, beat_intervals(rows, groups), 20, 30)
    for number, (peak, window) in enumerate(zip(peaks, windows, strict=True)):
        level, scale = gain[number // 4]
        np.testing.assert_allclose(window[20:], level + scale * signal[peak : peak + 30], atol=1e-6)
        if number in (0, 4, 7):  # the first one, and behind the pauses
            assert np.isnan(window[:20]).all()
        else:
            np.testing.assert_allclose(window[:20], level + scale * signal[peak - 20 : peak], atol=1e-5)


def test_rhythm_is_the_logarithm_of_plain_ratios(rng):
    intervals = rng.uniform(0.4, 1.4, size=60)
    intervals[-1] = np.nan
    found = rhythm(intervals)
    for i in range(2, 58):
        local = np.nanmedian(intervals[max(0, i - 10) : i + 11])
        usual = np.nanmedian(intervals)
        before, behind = intervals[i - 1], intervals[i]
        expected = [before / local, behind / local, before / usual, behind / usual, intervals[i - 2] / usual]
        np.testing.assert_allclose(found[i, :5], np.log(expected), atol=1e-6)
        np.testing.assert_allclose(found[i, 5], np.log(intervals[i + 1] / usual) if i < 58 else 0, atol=1e-6)
        irregular = []
        for j in range(max(0, i - 10), min(60, i + 11)):
            irregular.append(abs(np.log(intervals[j] / np.nanmedian(intervals[max(0, j - 10) : j + 11]))))
        np.testing.assert_allclose(found[i, 6], np.nanmedian(irregular), atol=1e-6)
        early = np.log(before / local) / (np.nanmedian(irregular) + 0.02)
        np.testing.assert_allclose(found[i, 7], np.clip(early, -4, 4), rtol=1e-4, atol=1e-5)


def test_rhythm_has_no_unit_knows_no_other_recording_and_is_finite(rng):
    intervals = rng.uniform(0.4, 1.4, size=40)
    groups = np.repeat(["a", "b"], 20)
    found = rhythm(intervals, groups)
    np.testing.assert_allclose(found, rhythm(intervals * 360, groups), atol=1e-5)
    np.testing.assert_array_equal(found[:20], rhythm(intervals[:20]))
    order = np.argsort(
        np.r_[np.arange(20) * 2, np.arange(20) * 2 + 1]
    )  # of one recording they must be in order, no more
    np.testing.assert_array_equal(rhythm(intervals[order], groups[order])[np.argsort(order)], found)
    for odd in ([np.nan], [np.nan, np.nan], [0.0, 0.0, 1.0], [np.inf, 1.0]):
        assert np.isfinite(rhythm(odd)).all()
    with pytest.raises(ValueError, match="groups must have one item a beat, 40 in all"):
        rhythm(intervals, groups[:3])


def test_two_beats_at_one_sample_are_finite_and_nothing_is_warned_of():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = rhythm(np.array([0.8, 0.0, 0.8, 0.8, np.nan]), np.zeros(5))
    assert np.isfinite(found).all()


def test_the_typical_beat_is_not_bent_by_many_ectopic_ones(rng):
    shape, odd = np.sin(np.arange(30)), np.cos(np.arange(30)) * 5
    beats = np.concatenate([np.tile(shape, (60, 1)), np.tile(odd, (40, 1))]) + rng.normal(scale=0.01, size=(100, 30))
    np.testing.assert_allclose(typical_beat(beats), shape, atol=0.02)
    beats[:, 3] = np.nan
    assert np.isnan(typical_beat(beats)[3]) and np.isnan(typical_beat(np.full((4, 3), np.nan))).all()


def typical_by_hand(beats, n_rounds):
    typical = np.median(beats, axis=0)
    for _ in range(n_rounds):
        distance = np.array([np.mean([abs(a - b) for a, b in zip(beat, typical, strict=True)]) for beat in beats])
        typical = np.median(beats[distance <= np.median(distance)], axis=0)
    return typical


def test_the_typical_beat_is_taken_three_times_of_the_nearest_half(rng):
    beats = rng.exponential(size=(100, 8))
    rounds = [typical_by_hand(beats, n_rounds) for n_rounds in range(5)]
    assert not any(np.allclose(one, other) for one, other in zip(rounds[1:], rounds[:-1], strict=True))
    np.testing.assert_allclose(typical_beat(beats), rounds[3])


def test_the_range_of_a_beat_ends_at_its_nearest_values_and_passes_over_one_outlier(rng):
    beat = np.arange(50.0)
    beat[0] = -1000.0
    order = rng.permutation(50)
    # 2 % of 49 steps is 0.98: the nearest value is the second one, 1. The highest is 48, the middle 24.
    expected = np.clip((beat - 24) / (48 - 1), -2, 2)
    np.testing.assert_allclose(beside_typical(beat[None, order, None])[0, :, 0], expected[order], rtol=1e-6)


def test_gain_and_level_of_a_recorder_do_not_matter(rng):
    X = rng.normal(size=(50, 30, 2))
    X[:, 25:, 1] = np.nan
    found = beside_typical(X)
    assert found.shape == (50, 30, 4) and np.isnan(found[:, 25:, [1, 3]]).all() and not np.isnan(found[:, :25]).any()
    np.testing.assert_allclose(beside_typical(X * 7 - 3), found, atol=1e-4)
    np.testing.assert_array_equal(beside_typical(X[:, :, :1]), found[:, :, [0, 2]])
    groups = np.repeat([0, 1], 25)
    np.testing.assert_array_equal(beside_typical(X, groups)[25:], beside_typical(X[25:]))
    assert np.isfinite(beside_typical(np.zeros((5, 4, 1)))).all()


def test_constants_are_hidden_where_a_case_has_no_step():
    X = np.array([[[1.0], [np.nan]], [[2.0], [3.0]]])
    np.testing.assert_array_equal(with_constants(X, [[5.0], [6.0]])[:, :, 1], [[5, np.nan], [6, 6]])


def test_the_symbols_of_the_standard():
    assert {AAMI_CLASSES[symbol] for symbol in "NLRej"} == {"N"} and {AAMI_CLASSES[symbol] for symbol in "AaJS"} == {
        "S"
    }
    assert {AAMI_CLASSES[symbol] for symbol in "VE"} == {"V"} and AAMI_CLASSES["F"] == "F"
    assert {AAMI_CLASSES[symbol] for symbol in "/fQ"} == {"Q"} and not set('+~|![]"x') & set(AAMI_CLASSES)


@pytest.fixture(scope="module")
def real():
    home = os.environ.get("SEQCONV_DATA", "")
    if not home or not pathlib.Path(home, "medical", "mitbih_ds1").is_dir():
        pytest.skip("the heartbeats are not in the data home SEQCONV_DATA")
    pytest.importorskip("wfdb", reason="wfdb is not installed: pip install seqconv[medical]")
    from seqconv.datasets import load_heartbeat_records, load_heartbeats

    return load_heartbeats(), load_heartbeat_records(["MLII"])


@pytest.mark.parametrize("number", [0, 1])
def test_intervals_out_of_the_rows_are_those_of_the_annotations(real, number):
    rows, records = real
    record = records.X[number]
    of_record = rows[rows.groups == record.name]
    is_beat = np.isin(record.symbols, list(AAMI_CLASSES))
    labels = [AAMI_CLASSES[symbol] for symbol in record.symbols[is_beat]]
    true = np.diff(record.samples[is_beat]) * 125 / 360
    assert of_record.y.tolist() == labels[: len(of_record)]  # the last beat of a record has no row
    X = of_record.X[:, :, 0]
    found = beat_intervals(X, of_record.groups)[:-1]
    lengths = (~np.isnan(X)).sum(axis=1)[:-1]
    true = true[: len(found)]
    is_found = found < lengths
    assert is_found.mean() > 0.75
    assert np.abs(found - true)[is_found].max() <= 1  # peaks were rounded to steps
    assert (true[~is_found] >= lengths[~is_found] - 14).mean() > 0.97


def test_beats_in_context_have_their_shape_and_no_label(real):
    rows, _ = real
    some = rows[(rows.groups == "207") | (rows.groups == "119")]
    found = beats_in_context(some.X, some.groups)
    assert found.shape == (len(some), 96, 10) and found.dtype == np.float32
    np.testing.assert_array_equal(
        found[some.groups == "207"], beats_in_context(some.X[some.groups == "207"], ["p"] * 1859)
    )
    ectopic = np.nanmean(np.abs(found[:, 30:60, 1]), axis=1)
    assert np.median(ectopic[some.y == "V"]) > 2 * np.median(ectopic[some.y == "N"])
    assert np.median(found[some.y == "V", 40, 2]) < -0.2 < np.median(found[some.y == "N", 40, 2])
