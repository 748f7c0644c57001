"""Report of a classifier's decisions, class by class."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    hamming_loss,
    matthews_corrcoef,
    precision_recall_fscore_support,
)
from sklearn.utils.validation import check_consistent_length

from seqconv.data.label_tables import is_several_labels
from seqconv.metrics.labels import checked_labels, checked_tables, class_places, warn_of_nan


@dataclass(frozen=True, eq=False, repr=False)
class ClassReport:
    """Figures of each class and of all classes together, printed as a table.

    Parameters
    ----------
    classes : array of shape (n_classes,)
        Names of the classes, one a row of the table.
    by_class : dict of str to array of shape (n_classes,)
        Figures of each class, one a column of the table.
    overall : dict of str to float
        Figures of all classes together.

    Examples
    --------
    >>> report = ClassReport(np.array(["ham", "spam"]), {"f1": np.array([0.5, np.nan])}, {"accuracy": 0.5})
    >>> report
    ClassReport(n_classes=2, accuracy=0.5000)
    >>> print(report)
                f1
    ham     0.5000
    spam       nan
    accuracy 0.5000
    """

    classes: np.ndarray
    by_class: dict[str, np.ndarray]
    overall: dict[str, float]

    def __repr__(self) -> str:
        figures = "".join(f", {name}={_written(value)}" for name, value in self.overall.items())
        return f"ClassReport(n_classes={len(self.classes)}{figures})"

    def __str__(self) -> str:
        names = [str(name) for name in self.classes]
        first = max(map(len, names))
        widths = [max(10, len(name) + 2) for name in self.by_class]
        rows = [" " * first + "".join(f"{name:>{width}}" for name, width in zip(self.by_class, widths, strict=True))]
        for name, *values in zip(names, *self.by_class.values(), strict=True):
            figures = zip(values, widths, strict=True)
            rows.append(f"{name:<{first}}" + "".join(f"{_written(value):>{width}}" for value, width in figures))
        rows.append("   ".join(f"{name} {_written(value)}" for name, value in self.overall.items()))
        return "\n".join(rows)


def class_report(y: Any, predicted: Any, classes: Any = None) -> ClassReport:
    """Report how many cases of each class are found, and how many predictions of it are right.

    Parameters
    ----------
    y, predicted : array of shape (n_cases,), or of 0 and 1 of shape (n_cases, n_labels)
        True and predicted class of each case. Where a case may have several labels, also a data frame, whose columns
        are matched by name, or a list of sets of labels.
    classes : array of shape (n_classes,), optional
        The classes in the order of the table, such as ``classes_`` of the estimator. None takes those of `y` and
        `predicted`, sorted; of tables the names of their columns, or numbers.

    Returns
    -------
    ClassReport
        By class ``sensitivity`` (recall), ``positive_predictive_value`` (precision), ``f1`` and ``support``.
        The support is the number of cases of the class.
        Overall ``accuracy``, ``macro_f1`` and ``matthews_correlation``.
        Of several labels a case overall ``macro_f1``, ``micro_f1``, ``subset_accuracy`` and ``hamming_loss``.

    Raises
    ------
    ValueError
        If there are no cases.
        If the lengths are unequal.
        If a label is missing or not among the classes; the message names the case.
        If a table has a value other than 0 and 1, or other columns than `classes`.

    Warns
    -----
    UndefinedMetricWarning
        If a figure would be 0 / 0; it is NaN.
        This holds for the sensitivity of a class without cases and for the predictive value of one never predicted.
        The F1 is NaN only if both hold.

    Notes
    -----
    ``macro_f1`` is the mean over the classes that occur in `y` or `predicted`.
    ``micro_f1`` counts all labels of all cases together.
    ``subset_accuracy`` is the share of cases of which every label is right, and ``hamming_loss`` that of wrong labels.
    ``matthews_correlation`` is 0 if `y` or `predicted` holds one class only, as in scikit-learn.

    Examples
    --------
    >>> report = class_report(["N", "N", "N", "V"], ["N", "N", "V", "V"])
    >>> print(report)
       sensitivity  positive_predictive_value        f1   support
    N       0.6667                     1.0000    0.8000         3
    V       1.0000                     0.5000    0.6667         1
    accuracy 0.7500   macro_f1 0.7333   matthews_correlation 0.5774
    >>> report.by_class["sensitivity"][1]
    np.float64(1.0)
    >>> print(class_report([{"AFIB"}, {"AFIB", "CLBBB"}], [[1, 0], [1, 0]], ["AFIB", "CLBBB"]).overall["subset_accuracy"])
    0.5
    """
    is_several = is_several_labels(y) or is_several_labels(predicted)
    if is_several:
        y, predicted, classes = checked_tables(y, predicted, classes)
    else:
        y, predicted, classes = _checked_classes(y, predicted, classes)
    check_consistent_length(y, predicted)
    value, sensitivity, f1, support = precision_recall_fscore_support(
        y, predicted, labels=None if is_several else classes, average=None, zero_division=np.nan
    )
    by_class = {"sensitivity": sensitivity, "positive_predictive_value": value, "f1": f1, "support": support}
    warn_of_nan(by_class, classes)
    if is_several:
        overall = {
            "macro_f1": np.nanmean(f1),
            "micro_f1": f1_score(y, predicted, average="micro", zero_division=np.nan),
            "subset_accuracy": accuracy_score(y, predicted),
            "hamming_loss": hamming_loss(y, predicted),
        }
    else:
        overall = {"accuracy": accuracy_score(y, predicted), "macro_f1": np.nanmean(f1)}
        overall["matthews_correlation"] = matthews_corrcoef(y, predicted)
    return ClassReport(classes, by_class, {name: float(figure) for name, figure in overall.items()})


def _checked_classes(y, predicted, classes):
    y, predicted = checked_labels(y, "y"), checked_labels(predicted, "predicted")
    check_consistent_length(y, predicted)
    classes = _all_classes(y, predicted) if classes is None else checked_labels(classes, "classes")
    class_places(y, classes, "y")
    class_places(predicted, classes, "predicted")
    return y, predicted, classes


def _all_classes(y, predicted):
    try:
        return np.unique(np.concatenate([y, predicted]))
    except TypeError as error:
        raise ValueError(f"labels must be of one kind, strings or numbers ({error}).") from error


def _written(value):
    return f"{value:.4f}" if isinstance(value, float) else str(value)
