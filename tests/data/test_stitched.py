"""Answers of windows become answers of steps."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqconv.data import Recording
from seqconv.data.stitched import step_times, stitch_windows
from seqconv.data.windows import windows

spans = st.lists(st.tuples(st.integers(0, 29), st.integers(1, 12), st.floats(-1e3, 1e3)), min_size=1, max_size=12)


@settings(derandomize=True, deadline=None)
@given(spans)
def test_each_step_has_the_mean_of_its_windows(windows):
    starts = np.array([start for start, _, _ in windows])
    stops = np.minimum(starts + [length for _, length, _ in windows], 30)
    answers = np.array([[value, -value] for _, _, value in windows])
    found = stitch_windows(answers, starts, stops, 30)
    for step in range(30):
        covering = answers[(starts <= step) & (step < stops)]
        expected = covering.mean(axis=0) if len(covering) else [np.nan, np.nan]
        np.testing.assert_allclose(found[step], expected, rtol=1e-9, atol=1e-9)


def test_answers_of_one_output_keep_their_shape_and_bounds():
    assert stitch_windows([0.1, 0.3], [0, 1], [2, 3], 3).tolist() == pytest.approx([0.1, 0.2, 0.3])
    draw = np.random.default_rng(0)
    shares = draw.dirichlet([0.1, 0.1, 0.1], 5000)
    found = stitch_windows(shares, np.arange(5000), np.arange(5000) + 50, 5049)
    assert found.min() >= 0 and found.max() <= 1
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-9)


def test_windows_without_an_answer_are_ignored():
    found = stitch_windows([[1.0, 0.0], [np.nan, 0.0], [np.inf, 0.0]], [0, 1, 2], [2, 3, 4], 4)
    np.testing.assert_array_equal(found[:, 0], [1, 1, np.nan, np.nan])
    assert np.isnan(stitch_windows([np.nan], [0], [2], 2)).all()


def test_windows_with_their_tail_cover_each_step():
    signal = np.arange(23.0)
    cases = windows(signal, n_steps=5, stride=3, tail="keep")
    found = stitch_windows(cases.X[:, :, 0].mean(axis=1), cases.about["start"], cases.about["stop"], 23)
    assert np.isfinite(found).all() and found[0] == 2 and found[-1] == 20


@pytest.mark.parametrize(
    "answers, starts, stops, message",
    [
        ([0.1], [0, 1], [1, 2], r"one row a window, got shape \(1,\) for 2 starts and 2 stops"),
        ([0.1], [-1], [1], "window 0 goes from -1 to 1"),
        ([0.1, 0.2], [0, 2], [1, 5], "window 1 goes from 2 to 5"),
        ([0.1], [1], [1], "window 0 goes from 1 to 1"),
        (np.zeros((1, 1, 1)), [0], [1], "one row a window"),
    ],
)
def test_windows_out_of_the_recording_are_rejected(answers, starts, stops, message):
    with pytest.raises(ValueError, match=message):
        stitch_windows(answers, starts, stops, 4)


def test_labels_cannot_be_averaged():
    with pytest.raises(TypeError, match="stitch probabilities"):
        stitch_windows(["a"], [0], [1], 1)


def test_steps_have_the_times_of_their_recording():
    assert step_times(Recording(np.zeros((3, 1)), 2, ["u"])).tolist() == [0, 0.5, 1]
    assert step_times(Recording(np.zeros((3, 1)), 2, ["u"]), sampling_rate_hz=1).tolist() == [0, 1, 2]
    dates = pd.date_range("2024-03-30", periods=3, tz="Europe/Berlin")
    assert step_times(pd.DataFrame({"x": range(3)}, index=dates)).equals(dates)
    assert step_times(np.zeros((2, 4))).tolist() == [0, 1]
    with pytest.raises(ValueError, match="sampling_rate_hz must be"):
        step_times(np.zeros(3), sampling_rate_hz=0)
