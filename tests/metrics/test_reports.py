"""Promises of the reports: equal to slow counting and to scikit-learn, and never NaN without saying so."""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import cohen_kappa_score, f1_score, matthews_corrcoef, roc_auc_score

from seqconv.metrics import class_report, quadratic_weighted_kappa, ranking_report

CLASSES = ["N", "S", "V", "F"]


@pytest.fixture
def verdicts():
    draw = np.random.default_rng(0)
    y = draw.choice(CLASSES, 200, p=[0.7, 0.1, 0.15, 0.05])
    return y, np.where(draw.random(200) < 0.6, y, draw.choice(CLASSES, 200))


# By class


def test_figures_of_a_class_are_those_that_are_counted_by_hand(verdicts):
    y, predicted = verdicts
    report = class_report(y, predicted, CLASSES)
    for place, name in enumerate(CLASSES):
        found = sum(a == b == name for a, b in zip(y, predicted, strict=True))
        sensitivity, value = found / sum(y == name), found / sum(predicted == name)
        assert report.by_class["sensitivity"][place] == pytest.approx(sensitivity)
        assert report.by_class["positive_predictive_value"][place] == pytest.approx(value)
        assert report.by_class["f1"][place] == pytest.approx(2 * sensitivity * value / (sensitivity + value))
        assert report.by_class["support"][place] == sum(y == name)
    assert report.overall == pytest.approx(
        {
            "accuracy": np.mean(y == predicted),
            "macro_f1": f1_score(y, predicted, average="macro"),
            "matthews_correlation": matthews_corrcoef(y, predicted),
        }
    )
    assert all(type(value) is float for value in report.overall.values())


def test_the_table_names_every_class_and_figure_in_the_order_given(verdicts):
    lines = str(class_report(*verdicts, CLASSES)).splitlines()
    assert lines[0].split() == ["sensitivity", "positive_predictive_value", "f1", "support"]
    assert [line.split()[0] for line in lines[1:5]] == CLASSES and "macro_f1" in lines[5]
    assert class_report(*verdicts).classes.tolist() == sorted(CLASSES)


def test_lists_series_numbers_and_booleans_are_labels_too():
    wanted = class_report([0, 1, 1], [0, 1, 0]).overall
    for kind in (np.array, pd.Series, tuple):
        assert class_report(kind([False, True, True]), kind([False, True, False])).overall == wanted


@pytest.mark.parametrize(
    "y, predicted, undefined",
    [
        (
            ["N", "N", "S"],
            ["N", "S", "V"],
            {"sensitivity": ["V", "F"], "positive_predictive_value": ["F"], "f1": ["F"]},
        ),
        (["N", "V", "F"], ["S", "S", "S"], {"sensitivity": ["S"], "positive_predictive_value": ["N", "V", "F"]}),
    ],
)
def test_what_cannot_be_counted_is_nan_and_said(y, predicted, undefined):
    message = "; ".join(f"{name} of {', '.join(labels)}" for name, labels in undefined.items())
    with pytest.warns(UndefinedMetricWarning, match=message) as told:
        report = class_report(y, predicted, CLASSES)
    assert told[0].filename == __file__
    for name, figures in report.by_class.items():
        assert [label for label, value in zip(CLASSES, figures, strict=True) if np.isnan(value)] == undefined.get(
            name, []
        )
    assert report.overall["macro_f1"] == pytest.approx(f1_score(y, predicted, average="macro"))


def test_a_class_that_is_never_found_has_f1_0_not_nan():
    with pytest.warns(UndefinedMetricWarning, match="NaN: positive_predictive_value of 1.$"):
        report = class_report([0, 0, 1], [0, 0, 0])
    assert report.by_class["f1"].tolist() == [0.8, 0.0] and report.overall["matthews_correlation"] == 0


# Rankings


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


# Ordered grades


