"""Agreement on ordered grades."""

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import cohen_kappa_score
from sklearn.utils.validation import check_consistent_length

from seqconv.metrics.labels import checked_labels, class_places


def quadratic_weighted_kappa(y: Any, predicted: Any, classes: Any) -> float:
    """Measure the agreement on ordered grades beyond chance.

    An error of two grades weighs four times as much as an error of one.

    Parameters
    ----------
    y, predicted : array of shape (n_cases,)
        True and predicted grade of each case.
    classes : array of shape (n_classes,)
        All grades in their order, also those that do not occur.

    Returns
    -------
    float
        1 for full agreement, 0 for agreement by chance, negative for less.

    Raises
    ------
    ValueError
        If there are no cases.
        If the lengths are unequal.
        If there are fewer than two grades.
        If a label is missing or not among the grades; the message names the case.

    Warns
    -----
    UndefinedMetricWarning
        If all true and predicted grades are the same one. Chance agrees fully too, so the result is NaN.

    References
    ----------
    Cohen (1968), "Weighted kappa", Psychological Bulletin 70(4).

    Examples
    --------
    >>> round(quadratic_weighted_kappa([0, 1, 2, 2], [0, 1, 1, 2], classes=[0, 1, 2]), 4)
    0.8
    """
    y, predicted = checked_labels(y, "y"), checked_labels(predicted, "predicted")
    classes = checked_labels(classes, "classes")
    check_consistent_length(y, predicted)
    if len(classes) < 2:
        raise ValueError(f"classes must name at least 2 grades in their order, got {len(classes)}.")
    places, predicted_places = class_places(y, classes, "y"), class_places(predicted, classes, "predicted")
    if (places == places[0]).all() and (predicted_places == places[0]).all():
        grade = classes[places[0]]
        warnings.warn(
            f"the kappa is NaN: all cases are {grade} and predicted as {grade}, so chance agrees fully too.",
            UndefinedMetricWarning,
            stacklevel=2,
        )
        return np.nan
    grades = np.arange(len(classes))
    return float(cohen_kappa_score(places, predicted_places, labels=grades, weights="quadratic"))
