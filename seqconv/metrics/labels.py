"""Checks of labels that all reports share."""

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils.validation import column_or_1d

from seqconv.data.label_tables import label_names, label_table


def checked_labels(labels: Any, name: str) -> np.ndarray:
    """Return the labels as an array of shape (n_cases,), without missing ones.

    Parameters
    ----------
    labels : array-like of shape (n_cases,)
    name : str
        Name of the argument, for the message.

    Raises
    ------
    ValueError
        If the labels are not one column.
        If a label is None or NaN; the message names the case.

    Examples
    --------
    >>> checked_labels(["N", "V"], "y")
    array(['N', 'V'], dtype='<U1')
    """
    labels = column_or_1d(labels)
    for case, label in enumerate(labels.tolist() if labels.dtype.kind in "fO" else ()):
        if label is None or (isinstance(label, float) and np.isnan(label)):
            raise ValueError(f"{name} must have no missing label, got {label!r} in case {case}; leave it out.")
    return labels


def class_places(labels: np.ndarray, classes: np.ndarray, name: str) -> np.ndarray:
    """Return the position of each label among the classes.

    Parameters
    ----------
    labels : array of shape (n_cases,)
    classes : array of shape (n_classes,)
    name : str
        Name of the argument, for the message.

    Returns
    -------
    array of int, shape (n_cases,)

    Raises
    ------
    ValueError
        If there are no cases.
        If a class is repeated.
        If a label is not among the classes; the message names the case.

    Examples
    --------
    >>> class_places(np.array(["V", "N"]), np.array(["N", "V"]), "y")
    array([1, 0])
    """
    if len(labels) == 0:
        raise ValueError(f"{name} must have at least one case, got none.")
    place_of = {label: place for place, label in enumerate(distinct(classes).tolist())}
    for case, label in enumerate(labels.tolist()):
        if label not in place_of:
            raise ValueError(f"{name} must have the classes {classes.tolist()}, got {label!r} in case {case}.")
    return np.array([place_of[label] for label in labels.tolist()])


def checked_tables(y: Any, predicted: Any, classes: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return two tables of labels with the same columns, and the names of these.

    Parameters
    ----------
    y, predicted : table of 0 and 1, data frame, or list of sets of labels
    classes : array of shape (n_labels,) or None
        None takes the names of `y` or of `predicted`, else numbers.

    Raises
    ------
    ValueError
        If a table is not of 0 and 1, or has other columns; the message names the case or the label.
        If there are no cases.

    Examples
    --------
    >>> checked_tables([{"NORM"}, {"AFIB"}], [[0, 1], [1, 1]], ["AFIB", "NORM"])[0].tolist()
    [[0, 1], [1, 0]]
    """
    if classes is None:
        names = (label_names(table, name) for table, name in ((y, "y"), (predicted, "predicted")))
        classes = next((found for found in names if found is not None), None)
    if classes is None:
        classes = np.arange(*max(np.shape(table)[1:2] for table in (y, predicted)))
    classes = distinct(checked_labels(classes, "classes"))
    tables = label_table(y, classes, "y"), label_table(predicted, classes, "predicted")
    if not len(tables[0]):
        raise ValueError("y must have at least one case, got none.")
    return *tables, classes


def distinct(classes: np.ndarray) -> np.ndarray:
    """Return the classes; raise a ValueError if one is repeated."""
    if len(set(classes.tolist())) < len(classes):
        raise ValueError(f"classes must be distinct, got {classes.tolist()}.")
    return classes


def warn_of_nan(by_class: dict[str, np.ndarray], classes: np.ndarray) -> None:
    """Warn the caller's caller of figures that are NaN because they would be 0 / 0.

    Parameters
    ----------
    by_class : dict of str to array of shape (n_classes,)
        Figures of each class.
    classes : array of shape (n_classes,)

    Warns
    -----
    UndefinedMetricWarning
        If a figure is NaN; the message names the figure and the classes.
    """
    undefined = {name: [str(label) for label in classes[np.isnan(found)]] for name, found in by_class.items()}
    listed = "; ".join(f"{name} of {', '.join(labels)}" for name, labels in undefined.items() if labels)
    if listed:
        warnings.warn(f"nothing to count, so NaN: {listed}.", UndefinedMetricWarning, stacklevel=3)
