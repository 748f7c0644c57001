"""Checks of class labels before they are encoded."""

from reprlib import repr as shown
from typing import Any

import numpy as np
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import column_or_1d

from seqconv.data.arrays import as_numpy
from seqconv.data.case_errors import case_error
from seqconv.data.checking import is_missing
from seqconv.data.label_tables import has_label_lists


def kind_of(y: Any) -> str:
    """Return the kind of targets without names, as scikit-learn calls it.

    Raises
    ------
    ValueError
        If y is neither one label a case nor a table of 0 and 1.
    """
    check_classification_targets(y)
    kind = type_of_target(y, input_name="y")
    if kind not in ("binary", "multiclass", "multilabel-indicator"):
        raise ValueError(f"y must be one label a case, sets of labels, or a 0/1 table of labels, got {kind} targets.")
    return kind


def checked_names(names: Any, n_labels: int) -> np.ndarray:
    """Return the names of labels of an untrusted file.

    Raises
    ------
    ValueError
        If they are not so many different strings or whole numbers.
    """
    is_array = type(names) is np.ndarray and names.ndim == 1 and names.dtype.kind in "Uiu"
    if not is_array or len(names) != n_labels or len(set(names.tolist())) < n_labels:
        raise ValueError(f"names must be {n_labels} different labels of a table, got {shown(names)}.")
    return names


def as_column(y: Any) -> np.ndarray:
    """Return labels as one column."""
    return column_or_1d(np.asarray(y), warn=True)


def checked_labels(y: Any) -> Any:
    """Return y as NumPy takes it.

    Raises
    ------
    ValueError
        If there is no label, a label is missing, or strings are mixed with numbers.
    TypeError
        If y is a dict, or holds dicts.
    """
    if isinstance(y, dict):
        raise TypeError("y must be an array or a list of labels, got a dict.")
    if hasattr(y, "detach"):  # a tensor of PyTorch
        y = as_numpy(y)
    if hasattr(y, "toarray") or not hasattr(y, "__len__"):  # sparse labels; a scalar, which scikit-learn rejects
        return y
    if len(y) == 0:
        raise ValueError("y must have a label for each case, got no label.")
    rows = y.tolist() if isinstance(y, np.ndarray) else list(getattr(y, "values", y))
    missing = [is_missing(row) for row in rows]
    if any(missing):
        message = "y must have a label for each case, got NaN or None in {case}."
        raise case_error(ValueError, missing.index(True), message)
    if has_label_lists(y) or any(np.ndim(row) for row in rows):
        return y
    if any(isinstance(row, dict) for row in rows):
        raise TypeError("y must hold labels or sets of labels, got dicts; give the set of keys that each case has.")
    if len({isinstance(row, str) for row in rows}) > 1:
        raise ValueError("y must be all strings or all numbers, got a mix of both.")
    return np.array(rows) if getattr(getattr(y, "dtype", None), "kind", "") in ("O", "T") else y
