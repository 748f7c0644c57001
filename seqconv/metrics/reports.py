"""Figures by class, of rankings and of ordered grades."""

import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    cohen_kappa_score,
    matthews_corrcoef,
    precision_recall_fscore_support,
    roc_auc_score,
)
from sklearn.utils.validation import check_consistent_length, column_or_1d


@dataclass(frozen=True, eq=False)
class ClassReport:
    """Figures of each class and of all classes together; as text, a table.

    Parameters
    ----------
    classes : array of shape (n_classes,)
    by_class : dict of str to array of shape (n_classes,)
    overall : dict of str to float

    Examples
    --------
    >>> print(ClassReport(np.array(["ham", "spam"]), {"f1": np.array([0.5, np.nan])}, {"accuracy": 0.5}))
                f1
    ham     0.5000
    spam       nan
    accuracy 0.5000
    """

    classes: np.ndarray
    by_class: dict
    overall: dict

    def __str__(self):
        names = [str(name) for name in self.classes]
        first = max(map(len, names))
        widths = [max(10, len(name) + 2) for name in self.by_class]
        rows = [" " * first + "".join(f"{name:>{width}}" for name, width in zip(self.by_class, widths, strict=True))]
        for name, *values in zip(names, *self.by_class.values(), strict=True):
            figures = zip(values, widths, strict=True)
            rows.append(f"{name:<{first}}" + "".join(f"{_figure(value):>{width}}" for value, width in figures))
        rows.append("   ".join(f"{name} {_figure(value)}" for name, value in self.overall.items()))
        return "\n".join(rows)


def class_report(y, predicted, classes=None):
    """How well each class is found, and what a verdict for it is worth.

    Parameters
    ----------
    y, predicted : array of shape (n_cases,)
        True and predicted class of each case.
    classes : array of shape (n_classes,), optional
        The classes in the order of the table; None takes those of `y` and `predicted`, sorted.

    Returns
    -------
    ClassReport
        By class ``sensitivity`` (recall), ``positive_predictive_value`` (precision), ``f1`` and ``support`` (cases of the
        class). Overall ``accuracy``, ``macro_f1`` (the mean over the classes that occur in `y` or `predicted`) and
        ``matthews_correlation`` (0 where `y` or `predicted` is one class alone, as scikit-learn has it).

    Raises
    ------
    ValueError
        No cases, unequal lengths, or a label that is none of the classes; the message names the case.

    Warns
    -----
    UndefinedMetricWarning
        A figure would be 0 / 0 and is NaN: the sensitivity of a class without cases, the predictive value of one that
        is never predicted, the F1 of one that is neither.

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
    """
    y, predicted = _labels(y, "y"), _labels(predicted, "predicted")
    check_consistent_length(y, predicted)
    classes = _classes(y, predicted) if classes is None else _labels(classes, "classes")
    _places(y, classes, "y")
    _places(predicted, classes, "predicted")
    value, sensitivity, f1, support = precision_recall_fscore_support(
        y, predicted, labels=classes, zero_division=np.nan
    )
    by_class = {"sensitivity": sensitivity, "positive_predictive_value": value, "f1": f1, "support": support}
    _warn_of_nan(by_class, classes)
    overall = {"accuracy": accuracy_score(y, predicted), "macro_f1": np.nanmean(f1)}
    overall["matthews_correlation"] = matthews_corrcoef(y, predicted)
    return ClassReport(classes, by_class, {name: float(figure) for name, figure in overall.items()})


def ranking_report(y, probabilities, classes):
    """How well the probability of each class ranks its cases before all others: needs no threshold.

    Parameters
    ----------
    y : array of shape (n_cases,)
        True class of each case.
    probabilities : array of shape (n_cases, n_classes)
        As of ``predict_proba``, or any finite scores.
    classes : array of shape (n_classes,)
        Class of each column: ``classes_`` of the estimator.

    Returns
    -------
    ClassReport
        By class ``roc_auc`` and ``average_precision`` (the area under the precision-recall curve), one class against the
        rest, and ``support``. Overall their means, ``macro_roc_auc`` and ``macro_average_precision``.

    Raises
    ------
    ValueError
        No cases, shapes that do not fit, a score that is not finite, or a label that is none of the classes; the message
        names the case.

    Warns
    -----
    UndefinedMetricWarning
        A class has no case, or all of them: its figures and the macro figures are NaN. A mean over the other classes
        would look like one over all.

    Examples
    --------
    >>> print(ranking_report(["N", "V", "N"], [[0.9, 0.1], [0.4, 0.6], [0.3, 0.7]], ["N", "V"]))
         roc_auc  average_precision   support
    N     0.5000             0.8333         2
    V     0.5000             0.5000         1
    macro_roc_auc 0.5000   macro_average_precision 0.6667
    """
    y, classes = _labels(y, "y"), _labels(classes, "classes")
    scores = np.asarray(probabilities, dtype=np.float64)
    if scores.shape != (len(y), len(classes)):
        raise ValueError(f"probabilities must have shape {(len(y), len(classes))}, got {scores.shape}.")
    finite = np.isfinite(scores).all(axis=1)
    if not finite.all():
        raise ValueError(f"probabilities must be finite, those of case {int(np.argmin(finite))} are not.")
    is_class = _places(y, classes, "y")[:, None] == np.arange(len(classes))  # (n_cases, n_classes)
    support = is_class.sum(axis=0)
    by_class = {
        "roc_auc": _against_rest(roc_auc_score, is_class, scores),
        "average_precision": _against_rest(average_precision_score, is_class, scores),
    }
    _warn_of_nan(by_class, classes)
    overall = {f"macro_{name}": float(figures.mean()) for name, figures in by_class.items()}
    return ClassReport(classes, by_class | {"support": support}, overall)


