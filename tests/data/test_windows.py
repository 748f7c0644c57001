"""Windows over recordings: their steps, labels, groups and origins."""

import warnings

import numpy as np
import pandas as pd
import pytest

from seqconv.data import Recording, SequenceSet
from seqconv.data.splits import split_cases
from seqconv.data.windows import windows


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def ramp(n, n_channels=2):
    return np.arange(n * n_channels, dtype=np.float32).reshape(n, n_channels)


@pytest.mark.parametrize("n_steps, stride", [(4, None), (4, 1), (3, 5), (10, 1), (1, 1)])
def test_windows_are_slices_of_the_recording(n_steps, stride):
    signal = ramp(10)
    cases = windows(signal, n_steps=n_steps, stride=stride)
    spans = list(zip(cases.about["start"], cases.about["stop"], strict=True))
    assert [start for start, _ in spans] == list(range(0, 10 - n_steps + 1, stride or n_steps))
    assert cases.X.dtype == np.float32 and np.shares_memory(cases.X, signal)
    for case, (start, stop) in zip(cases.X, spans, strict=True):
        np.testing.assert_array_equal(case, signal[start:stop])
    assert cases.y is None and cases.groups is None


def test_the_tail_is_kept_on_request():
    assert windows(ramp(10), n_steps=4, tail="keep").about["stop"].tolist() == [4, 8, 10]
    assert windows(ramp(8), n_steps=4, tail="keep").about["stop"].tolist() == [4, 8]
    short = windows(ramp(3), n_steps=4, tail="keep")
    assert short.X.shape == (1, 4, 2) and np.isnan(short.X[0, 3]).all() and short.about["stop"].tolist() == [3]
    with pytest.raises(ValueError, match='at least 4 steps, the longest has 3; .*tail="keep"'):
        windows(ramp(3), n_steps=4)


@pytest.mark.parametrize(
    "recordings, names",
    [
        ([ramp(8), ramp(9)], [0, 1]),
        ((list(ramp(8)[:, :1]), ramp(8, 1)), None),
        ({"a": ramp(8), "b": ramp(9)}, ["a", "b"]),
        (np.stack([ramp(8), ramp(8)]), [0, 1]),
        ([Recording(ramp(8), 10, ["u", "v"], name="r1"), Recording(ramp(9), 10, ["u", "v"], name="r2")], ["r1", "r2"]),
        (SequenceSet([ramp(8), ramp(9)], about=pd.DataFrame({"record": ["p", "q"]})), ["p", "q"]),
    ],
)
def test_several_recordings_are_groups_by_default(recordings, names):
    if names is None:
        recordings, names = [np.array(one) for one in recordings], [0, 1]
    cases = windows(recordings, n_steps=4)
    assert cases.about["record"].tolist() == [name for name in names for _ in range(2)]
    assert cases.groups.tolist() == cases.about["record"].tolist() and cases.X.shape[:2] == (4, 4)
    assert windows(recordings, n_steps=4, groups=["g", "h"]).groups.tolist() == ["g", "g", "h", "h"]
    labels = windows(recordings, dict(zip(names, "xy", strict=True)), n_steps=4).y
    assert labels.tolist() == ["x", "x", "y", "y"]


def test_a_set_brings_its_labels_and_groups():
    given = SequenceSet([ramp(8), ramp(5)], y=["x", "y"], groups=[7, 7])
    cases = windows(given, n_steps=4)
    assert cases.y.tolist() == ["x", "x", "y"] and cases.groups.tolist() == [7, 7, 7]


# ---------------------------------------------------------------------------------------------------- labels


STEPS = ["a"] * 3 + ["b"] * 4 + [None] * 3
FORMS = [
    STEPS,
    pd.Series(STEPS),
    np.array(STEPS, object),
    [(0, 3, "a"), (3, 7, "b")],
    [(3, 7, "b"), (0, 3, "a")],
    pd.DataFrame({"start": [0, 3], "stop": [3, 7], "label": ["a", "b"]}),
]


@pytest.mark.parametrize("labels", FORMS)
def test_labels_of_steps_and_of_intervals_give_the_same_windows(labels):
    cases = windows(ramp(10), labels, n_steps=4, stride=2)
    assert cases.y.tolist() == ["a", "b", "b"] and cases.about["start"].tolist() == [0, 2, 4]
    assert cases.X[:, 0, 0].tolist() == [0, 4, 8]
    cases = windows(ramp(10), labels, n_steps=4, stride=2, label_at="end")
    assert cases.y.tolist() == ["b", "b"] and cases.about["start"].tolist() == [0, 2]
    cases = windows(ramp(10), labels, n_steps=4, stride=2, background="none")
    assert cases.y.tolist() == ["a", "b", "b", "none"]


