"""Columns of recordings that are no channels, and the times of their rows."""

import warnings

import numpy as np
import pandas as pd
import pytest

from seqconv.data.windows import windows
from seqconv.domains.series.frames_to_cases import frames_to_cases


@pytest.fixture(autouse=True)
def no_warnings():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def noise(n, dated=False):
    index = pd.date_range("2024-03-01", periods=n, freq="s") if dated else None
    return pd.DataFrame(np.random.default_rng(0).normal(size=(n, 2)), columns=["u", "v"], index=index)


KINDS = np.repeat([0, 1, 0, 2], 25)


@pytest.mark.parametrize("labels", [KINDS, KINDS.astype(str), np.where(KINDS == 2, None, KINDS)])
def test_a_column_that_equals_the_labels_is_rejected(labels):
    frame = noise(100).assign(label=labels)
    with pytest.raises(ValueError, match="column 'label' equals the labels, .*give labels='label'"):
        windows(frame, frame["label"], n_steps=10)
    assert windows(frame, "label", n_steps=10).X[0].columns.tolist() == ["u", "v"]


def test_a_column_that_equals_the_labels_of_several_recordings_is_rejected():
    frames = {name: noise(100).assign(state=KINDS) for name in "ab"}
    with pytest.raises(ValueError, match="labels='state'"):
        windows(frames, {name: frame["state"].tolist() for name, frame in frames.items()}, n_steps=10)
    # In one of two recordings it may be chance.
    windows(frames, {"a": KINDS, "b": KINDS[::-1]}, n_steps=10)


def test_columns_that_cannot_be_compared_are_rejected_as_before():
    with pytest.raises(ValueError, match="must have the columns"):
        windows(noise(100).set_axis(["u", "u"], axis=1), KINDS, n_steps=10)
    with pytest.raises(TypeError, match="'w' is object; convert or drop it"):
        windows(noise(100).assign(w=[[1, 2]] * 100), KINDS, n_steps=10)


def test_missing_values_of_pandas_are_compared():
    frame = noise(100).assign(label=pd.array(np.where(KINDS == 2, None, KINDS), dtype="Int64"))
    with pytest.raises(ValueError, match="equals the labels"):
        windows(frame, frame["label"], n_steps=10)


def test_a_column_that_holds_the_labels_in_other_values_is_warned_of():
    names = np.array(["rest", "walk", "run"])[KINDS]
    with pytest.warns(UserWarning, match="column 'code' tells the label of each step .*drop it") as caught:
        windows(noise(100).assign(code=KINDS * 2.5), names, n_steps=10)
    assert len(caught) == 1 and caught[0].filename == __file__
    with pytest.warns(UserWarning, match="column 'code' tells"):
        windows(noise(100).assign(code=KINDS), np.where(np.arange(100) < 60, names, None), n_steps=10)
    # Numbers that differ at each step belong to any labels that do.
    windows(noise(100), np.arange(100.0), n_steps=10)
    # Steady channels are no labels.
    windows(noise(100).assign(on=1.0), np.zeros(100, int), n_steps=10)


@pytest.mark.parametrize("name", ["label", "Target", "class", "activityID"])
def test_a_column_with_the_name_of_a_label_is_warned_of(name):
    frame = noise(100).assign(**{name: KINDS})
    with pytest.warns(UserWarning, match=f"column '{name}' has the name of a label") as caught:
        windows(frame, [(0, 50, "a"), (50, 100, "b")], n_steps=10)
    assert len(caught) == 1
    windows(frame[[name]], n_steps=10)


@pytest.mark.parametrize("name", ["time", "timestamp", "Seconds", "t"])
def test_a_rising_column_with_the_name_of_a_time_is_warned_of(name):
    frame = noise(100).assign(**{name: np.arange(100) / 50})
    with pytest.warns(UserWarning, match=f"column '{name}' looks like a time and is taken as a channel"):
        assert len(windows(frame, n_steps=10).X[0].columns) == 3
    with pytest.warns(UserWarning, match=f"'{name}' are taken as channels, though they look like a time"):
        frames_to_cases([frame])
    # A temperature, for instance.
    windows(frame.assign(**{name: np.sin(np.arange(100))}), n_steps=10)


def test_rows_out_of_order_are_rejected():
    frame = noise(40, dated=True)
    for wrong in (frame.iloc[::-1], pd.concat([frame[20:], frame[:20]])):
        with pytest.raises(ValueError, match=r"rows must be in order of time, .*frame.sort_index\(\)"):
            windows(wrong, n_steps=10)
        assert windows(wrong.sort_index(), n_steps=10).X[0].equals(frame[:10])
    with pytest.raises(ValueError, match="'b' are not"):
        windows({"a": frame, "b": frame["u"].iloc[::-1].to_frame().assign(v=0.0)}, n_steps=10)
    with pytest.raises(ValueError, match="must have a date, 1 have none"):
        windows(frame.set_index(frame.index.where(frame.index != frame.index[3])), n_steps=10)
    # Equal dates are in order, and numbers need not be times.
    windows(frame.set_index(frame.index.floor("2s")), n_steps=10)
    windows(frame.reset_index(drop=True).iloc[::-1], n_steps=10)


def test_windows_over_a_gap_in_time_are_left_out_with_one_warning():
    frame = noise(40, dated=True)
    late = frame.index.where(np.arange(40) < 13, frame.index + pd.Timedelta(hours=1))
    with pytest.warns(UserWarning, match="2 windows that go over a gap in time are left out") as caught:
        cases = windows(frame.set_index(late), np.repeat([0, 1], 20), n_steps=10, stride=5)
    assert cases.about["start"].tolist() == [0, 15, 20, 25, 30] and cases.y.tolist() == [0, 0, 1, 1, 1]
    assert len(caught) == 1 and caught[0].filename == __file__
    assert len(windows(frame.set_index(late).reset_index(drop=True), n_steps=10, stride=5).X) == 7
    with pytest.raises(ValueError, match="all 1 do, .*reset_index"):
        windows(frame.set_index(late), n_steps=40)


def test_a_gap_no_longer_than_a_window_is_kept():
    frame = noise(40, dated=True)
    for extra, n_windows in ((9, 4), (10, 3)):
        late = frame.index.where(np.arange(40) < 15, frame.index + pd.Timedelta(seconds=extra))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert len(windows(frame.set_index(late), n_steps=10).X) == n_windows
    # Weekends of daily prices, and the gap between two windows.
    days = pd.bdate_range("2024-01-01", periods=40)
    assert len(windows(frame.set_index(days), n_steps=10).X) == 4
    between = frame.index.where(np.arange(40) < 20, frame.index + pd.Timedelta(days=1))
    assert len(windows(frame.set_index(between), n_steps=10).X) == 4


def test_a_recording_on_its_side_is_told_to_be_transposed():
    signal = np.random.default_rng(0).normal(size=(3, 5000))
    labels = np.repeat([0, 1], 2500)
    for one, given in ((signal, labels), (signal, labels.tolist()), ([signal] * 2, [labels] * 2)):
        with pytest.raises(ValueError, match=r"shape \(3, 5000\) for 5000 labels; transpose it: x.T"):
            windows(one, given, n_steps=50)
    assert windows(signal.T, labels, n_steps=50).X.shape == (100, 50, 3)
