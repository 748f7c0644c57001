"""One threshold a label, from probabilities of cases that were not trained on."""

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning

from seqconv.arguments import choice
from seqconv.data.label_tables import label_names, label_table


def best_thresholds(y: Any, probabilities: Any, classes: Any = None, *, metric: str = "f1") -> np.ndarray:
    """Choose the threshold of each label above which it is best predicted.

    Parameters
    ----------
    y : array of 0 and 1, shape (n_cases, n_labels), data frame, or list of sets of labels
        True labels of each case. Columns of a frame are matched by name.
    probabilities : array of shape (n_cases, n_labels)
        Those of cases that the estimator was not trained on: a held-out part that is not the test part, or
        ``loo_proba_`` of a fit in closed form. Rows of NaN, which are cases of weight 0, are left out.
    classes : array of shape (n_labels,), optional
        Label of each column of `probabilities`: ``classes_`` of the estimator. None takes the columns of `y`.
    metric : {"f1", "balanced_accuracy"}, default="f1"
        What is highest at the threshold. "balanced_accuracy" is the mean of sensitivity and specificity.

    Returns
    -------
    array of float, shape (n_labels,)
        ``probabilities > thresholds`` is the table of predicted labels.

    Raises
    ------
    ValueError
        If `y` is no table of labels, or has another shape than `probabilities`.
        If no row of `probabilities` is finite, or one is in part; the message names the case.

    Warns
    -----
    UndefinedMetricWarning
        If no case has a label, or all have it. Its threshold is 0.5.

    Notes
    -----
    A threshold is half-way between the two probabilities that it separates. Of equally good ones it is the one nearest
    to 0.5. Figures on the cases that it was chosen on are too good, the more so the rarer the label.

    Examples
    --------
    >>> y = [[1, 0], [1, 0], [0, 1], [0, 0]]
    >>> probabilities = np.array([[0.9, 0.1], [0.3, 0.2], [0.2, 0.4], [0.1, 0.3]])
    >>> thresholds = best_thresholds(y, probabilities)
    >>> thresholds
    array([0.25, 0.35])
    >>> (probabilities > thresholds).astype(int).tolist()
    [[1, 0], [1, 0], [0, 1], [0, 0]]
    """
    choice("metric", metric, ("f1", "balanced_accuracy"))
    scores = np.asarray(probabilities, dtype=np.float64)
    if scores.ndim != 2:
        raise ValueError(f"probabilities must have shape (n_cases, n_labels), got {scores.shape}.")
    if classes is None:
        classes = label_names(y)
        classes = np.arange(scores.shape[1]) if classes is None else classes
    classes = np.asarray(classes)
    table = label_table(y, classes, "y")
    if table.shape != scores.shape:
        raise ValueError(f"probabilities must have shape {table.shape}, as y, got {scores.shape}.")
    finite = np.isfinite(scores)
    partly = finite.any(axis=1) & ~finite.all(axis=1)
    if partly.any() or not finite.any():
        what = f"those of case {int(partly.argmax())} are in part" if partly.any() else "none are"
        raise ValueError(f"probabilities must be finite, {what}.")
    table, scores = table[finite.all(axis=1)], scores[finite.all(axis=1)]
    is_constant = (table == table[0]).all(axis=0)
    if is_constant.any():
        names = ", ".join(map(str, classes[is_constant]))
        message = f"no case has these labels, or all have them, so their threshold is 0.5: {names}."
        warnings.warn(message, UndefinedMetricWarning, stacklevel=2)
    columns = zip(table.T, scores.T, is_constant, strict=True)
    return np.array([0.5 if constant else _best(label, score, metric) for label, score, constant in columns])


def _best(label, score, metric):
    values = np.unique(score)
    cuts = np.append((values[:-1] + values[1:]) / 2, np.nextafter(values[0], -np.inf))
    n_found, n_hits = _n_above(score, cuts), _n_above(score[label == 1], cuts)
    n_positive, n_negative = label.sum(), len(label) - label.sum()
    if metric == "f1":
        merit = 2 * n_hits / (n_found + n_positive)
    else:
        merit = n_hits / n_positive - (n_found - n_hits) / n_negative
    best = cuts[merit >= merit.max() - 1e-12]
    return best[np.abs(best - 0.5).argmin()]


def _n_above(score, cuts):
    return len(score) - np.searchsorted(np.sort(score), cuts, side="right")