def test_majority_equals_a_slow_count():
    draw = np.random.default_rng(0)
    labels = draw.integers(0, 4, 200)
    cases = windows(ramp(200), labels, n_steps=7, stride=3)
    expected = [np.bincount(labels[start : start + 7]).argmax() for start in cases.about["start"]]
    assert cases.y.tolist() == expected and cases.y.dtype.kind == "i"


def test_changing_the_future_changes_no_earlier_window():
    labels = np.repeat([0, 1], 10)
    later = labels.copy()
    later[12:] = 5
    before, after = (windows(ramp(20), one, n_steps=4, stride=1, label_at="end") for one in (labels, later))
    known = before.about["stop"] <= 12
    assert before.y[known].tolist() == after.y[known].tolist()


def test_labels_of_several_recordings_may_have_several_forms():
    cases = windows({"p": ramp(8), "q": ramp(8), "r": ramp(8)}, ["x", [(4, 8, "y")], []], n_steps=4)
    assert cases.y.tolist() == ["x", "x", "y"] and cases.groups.tolist() == ["p", "p", "q"]


def test_a_column_of_the_frames_is_the_label():
    frames = {name: pd.DataFrame({"ax": range(8), "kind": list("uuuuvvvv")}) for name in "ab"}
    cases = windows(frames, "kind", n_steps=4)
    assert cases.y.tolist() == ["u", "v"] * 2 and cases.X[0].columns.tolist() == ["ax"]


@pytest.mark.parametrize(
    "labels, message",
    [
        (["a"] * 9, "one for each of 10 steps, .*got shape"),
        ([(0, 3, "a"), (10, 12, "b")], "interval 1 of recording 0 must begin within its 10 steps"),
        ([(-1, 3, "a")], "must begin within"),
        ([(3, 3, "a")], "end after its start, got 3 to 3"),
        ([(0.5, 3, "a")], "interval 0 of recording 0 must have whole steps, got 0.5 to 3"),
        ([(0, None, "a")], "must have whole steps"),
        ([], "at least one of 2 windows must have a label, none has"),
        ([None] * 10, "none has; give a background"),
    ],
)
def test_labels_that_do_not_fit_are_rejected(labels, message):
    with pytest.raises(ValueError, match=message):
        windows(ramp(10), labels, n_steps=4)


@pytest.mark.parametrize("form", ["array", "frame", "recording"])
def test_intervals_may_be_in_seconds(form):
    recording = {
        "array": ramp(10),
        "frame": pd.DataFrame(ramp(10), columns=["x", "y"]),
        "recording": Recording(ramp(10), 2.0, ["x", "y"], name="night"),
    }[form]
    rate = None if form == "recording" else 2.0
    options = {"n_steps": 4, "stride": 2, "interval_unit": "seconds", "sampling_rate_hz": rate}
    # Rounded to whole steps; the last epoch ends after the recording.
    cases = windows(recording, [(0, 1.49, "a"), (1.5, 30, "b")], **options)
    assert cases.y.tolist() == ["a", "b", "b", "b"] and cases.about["start"].tolist() == [0, 2, 4, 6]
    table = pd.DataFrame({"start": [0.0, 1.5], "stop": [1.5, 3.5], "label": ["a", "b"]})
    assert (
        windows(recording, table, **options).y.tolist() == windows(recording, FORMS[0], n_steps=4, stride=2).y.tolist()
    )


def test_recordings_of_several_rates_have_their_own_seconds():
    night = [Recording(ramp(8 * rate), rate, ["x", "y"], name=f"at {rate}") for rate in (1, 2)]
    cases = windows(night, [[(0, 4, "a"), (4, 8, "b")]] * 2, n_steps=4, interval_unit="seconds")
    assert cases.y.tolist() == ["a", "b", "a", "a", "b", "b"]


@pytest.mark.parametrize(
    "labels, options, message",
    [
        ([(0, 1, "a")], {}, "sampling_rate_hz must be given to have intervals in seconds, recording 0 has none"),
        ([("0:30", 40, "a")], {"sampling_rate_hz": 2}, "interval 0 of recording 0 must have seconds, got '0:30' to 40"),
        ([(0, np.nan, "a")], {"sampling_rate_hz": 2}, "must have seconds, got 0 to nan"),
        ([(6, 7, "a")], {"sampling_rate_hz": 2}, "must begin within its 10 steps"),
        ([(1, 0.5, "a")], {"sampling_rate_hz": 2}, "end after its start"),
        ([(0, 1, "a")], {"interval_unit": "minutes"}, "interval_unit must be 'steps' or 'seconds'"),
    ],
)
def test_intervals_in_seconds_that_do_not_fit_are_rejected(labels, options, message):
    with pytest.raises(ValueError, match=message):
        windows(ramp(10), labels, n_steps=4, **{"interval_unit": "seconds"} | options)