def quadratic_weighted_kappa(y, predicted, classes):
    """Agreement on ordered grades beyond chance; an error of two grades weighs four times that of one.

    Parameters
    ----------
    y, predicted : array of shape (n_cases,)
        True and predicted grade of each case.
    classes : array of shape (n_classes,)
        All grades in their order, also those that do not occur.

    Returns
    -------
    float
        1 where all agree, 0 for what chance gives, negative for worse.

    Raises
    ------
    ValueError
        No cases, unequal lengths, fewer than two grades, or a label that is none of them; the message names the case.

    Warns
    -----
    UndefinedMetricWarning
        `y` and `predicted` are one and the same grade throughout, so that chance agrees wholly too: the answer is NaN.

    References
    ----------
    Cohen (1968), "Weighted kappa", Psychological Bulletin 70(4).

    Examples
    --------
    >>> round(quadratic_weighted_kappa([0, 1, 2, 2], [0, 1, 1, 2], classes=[0, 1, 2]), 4)
    0.8
    """
    y, predicted, classes = _labels(y, "y"), _labels(predicted, "predicted"), _labels(classes, "classes")
    check_consistent_length(y, predicted)
    if len(classes) < 2:
        raise ValueError(f"classes must name at least 2 grades in their order, got {len(classes)}.")
    places = np.concatenate([_places(y, classes, "y"), _places(predicted, classes, "predicted")])
    if (places == places[0]).all():
        _warn(f"the kappa is NaN: all cases are {classes[places[0]]} and predicted so, as chance would have it.")
        return np.nan
    return float(cohen_kappa_score(*np.split(places, 2), labels=np.arange(len(classes)), weights="quadratic"))


def _against_rest(score, is_class, scores):
    """A figure of each column, NaN where the column has one class alone."""
    columns = zip(is_class.T, scores.T, strict=True)
    return np.array([score(one, column) if 0 < one.sum() < len(one) else np.nan for one, column in columns])


def _labels(labels, name):
    """The labels as a column; none of them missing."""
    labels = column_or_1d(labels)
    for case, label in enumerate(labels.tolist() if labels.dtype.kind in "fO" else ()):
        if label is None or (isinstance(label, float) and np.isnan(label)):
            raise ValueError(f"{name} must have no missing label, got {label!r} in case {case}; leave it out.")
    return labels


def _classes(y, predicted):
    """All labels, sorted."""
    try:
        return np.unique(np.concatenate([y, predicted]))
    except TypeError as error:
        raise ValueError(f"labels must be of one kind, names or numbers ({error}).") from error


def _places(labels, classes, name):
    """Place of each label among the classes."""
    if len(labels) == 0:
        raise ValueError(f"{name} must have at least one case, got none.")
    place_of = {label: place for place, label in enumerate(classes.tolist())}
    if len(place_of) < len(classes):
        raise ValueError(f"classes must be distinct, got {classes.tolist()}.")
    for case, label in enumerate(labels.tolist()):
        if label not in place_of:
            raise ValueError(f"{name} must have the classes {classes.tolist()}, got {label!r} in case {case}.")
    return np.array([place_of[label] for label in labels.tolist()])


def _warn_of_nan(by_class, classes):
    undefined = {name: [str(label) for label in classes[np.isnan(found)]] for name, found in by_class.items()}
    told = "; ".join(f"{name} of {', '.join(labels)}" for name, labels in undefined.items() if labels)
    if told:
        _warn(f"nothing to count, so NaN: {told}.", stacklevel=4)


def _warn(message, stacklevel=3):
    warnings.warn(message, UndefinedMetricWarning, stacklevel=stacklevel)


def _figure(value):
    return f"{value:.4f}" if isinstance(value, float) else str(value)
