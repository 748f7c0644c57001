"""Labels of windows: which annotation holds, and for how long."""

import numpy as np
import pytest

from seqconv.data.recording import Recording
from seqconv.domains.medical.intervals import label_windows


def recording(samples, symbols, seconds=100, **more):
    return Recording(np.zeros((seconds, 1)), 1, ["I"], samples, symbols, name="r", **more)


def labels(found, classes, seconds=10, n=10):
    return [label for label, _ in label_windows(found, np.arange(n) * seconds, seconds, classes)]


def test_a_rhythm_holds_until_the_next_one_whatever_beats_lie_between():
    found = recording([0, 12, 30, 41, 60], ["+", "N", "+", "V", "+"], texts=["(N", "", "(AFIB", "", "(N"])
    classes = {"(N": "normal", "(AFIB": "AF"}
    assert labels(found, classes) == ["normal"] * 3 + ["AF"] * 3 + ["normal"] * 4
    assert labels(found, {"(AFIB": "AF"}) == [None] * 3 + ["AF"] * 3 + [None] * 4
    assert labels(found, lambda text: text.startswith("(AF") or None) == [None] * 3 + [True] * 3 + [None] * 4


def test_an_event_a_minute_labels_its_minute_as_in_apnea_ecg():
    found = recording([0, 10, 20, 40], list("NAAN"))
    assert labels(found, {"A": "apnea", "N": "none"}) == ["none", "apnea", "apnea", "apnea"] + ["none"] * 6
    assert labels(found, {"A": "apnea"}) == [None, "apnea", "apnea", "apnea"] + [None] * 6


def test_durations_count_where_they_are_known():
    found = recording([0, 50], ["W", "R"], durations=[20, np.nan])
    assert labels(found, {"W": 0, "R": 1}) == [0, 0, None, None, None, 1, 1, 1, 1, 1]


def test_the_label_that_holds_longest_wins_and_half_of_the_window_is_enough():
    found = recording([0, 5, 8], ["a", "b", "c"], seconds=20, durations=[5, 3, 2])
    assert labels(found, None, n=2) == ["a", None]
    assert labels(found, None, seconds=20, n=1) == [None]
    # Overlapping spans of one label count once.
    found = recording([0, 2], ["a", "a"], seconds=20, durations=[4, 2])
    assert labels(found, None, n=1) == [None]
    # Of a window that reaches beyond the end its observed part counts.
    assert labels(recording([92], ["a"], durations=[8]), None, seconds=15, n=7)[-1] == "a"


def test_without_a_label_what_is_there_is_named():
    with pytest.raises(ValueError, match=r"classes \('x'\) is required, got '\(N', 'V'; give annotator or y"):
        labels(recording([0, 1], ["+", "V"], texts=["(N", ""]), {"x": 1})
    with pytest.raises(ValueError, match=r"classes \(text or symbol\) is required, got none"):
        labels(recording([], []), None)