def test_labels_of_two_types_are_rejected():
    with pytest.raises(TypeError, match="labels must hold strings only or numbers only"):
        windows(ramp(8), [1] * 4 + ["1"] * 4, n_steps=4)


def test_overlapping_intervals_are_warned_of():
    with pytest.warns(UserWarning, match="intervals 0 and 1 of recording 0 overlap with labels 'a' and 'b'"):
        assert windows(ramp(8), [(0, 6, "a"), (4, 8, "b")], n_steps=4).y.tolist() == ["a", "b"]
    assert windows(ramp(8), [(0, 6, "a"), (4, 8, "a")], n_steps=4).y.tolist() == ["a", "a"]


# ---------------------------------------------------------------------------------------------------- recordings


def test_columns_of_frames_are_matched_by_name():
    first = pd.DataFrame({"x": [1, 2], "y": [3, 4]})
    cases = windows([first, first[["y", "x"]]], n_steps=2)
    assert [case.columns.tolist() for case in cases.X] == [["x", "y"]] * 2
    with pytest.raises(ValueError, match=r"must have the columns \['x', 'y'\], 1 has \['x', 'z'\]"):
        windows([first, first.rename(columns={"y": "z"})], n_steps=2)
    with pytest.raises(TypeError, match="the columns of recording 0 must be numbers, 'z' is"):
        windows(first.assign(z=["a", "b"]), n_steps=2)


def test_a_column_with_one_value_a_recording_is_warned_of():
    table = pd.DataFrame({"id": np.repeat([1, 2], 4), "x": range(8)})
    with pytest.warns(UserWarning, match="column 'id' is one value a recording") as caught:
        windows(dict(list(table.groupby("id"))), n_steps=4)
    assert caught[0].filename == __file__
    windows(table, n_steps=4)


@pytest.mark.parametrize(
    "recording, message",
    [
        ([ramp(8, 2), ramp(8, 3)], "2 channels as the first, 1 has 3"),
        ([], "at least one recording"),
        (np.zeros((0, 2)), r"recording 0 must be \(steps, channels\)"),
        (np.zeros((2, 3, 4, 5)), r"must be \(steps, channels\)"),
    ],
)
def test_recordings_of_another_shape_are_rejected(recording, message):
    with pytest.raises(ValueError, match=message):
        windows(recording, n_steps=2)


def test_recordings_that_are_not_numbers_are_rejected():
    with pytest.raises(TypeError, match="recording 0 must be real numbers"):
        windows(np.array(["a", "b"]), n_steps=1)


def test_short_recordings_are_left_out_with_one_warning():
    with pytest.warns(UserWarning, match="2 of 3 recordings have fewer than 4 steps .*such as 'a'"):
        cases = windows({"a": ramp(2), "b": ramp(4), "c": ramp(3)}, n_steps=4)
    assert cases.about["record"].tolist() == ["b"]


def test_groups_and_labels_of_another_number_are_rejected():
    for name in ("groups", "labels"):
        with pytest.raises(ValueError, match=f"{name} must have one value a recording, 2 in all, got 3"):
            windows([ramp(4)] * 2, n_steps=4, **{name: [1, 2, 3]})
        with pytest.raises(ValueError, match=f"{name} must have a value for each recording, 'b' has none"):
            windows({"a": ramp(4), "b": ramp(4)}, n_steps=4, **{name: {"a": 1}})


@pytest.mark.parametrize("name, value", [("n_steps", 0), ("stride", 0), ("label_at", "start"), ("tail", "pad")])
def test_settings_out_of_range_are_rejected(name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        windows(ramp(8), **({"n_steps": 4} | {name: value}))


def test_overlapping_windows_are_kept_apart_by_a_split_in_time():
    cases = windows(ramp(100), np.repeat([0, 1], 50), n_steps=10, stride=2)
    with pytest.warns(UserWarning, match="share steps with a case set apart"):
        rest, apart = split_cases(cases, 0.2, by="time")
    assert rest.about["stop"].max() <= apart.about["start"].min()


def test_windows_without_an_observed_step_are_left_out_and_told():
    signal = np.arange(40.0)
    signal[10:25] = np.nan
    with pytest.warns(UserWarning, match="3 windows without an observed step are left out"):
        cases = windows(signal, [(0, 20, "a"), (20, 40, "b")], n_steps=5)
    assert cases.about["start"].tolist() == [0, 5, 25, 30, 35] and cases.y.tolist() == list("aabbb")
    with pytest.raises(ValueError, match="must have an observed step, none has"):
        windows(np.full(20, np.nan), n_steps=5)
    frame = pd.DataFrame({"x": signal, "y": np.nan})
    with pytest.warns(UserWarning, match="are left out"):
        assert len(windows(frame, n_steps=5).X) == 5
