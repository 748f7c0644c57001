"""Report of how well probabilities rank the cases of each class."""

from typing import Any

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

from seqconv.data.label_tables import is_several_labels, label_table
from seqconv.metrics.class_report import ClassReport
from seqconv.metrics.labels import checked_labels, class_places, distinct, warn_of_nan


def ranking_report(y: Any, probabilities: Any, classes: Any) -> ClassReport:
    """Report how well the probability of each class ranks its cases above all others.

    Parameters
    ----------
    y : array of shape (n_cases,), or of 0 and 1 of shape (n_cases, n_labels)
        True class of each case. Where a case may have several labels, also a data frame, whose columns are matched by
        name, or a list of sets of labels.
    probabilities : array of shape (n_cases, n_classes)
        Result of ``predict_proba``, or any finite scores. No threshold is applied.
    classes : array of shape (n_classes,)
        Class of each column: ``classes_`` of the estimator.

    Returns
    -------
    ClassReport
        By class ``roc_auc``, ``average_precision`` (one class against the rest) and ``support``.
        Overall their means, ``macro_roc_auc`` and ``macro_average_precision``.

    Raises
    ------
    ValueError
        If there are no cases.
        If the shape of `probabilities` does not fit `y` and `classes`.
        If a score is not finite; the message names the case.
        If a label is missing or not among the classes; the message names the case.
        If a table has a value other than 0 and 1, or other columns than `classes`.

    Warns
    -----
    UndefinedMetricWarning
        If a class has no case, or all of them. Its figures and the macro figures are NaN.
        A mean over the other classes would look like one over all.

    Notes
    -----
    ``average_precision`` is the area under the precision-recall curve.

    Examples
    --------
    >>> print(ranking_report(["N", "V", "N"], [[0.9, 0.1], [0.4, 0.6], [0.3, 0.7]], ["N", "V"]))
         roc_auc  average_precision   support
    N     0.5000             0.8333         2
    V     0.5000             0.5000         1
    macro_roc_auc 0.5000   macro_average_precision 0.6667
    """
    classes = checked_labels(classes, "classes")
    is_class = _is_class(y, classes)  # (n_cases, n_classes)
    scores = np.asarray(probabilities, dtype=np.float64)  # (n_cases, n_classes)
    if scores.shape != is_class.shape:
        raise ValueError(f"probabilities must have shape {is_class.shape}, got {scores.shape}.")
    finite = np.isfinite(scores).all(axis=1)
    if not finite.all():
        raise ValueError(f"probabilities must be finite, those of case {int(np.argmin(finite))} are not.")
    by_class = {
        "roc_auc": _against_rest(roc_auc_score, is_class, scores),
        "average_precision": _against_rest(average_precision_score, is_class, scores),
    }
    warn_of_nan(by_class, classes)
    overall = {f"macro_{name}": float(figures.mean()) for name, figures in by_class.items()}
    return ClassReport(classes, by_class | {"support": is_class.sum(axis=0)}, overall)


def _is_class(y, classes):
    if not is_several_labels(y):
        return class_places(checked_labels(y, "y"), classes, "y")[:, None] == np.arange(len(classes))
    return label_table(y, distinct(classes), "y") == 1


def _against_rest(score, is_class, scores):
    """Return the score of each column, NaN where the column holds one class only."""
    columns = zip(is_class.T, scores.T, strict=True)
    return np.array([score(one, column) if 0 < one.sum() < len(one) else np.nan for one, column in columns])
