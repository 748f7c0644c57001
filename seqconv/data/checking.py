"""Checks of labels and of values that NumPy would convert without asking."""

import math
import numbers
import warnings
from typing import Any

import numpy as np

from seqconv.data.case_errors import case_error


def is_missing(label: Any) -> bool:
    """Return whether a label is None, NaN or a missing value of pandas, or contains one."""
    if isinstance(label, list | tuple | np.ndarray):
        return any(map(is_missing, label))
    is_nan = isinstance(label, numbers.Real) and math.isnan(label)
    return label is None or is_nan or type(label).__name__ in ("NAType", "NaTType")


def reject_mixture(labels: Any, name: str) -> None:
    """Raise a TypeError if labels mix strings with other types; NumPy would turn 1 and "1" into one label."""
    if len({isinstance(label, str) for label in np.ravel(np.asarray(labels, object))}) > 1:
        raise TypeError(f"{name} must hold strings only or numbers only, got both; make them all strings.")


def reject_text(values: Any, name: str, unit: str = "case") -> None:
    """Raise a TypeError if an array holds a string, which NumPy would convert to a number where it can.

    Parameters
    ----------
    values : array
    name : str
        Name of the array, for the message.
    unit : {"case", "step"}
        What a row of the array is.
    """
    values = np.atleast_1d(values)
    if values.dtype.kind not in "OUST":
        return
    found = next((item for item in enumerate(values.flat) if isinstance(item[1], str | bytes)), None)
    if found is None:
        return
    row, text = found[0] * len(values) // values.size, np.asarray(found[1]).item()
    message = f"{name} must be numbers, got the string {text!r:.40} in"
    if unit == "case":
        raise case_error(TypeError, row, f"{_literal(message)} {{case}}; convert it.")
    raise TypeError(f"{message} {unit} {row}; convert it.")


def warn_of_ids(X: Any) -> None:
    """Warn if series look like token ids that are padded with 0: as measurements they say nothing.

    Warns
    -----
    UserWarning
        If X is an array of whole numbers, none below 0 and some of 100 or more, whose zeros are at the ends of its cases.

    Examples
    --------
    >>> with warnings.catch_warnings(record=True) as told:
    ...     warn_of_ids(np.array([[7, 350, 0, 0], [9, 4, 2, 0]]))
    >>> print(told[0].message)
    X looks like token ids: whole numbers with 0 at the ends only. Give texts, and adapter=TextAdapter() to the estimator.
    """
    if not isinstance(X, np.ndarray) or X.dtype.kind not in "iu" or X.ndim not in (2, 3) or 0 in X.shape:
        return
    if X.min() < 0 or X.max() < 100:
        return
    is_padding = (X == 0).all(axis=2) if X.ndim == 3 else X == 0
    is_at_end = np.logical_and.accumulate(is_padding[:, ::-1], axis=1)[:, ::-1]
    if is_padding.any() and (is_at_end == is_padding).all() and is_padding[:, -1].mean() > 0.1:
        warnings.warn(
            "X looks like token ids: whole numbers with 0 at the ends only. Give texts, and adapter=TextAdapter() to the "
            "estimator.",
            stacklevel=2,
        )


def _literal(text):
    return text.replace("{case}", "{ case }")
