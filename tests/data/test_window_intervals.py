"""Intervals of labels in steps, seconds and dates."""

import datetime
import warnings

import numpy as np
import pandas as pd
import pytest

from seqconv.data import Recording
from seqconv.data.windows import windows

FRAME = pd.DataFrame(
    {"u": np.arange(40.0), "v": 1.0 - np.arange(40)}, index=pd.date_range("2024-03-01 10:00", periods=40, freq="30s")
)
EXPECTED = ["a", "a", "b", "b"]


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def labels_of(labels, frame=FRAME, **options):
    return windows(frame, labels, n_steps=10, **options).y.tolist()


@pytest.mark.parametrize("date", [pd.Timestamp, str, np.datetime64, lambda text: datetime.datetime.fromisoformat(text)])
@pytest.mark.parametrize("unit", ["steps", "seconds"])
def test_intervals_may_be_dates(date, unit):
    ends = ["2024-03-01T10:00", "2024-03-01T10:10", "2024-03-01T10:20"]
    first, middle, last = map(date, ends)
    intervals = [(first, middle, "a"), (middle, last, "b")]
    assert labels_of(intervals, interval_unit=unit) == EXPECTED
    table = pd.DataFrame(intervals, columns=["start", "end", "label"])
    assert labels_of(table, interval_unit=unit) == EXPECTED


def test_the_start_is_in_the_interval_and_the_stop_is_not():
    spans = [("2024-03-01 10:00:00", "2024-03-01 10:00:30", "a"), ("2024-03-01 10:00:30", "2024-03-01 10:01:01", "b")]
    cases = windows(FRAME, spans, n_steps=1)
    assert cases.y.tolist() == ["a", "b", "b"] and cases.about["start"].tolist() == [0, 1, 2]


def test_dates_reach_beyond_the_recording():
    assert labels_of([("2024-02-29", "2024-03-01 10:10", "a"), ("2024-03-01 10:10", "2024-03-02", "b")]) == EXPECTED
    with pytest.warns(UserWarning, match="1 of 2 intervals of recording 0 hold none of its steps") as caught:
        assert labels_of([("2024-03-01", "2024-03-02", "a"), ("2024-03-02", "2024-03-03", "b")]) == ["a"] * 4
    assert caught[0].filename == __file__
    with pytest.raises(ValueError, match="an interval must hold a step, 1 of 1 .*from 2024-03-01 10:00:00 to"):
        labels_of([("2023-03-01", "2023-03-02", "a")])


def test_dates_have_the_clock_of_the_recording():
    here = FRAME.tz_localize("Europe/Berlin")
    local = [("2024-03-01 10:00", "2024-03-01 10:10", "a"), ("2024-03-01 10:10", "2024-03-01 10:20", "b")]
    utc = [("2024-03-01 09:00Z", "2024-03-01 09:10Z", "a"), ("2024-03-01 09:10Z", "2024-03-01 09:20Z", "b")]
    assert labels_of(local, here) == labels_of(utc, here) == EXPECTED
    with pytest.raises(ValueError, match="interval 0 of recording 0 has a time zone, so the index must have one"):
        labels_of(utc)


@pytest.mark.parametrize(
    "interval, message",
    [
        (("2024-03-01 10:05", "2024-03-01 10:05", "a"), "must end after its start"),
        (("2024-03-01 10:05", 30, "a"), "must have two dates, got '2024-03-01 10:05' to 30"),
        ((pd.Timestamp("2024-03-01 10:05"), pd.NaT, "a"), "must have two dates"),
        (("2024-03-01 10:05", None, "a"), "must have two dates"),
    ],
)
def test_dates_that_do_not_fit_are_rejected(interval, message):
    with pytest.raises(ValueError, match=message):
        labels_of([interval])


def test_dates_need_a_recording_with_dates():
    with pytest.raises(ValueError, match="has dates, so the recording must be a data frame with an index of dates"):
        labels_of([("2024-03-01 10:00", "2024-03-01 10:10", "a")], FRAME.reset_index(drop=True))


@pytest.mark.parametrize("ends", [("start", "stop"), ("start", "end"), ("Start", "End")])
@pytest.mark.parametrize("label", ["label", "trial_type", "description"])
def test_frames_of_intervals_have_several_names(ends, label):
    table = pd.DataFrame({ends[0]: [0, 20], ends[1]: [20, 40], label: ["a", "b"], "note": "x"})
    assert labels_of(table) == labels_of(table, FRAME.reset_index(drop=True)) == EXPECTED


def test_onsets_and_durations_are_seconds():
    table = pd.DataFrame({"onset": [0.0, 10.0], "duration": [10.0, 10.0], "trial_type": ["a", "b"]})
    signal = FRAME.to_numpy()
    assert labels_of(table, Recording(signal, 2.0, ["u", "v"])) == EXPECTED
    assert labels_of(table, signal, sampling_rate_hz=2.0) == EXPECTED
    with pytest.raises(ValueError, match="sampling_rate_hz must be given to have intervals in seconds"):
        labels_of(table, signal)
    with pytest.raises(ValueError, match="interval 1 of recording 0 must have seconds, got 10.0 to nan"):
        labels_of(table.assign(duration=["10", "n/a"]), signal, sampling_rate_hz=2.0)
    dated = table.assign(onset=FRAME.index[[0, 20]], duration=600.0)
    assert labels_of(dated) == labels_of(dated.assign(duration=pd.Timedelta(minutes=10))) == EXPECTED


def test_seconds_count_from_the_first_date():
    seconds = [(0, 600, "a"), (600, 1e6, "b")]
    assert labels_of(seconds, interval_unit="seconds") == EXPECTED
    elapsed = FRAME.set_index(FRAME.index - FRAME.index[0])
    assert labels_of(seconds, elapsed, interval_unit="seconds") == EXPECTED
    # A pause between the steps counts: by a rate, the second interval would begin 10 steps later.
    paused = FRAME.set_index(FRAME.index.where(np.arange(40) < 10, FRAME.index + pd.Timedelta(seconds=300)))
    cases = windows(paused, [(0, 300, "a"), (600, 2000, "b")], n_steps=10, interval_unit="seconds")
    assert cases.y.tolist() == ["a", "b", "b", "b"]
    with pytest.raises(ValueError, match="interval 0 of recording 0 must have seconds, got 0 to nan"):
        labels_of([(0, np.nan, "a")], interval_unit="seconds")
    with pytest.raises(ValueError, match="sampling_rate_hz must be given"):
        labels_of(seconds, FRAME.reset_index(drop=True), interval_unit="seconds")


def test_seconds_given_as_steps_are_warned_of():
    signal = np.random.default_rng(0).normal(size=(60_000, 2))
    seconds = [(0, 300, "a"), (300, 600, "b")]
    with pytest.warns(UserWarning, match=r"intervals cover 600 of 60,000 steps; interval_unit='seconds'\?") as caught:
        assert len(windows(signal, seconds, n_steps=50).X) == 12
    assert len(caught) == 1 and caught[0].filename == __file__
    with pytest.warns(UserWarning, match="cover 1,200 of 120,000 steps"):
        windows([signal] * 2, [seconds] * 2, n_steps=50)
    windows(signal, seconds, n_steps=50, interval_unit="seconds", sampling_rate_hz=100)
    windows(signal, seconds, n_steps=50, background="other")
    # Rare events all over a recording, and a short recording.
    windows(signal, [(0, 300, "a"), (59_000, 59_300, "b")], n_steps=50)
    windows(signal[:900], [(0, 50, "a")], n_steps=50)
