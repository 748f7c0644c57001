"""The report of rankings equals slow counting and scikit-learn, and NaN comes with a warning."""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import roc_auc_score

from seqconv.metrics import ranking_report


def test_areas_are_those_of_one_class_against_the_rest():
    draw = np.random.default_rng(1)
    y, scores = draw.integers(3, size=60), draw.random((60, 3))
    report = ranking_report(y, scores / scores.sum(axis=1, keepdims=True), [0, 1, 2])
    for place in range(3):
        of_class, rest = report_scores(y, scores, place)
        wins = np.mean([(a > b) + (a == b) / 2 for a in of_class for b in rest])
        assert report.by_class["roc_auc"][place] == pytest.approx(wins)
    assert report.overall["macro_roc_auc"] == pytest.approx(
        roc_auc_score(y, scores / scores.sum(axis=1, keepdims=True), multi_class="ovr")
    )
    assert report.overall["macro_average_precision"] == pytest.approx(report.by_class["average_precision"].mean())
    assert report.by_class["support"].tolist() == np.bincount(y).tolist()


def report_scores(y, scores, place):
    column = scores[:, place] / scores.sum(axis=1)
    return column[y == place], column[y != place]


def test_average_precision_is_the_mean_precision_at_each_case_of_the_class():
    report = ranking_report(["b", "a", "b", "a"], np.array([[9, 4], [8, 3], [7, 2], [6, 1]]), ["a", "b"])
    assert report.by_class["average_precision"].tolist() == pytest.approx([(1 / 2 + 2 / 4) / 2, (1 / 1 + 2 / 3) / 2])


def test_the_areas_of_an_absent_class_and_their_means_are_nan_and_said():
    scores = np.random.default_rng(0).random((4, 3))
    with pytest.warns(UndefinedMetricWarning, match="NaN: roc_auc of F; average_precision of F.$"):
        report = ranking_report(["N", "V", "N", "V"], scores, ["N", "V", "F"])
    for name in ("roc_auc", "average_precision"):
        assert np.isnan(report.by_class[name]).tolist() == [False, False, True] and np.isnan(
            report.overall[f"macro_{name}"]
        )
    with pytest.warns(UndefinedMetricWarning, match="roc_auc of N, V"):  # all cases are N: none to rank them before
        ranking_report(["N", "N"], scores[:2, :2], ["N", "V"])


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: ranking_report([0, 1], [0.2, 0.8], [0, 1]), r"must have shape \(2, 2\), got \(2,\)"),
        (lambda: ranking_report([0, 1], [[0, 1], [0, np.nan]], [0, 1]), "finite, those of case 1 are not"),
        (lambda: ranking_report([0, 2], np.eye(2), [0, 1]), "y must have the classes .* got 2 in case 1"),
        (lambda: ranking_report([], np.zeros((0, 2)), [0, 1]), "at least one case"),
    ],
)
def test_bad_input_is_rejected_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("label", [None, np.nan])
def test_a_missing_label_is_named(label):
    with pytest.raises(ValueError, match="y must have no missing label"):
        ranking_report(np.array(["a", label], dtype=object), [[1.0, 0], [0, 1]], ["a", "b"])


def test_several_labels_a_case_have_a_row_a_label():
    draw, names = np.random.default_rng(0), ["AFIB", "CLBBB", "NORM"]
    y, scores = (draw.random((40, 3)) < 0.4).astype(int), draw.random((40, 3))
    report = ranking_report(y, scores, names)
    assert report.by_class["roc_auc"].tolist() == pytest.approx(roc_auc_score(y, scores, average=None).tolist())
    assert report.overall["macro_roc_auc"] == pytest.approx(roc_auc_score(y, scores, average="macro"))
    assert report.by_class["support"].tolist() == y.sum(axis=0).tolist() and report.classes.tolist() == names
    frame = pd.DataFrame(y, columns=names)[["NORM", "AFIB", "CLBBB"]]
    sets = [{name for name, has in zip(names, row, strict=True) if has} for row in y]
    assert str(ranking_report(frame, scores, names)) == str(ranking_report(sets, scores, names)) == str(report)


@pytest.mark.parametrize(
    "y, classes, message",
    [
        (np.eye(3), ["a", "b"], "y must have 2 labels a case"),
        (2 * np.eye(3), ["a", "b", "c"], "y must be 0 or 1 for each label"),
        (pd.DataFrame(np.eye(3), columns=list("abx")), ["a", "b", "c"], "it lacks 'c' and it has 'x'"),
        ([{"a"}, {"x"}, set()], ["a", "b", "c"], "got 'x' in case 1"),
        (np.eye(3), ["a", "b", "a"], "classes must be distinct"),
    ],
)
def test_other_labels_are_rejected_by_name(y, classes, message):
    with pytest.raises(ValueError, match=message):
        ranking_report(y, np.eye(3), classes)