def test_kappa_is_that_of_the_formula_and_of_scikit_learn_with_all_grades():
    draw = np.random.default_rng(2)
    grades = ["none", "mild", "bad", "worst"]
    y, predicted = draw.integers(3, size=(2, 80))  # nobody is "worst"
    expected = [[np.mean(y == i) * np.mean(predicted == j) * (i - j) ** 2 for j in range(4)] for i in range(4)]
    wanted = 1 - np.mean((y - predicted) ** 2) / np.sum(expected)
    found = quadratic_weighted_kappa(np.take(grades, y), np.take(grades, predicted), grades)
    assert found == pytest.approx(wanted)
    assert found == pytest.approx(cohen_kappa_score(y, predicted, labels=range(4), weights="quadratic"))
    assert found != pytest.approx(
        quadratic_weighted_kappa(np.take(grades, y), np.take(grades, predicted), grades[1:] + grades[:1])
    )


def test_kappa_of_one_grade_throughout_is_nan_and_said_and_of_a_constant_guess_0():
    with pytest.warns(UndefinedMetricWarning, match="all cases are 2 and predicted so"):
        assert np.isnan(quadratic_weighted_kappa([2, 2], [2, 2], [0, 1, 2]))
    assert quadratic_weighted_kappa([0, 1, 2], [1, 1, 1], [0, 1, 2]) == 0
    assert quadratic_weighted_kappa([0, 0], [2, 2], [0, 1, 2]) == 0
    assert quadratic_weighted_kappa([0, 2], [2, 0], [0, 1, 2]) == -1


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: class_report([], []), "y must have at least one case, got none"),
        (lambda: class_report([0, 1], [0]), "inconsistent numbers of samples"),
        (lambda: class_report([0, 2], [0, 1], [0, 1]), r"y must have the classes \[0, 1\], got 2 in case 1"),
        (lambda: class_report([0, 1], [0, 3], [0, 1]), "predicted must have the classes .* got 3 in case 1"),
        (lambda: class_report(["a"], [1]), "predicted must have the classes .* got 1 in case 0"),
        (lambda: class_report([0], [0], [0, 0]), "classes must be distinct"),
        (lambda: class_report(np.eye(2), np.eye(2)), "should be a 1d array"),
        (lambda: ranking_report([0, 1], [0.2, 0.8], [0, 1]), r"must have shape \(2, 2\), got \(2,\)"),
        (lambda: ranking_report([0, 1], [[0, 1], [0, np.nan]], [0, 1]), "finite, those of case 1 are not"),
        (lambda: ranking_report([0, 2], np.eye(2), [0, 1]), "y must have the classes .* got 2 in case 1"),
        (lambda: ranking_report([], np.zeros((0, 2)), [0, 1]), "at least one case"),
        (lambda: quadratic_weighted_kappa([0], [0], [0]), "at least 2 grades in their order, got 1"),
        (lambda: quadratic_weighted_kappa([0, 5], [0, 1], [0, 1]), "y must have the classes .* got 5 in case 1"),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("label", [None, np.nan])
def test_a_missing_label_is_named(label):
    labels = np.array(["a", label], dtype=object)
    for y, predicted, name in ((labels, ["a", "a"], "y"), (["a", "a"], labels, "predicted")):
        for ask in (lambda *given: class_report(*given), lambda *given: quadratic_weighted_kappa(*given, ["a", "b"])):
            with pytest.raises(ValueError, match=f"{name} must have no missing label, got .* in case 1; leave it out"):
                ask(y, predicted)
    with pytest.raises(ValueError, match="y must have no missing label, got nan in case 0"):
        class_report([np.nan, 1.0], [1.0, 1.0])
    with pytest.raises(ValueError, match="y must have no missing label"):
        ranking_report(labels, [[1.0, 0], [0, 1]], ["a", "b"])
    with pytest.raises(ValueError, match="labels must be of one kind"):
        class_report(np.array(["a", 1], dtype=object), ["a", "a"])
