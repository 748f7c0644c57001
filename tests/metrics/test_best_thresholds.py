"""The threshold of each label is the best of all, and is chosen on the cases given alone."""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import f1_score

from seqconv.metrics import best_thresholds

DRAW = np.random.default_rng(0)
Y = (DRAW.random((80, 3)) < [0.5, 0.2, 0.1]).astype(int)
P = np.round(np.clip(0.25 * Y + 0.5 * DRAW.random((80, 3)), 0, 1), 2)  # with ties


def f1(y, above):
    return 2 * (y & above).sum() / (y.sum() + above.sum())


def balanced_accuracy(y, above):
    return (above[y == 1].mean() + 1 - above[y == 0].mean()) / 2


@pytest.mark.parametrize("score", [f1, balanced_accuracy])
def test_no_other_threshold_is_better(score):
    chosen = best_thresholds(Y, P, metric=score.__name__)
    for label in range(3):
        best = max(score(Y[:, label], P[:, label] > cut) for cut in np.arange(-0.005, 1, 0.01))
        assert score(Y[:, label], P[:, label] > chosen[label]) == pytest.approx(best)


def test_rare_labels_are_found_at_less_than_one_half():
    p = P / 2
    assert f1_score(Y, p > best_thresholds(Y, p), average="macro") > f1_score(Y, p > 0.5, average="macro") + 0.3


def test_frames_and_sets_are_matched_by_name():
    names = ["a", "b", "c"]
    frame = pd.DataFrame(Y, columns=names)
    sets = [{name for name, has in zip(names, row, strict=True) if has} for row in Y]
    wanted = best_thresholds(Y, P).tolist()
    assert best_thresholds(frame, P).tolist() == best_thresholds(sets, P).tolist() == wanted
    assert best_thresholds(frame[["c", "a", "b"]], P, names).tolist() == wanted


def test_cases_without_an_answer_are_left_out():
    p = np.vstack([P, np.full((5, 3), np.nan)])
    assert best_thresholds(np.vstack([Y, 1 - Y[:5]]), p).tolist() == best_thresholds(Y, P).tolist()


def test_every_case_may_be_above():
    flat = np.full((4, 2), 0.3)
    assert (best_thresholds([[1, 0], [1, 1], [0, 1], [1, 1]], flat) < 0.3).all()


def test_a_label_of_no_case_or_all_has_one_half_and_is_said():
    y = np.c_[Y, np.ones(80, int), np.zeros(80, int)]
    with pytest.warns(UndefinedMetricWarning, match=r"no case has these labels, or all have them.*: 3, 4\.") as told:
        chosen = best_thresholds(y, np.c_[P, P[:, :2]])
    assert chosen[3:].tolist() == [0.5, 0.5] and told[0].filename == __file__


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: best_thresholds(Y, P[:, 0]), r"shape \(n_cases, n_labels\), got \(80,\)"),
        (lambda: best_thresholds(Y, P[:70]), r"probabilities must have shape \(80, 3\), as y, got \(70, 3\)"),
        (lambda: best_thresholds(Y[:, 0], P), r"y must have 3 labels a case, got shape \(80,\)"),
        (lambda: best_thresholds(Y, P * np.nan), "probabilities must be finite, none are"),
        (lambda: best_thresholds(Y, np.where(P == P[4, 1], np.nan, P)), "those of case . are in part"),
        (lambda: best_thresholds(Y, P, metric="f2"), "metric must be 'f1' or 'balanced_accuracy', got 'f2'"),
    ],
)
def test_bad_input_is_rejected_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
