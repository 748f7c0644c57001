"""The kappa equals its formula and scikit-learn's, and NaN comes with a warning."""

import numpy as np
import pytest
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import cohen_kappa_score

from seqconv.metrics import quadratic_weighted_kappa


def test_kappa_is_that_of_the_formula_and_of_scikit_learn_with_all_grades():
    draw = np.random.default_rng(2)
    grades = ["none", "mild", "bad", "worst"]
    y, predicted = draw.integers(3, size=(2, 80))  # no case is "worst"
    expected = [[np.mean(y == i) * np.mean(predicted == j) * (i - j) ** 2 for j in range(4)] for i in range(4)]
    wanted = 1 - np.mean((y - predicted) ** 2) / np.sum(expected)
    found = quadratic_weighted_kappa(np.take(grades, y), np.take(grades, predicted), grades)
    assert found == pytest.approx(wanted)
    assert found == pytest.approx(cohen_kappa_score(y, predicted, labels=range(4), weights="quadratic"))
    assert found != pytest.approx(
        quadratic_weighted_kappa(np.take(grades, y), np.take(grades, predicted), grades[1:] + grades[:1])
    )


def test_kappa_of_one_grade_throughout_is_nan_and_said_and_of_a_constant_guess_0():
    with pytest.warns(UndefinedMetricWarning, match="all cases are 2 and predicted as 2"):
        assert np.isnan(quadratic_weighted_kappa([2, 2], [2, 2], [0, 1, 2]))
    assert quadratic_weighted_kappa([0, 1, 2], [1, 1, 1], [0, 1, 2]) == 0
    assert quadratic_weighted_kappa([0, 0], [2, 2], [0, 1, 2]) == 0
    assert quadratic_weighted_kappa([0, 2], [2, 0], [0, 1, 2]) == -1


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: quadratic_weighted_kappa([0], [0], [0]), "at least 2 grades in their order, got 1"),
        (lambda: quadratic_weighted_kappa([0, 5], [0, 1], [0, 1]), "y must have the classes .* got 5 in case 1"),
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
            quadratic_weighted_kappa(y, predicted, ["a", "b"])
