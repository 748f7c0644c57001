"""The report by class equals slow counting and scikit-learn, and NaN comes with a warning."""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import f1_score, matthews_corrcoef

from seqconv.metrics import class_report

CLASSES = ["N", "S", "V", "F"]


@pytest.fixture
def verdicts():
    draw = np.random.default_rng(0)
    y = draw.choice(CLASSES, 200, p=[0.7, 0.1, 0.15, 0.05])
    return y, np.where(draw.random(200) < 0.6, y, draw.choice(CLASSES, 200))


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


def test_the_repr_tells_the_overall_figures(verdicts):
    report = class_report([0, 1, 1, 0], [0, 1, 0, 0])
    assert repr(report) == "ClassReport(n_classes=2, accuracy=0.7500, macro_f1=0.7333, matthews_correlation=0.5774)"


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: class_report([], []), "y must have at least one case, got none"),
        (lambda: class_report([0, 1], [0]), "inconsistent numbers of samples"),
        (lambda: class_report([0, 2], [0, 1], [0, 1]), r"y must have the classes \[0, 1\], got 2 in case 1"),
        (lambda: class_report([0, 1], [0, 3], [0, 1]), "predicted must have the classes .* got 3 in case 1"),
        (lambda: class_report(["a"], [1]), "predicted must have the classes .* got 1 in case 0"),
        (lambda: class_report([0], [0], [0, 0]), "classes must be distinct"),
        (
            lambda: class_report(2 * np.eye(2), np.eye(2)),
            r"y must be 0 or 1 for each label, got \[2.0, 0.0\] in case 0",
        ),
        (lambda: class_report(np.eye(2), [0, 1]), r"predicted must have 2 labels a case, got shape \(2,\)"),
    ],
)
def test_bad_input_is_rejected_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize("label", [None, np.nan])
def test_a_missing_label_is_named(label):
    labels = np.array(["a", label], dtype=object)
    for y, predicted, name in ((labels, ["a", "a"], "y"), (["a", "a"], labels, "predicted")):
        with pytest.raises(ValueError, match=f"{name} must have no missing label, got .* in case 1; leave it out"):
            class_report(y, predicted)
    with pytest.raises(ValueError, match="y must have no missing label, got nan in case 0"):
        class_report([np.nan, 1.0], [1.0, 1.0])
    with pytest.raises(ValueError, match="labels must be of one kind"):
        class_report(np.array(["a", 1], dtype=object), ["a", "a"])


LABELS = np.array(["AFIB", "CLBBB", "NORM"])


@pytest.fixture
def tables():
    draw = np.random.default_rng(0)
    y = (draw.random((40, 3)) < 0.4).astype(int)
    return y, np.where(draw.random((40, 3)) < 0.8, y, 1 - y)


def test_several_labels_a_case_have_a_row_a_label(tables):
    y, predicted = tables
    report = class_report(y, predicted, LABELS)
    for label in range(3):
        hits = (y[:, label] & predicted[:, label]).sum()
        assert report.by_class["sensitivity"][label] == pytest.approx(hits / y[:, label].sum())
        assert report.by_class["positive_predictive_value"][label] == pytest.approx(hits / predicted[:, label].sum())
        assert report.by_class["support"][label] == y[:, label].sum()
    both = 2 * (y & predicted).sum() / (y.sum() + predicted.sum())
    assert report.overall == pytest.approx(
        {
            "macro_f1": report.by_class["f1"].mean(),
            "micro_f1": both,
            "subset_accuracy": (y == predicted).all(axis=1).mean(),
            "hamming_loss": (y != predicted).mean(),
        }
    )
    lines = str(report).splitlines()
    assert [line.split()[0] for line in lines[1:4]] == LABELS.tolist() and "subset_accuracy" in lines[4]


def test_labels_are_matched_by_name_and_named_by_their_columns(tables):
    y, predicted = tables
    wanted = class_report(y, predicted, LABELS)
    frame = pd.DataFrame(y, columns=LABELS)
    sets = [set(LABELS[row == 1]) for row in y]
    for given in (frame[["NORM", "AFIB", "CLBBB"]], sets, frame.astype(bool), y.tolist()):
        assert str(class_report(given, predicted, LABELS)) == str(wanted)
    assert str(class_report(frame, predicted)) == str(class_report(frame, sets_of(predicted))) == str(wanted)
    assert class_report(y, predicted).classes.tolist() == [0, 1, 2]


def sets_of(table):
    return [set(LABELS[row == 1]) for row in table]


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: class_report(np.eye(3), np.eye(3), ["a", "b"]), "y must have 2 labels a case"),
        (lambda: class_report(np.eye(3), np.eye(3)[:2]), "inconsistent numbers of samples"),
        (lambda: class_report(np.eye(3), np.eye(3), ["a", "b", "a"]), "classes must be distinct"),
        (lambda: class_report(np.zeros((0, 3)), np.zeros((0, 3))), "y must have at least one case"),
        (lambda: class_report([{"AFIB"}, {"WPW"}], np.eye(2), ["AFIB", "NORM"]), "got 'WPW' in case 1"),
        (
            lambda: class_report(pd.DataFrame(np.eye(2), columns=["AFIB", "WPW"]), np.eye(2), ["AFIB", "NORM"]),
            "it lacks 'NORM' and it has 'WPW'",
        ),
    ],
)
def test_other_labels_are_rejected_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
