"""Targets of which a case may have several labels, as one table of 0 and 1."""

from typing import Any

import numpy as np

from seqconv.data.case_errors import case_error
from seqconv.data.checking import is_missing

_LISTS = (list, tuple, set, frozenset)


def has_label_lists(y: Any) -> bool:
    """Return whether y holds a set of labels a case, or a list of strings.

    Lists of numbers are rows of a table.

    Examples
    --------
    >>> has_label_lists([{"AFIB", "CLBBB"}, set()]), has_label_lists([["AFIB"], []]), has_label_lists([[0, 1], [1, 1]])
    (True, True, False)
    """
    is_array = isinstance(y, np.ndarray)
    if not hasattr(y, "__len__") or hasattr(y, "columns") or (is_array and (y.dtype != object or y.ndim != 1)):
        return False
    rows = y.tolist() if is_array else list(y)
    if not rows or not all(isinstance(row, _LISTS) or _is_row_of_texts(row) for row in rows):
        return False
    if any(isinstance(row, set | frozenset) for row in rows):
        return True
    return any(map(len, rows)) and all(isinstance(label, str) for row in rows for label in row)


def label_names(y: Any, name: str = "y") -> np.ndarray | None:
    """Return the names of the columns of a frame, or the labels that occur in lists; None if y has no names.

    Raises
    ------
    ValueError
        If names of columns are not different, or neither all strings nor all whole numbers.
        If labels in lists are missing, of two kinds, or only "0" and "1".

    Examples
    --------
    >>> label_names([["NORM"], ["CLBBB", "AFIB"]]).tolist()
    ['AFIB', 'CLBBB', 'NORM']
    """
    if has_label_lists(y):
        return _names_in_lists(y, name)
    if not hasattr(y, "columns") or np.shape(y)[1] < 2 or _are_numbered(y.columns):
        return None
    names = list(y.columns)
    again = [one for place, one in enumerate(names) if one in names[:place]]
    if again:
        raise ValueError(f"each column of {name} must have a name of its own, got {again[0]!r} again; rename one.")
    if not _are_of_one_kind(names):
        raise ValueError(
            f"columns of {name} must be named by strings or by whole numbers, got {names[:4]}; convert them, as by "
            "frame.columns.map(str)."
        )
    return np.array(names)


def label_table(y: Any, classes: np.ndarray, name: str = "y") -> np.ndarray:
    """Return y as a table of 0 and 1 with one column a class.

    Parameters
    ----------
    y : array, sparse matrix, data frame, or list of sets or lists of labels
        Columns of a frame are matched by name. Other tables have the order of `classes`.
    classes : array of shape (n_labels,)
    name : str
        Name of y, for messages.

    Returns
    -------
    array of int, shape (n_cases, n_labels)

    Raises
    ------
    ValueError
        If a column is missing or unknown, or a label is unknown; the message names it.
        If the number of columns is another.
        If a value is neither 0 nor 1; the message names the case.

    Examples
    --------
    >>> label_table([{"NORM"}, {"CLBBB", "AFIB"}], np.array(["AFIB", "CLBBB", "NORM"])).tolist()
    [[0, 0, 1], [1, 1, 0]]
    """
    if has_label_lists(y):
        return _table_of_lists(y, classes, name)
    if hasattr(y, "columns") and np.shape(y)[1] > 1:
        y = _in_order(y, classes.tolist(), name)
    values = np.asarray(y.toarray() if hasattr(y, "toarray") else y)
    if values.ndim != 2 or values.shape[1] != len(classes):
        raise ValueError(f"{name} must have {len(classes)} labels a case, got shape {values.shape}.")
    if values.dtype == object:
        # A missing value of pandas is neither equal to 0 nor different from it.
        values = np.array([[np.nan if is_missing(value) else value for value in row] for row in values], object)
    odd = ~np.isin(values, (0, 1)).all(axis=1)
    if odd.any():
        case = int(odd.argmax())
        got = str(values[case].tolist()).replace("{case}", "{ case }")
        raise case_error(ValueError, case, f"{name} must be 0 or 1 for each label, got {got} in {{case}}.")
    return values.astype(int)


def is_several_labels(y: Any) -> bool:
    """Return whether a case of y may have several labels: sets of them, or a table of two columns or more.

    Examples
    --------
    >>> is_several_labels([[0, 1], [1, 1]]), is_several_labels(["a", "b"])
    (True, False)
    """
    if has_label_lists(y):
        return True
    shape = np.shape(np.asarray(y))
    return len(shape) == 2 and shape[1] > 1


def read_labels(y: Any, name: str = "y") -> tuple[np.ndarray, np.ndarray]:
    """Return y as a table of 0 and 1, and the names of its columns, which are numbers if y has none.

    Examples
    --------
    >>> table, classes = read_labels([{"NORM"}, {"AFIB"}])
    >>> table.tolist(), classes.tolist()
    ([[0, 1], [1, 0]], ['AFIB', 'NORM'])
    """
    classes = label_names(y, name)
    classes = np.arange(np.shape(y)[1]) if classes is None else classes
    return label_table(y, classes, name), classes


def kept_labels(y: Any) -> Any:
    """Return y as a set keeps it where NumPy would lose names: a frame of several columns, sets, sparse tables; else None.

    Sets or lists of labels become one array of them, sparse tables dense ones.

    Examples
    --------
    >>> kept_labels([["AFIB", "NORM"], ["CLBBB", "NORM"]]).shape
    (2,)
    """
    if hasattr(y, "iloc") and np.ndim(y) == 2 and np.shape(y)[1] > 1:
        return y
    if hasattr(y, "toarray"):
        return y.toarray()
    if not has_label_lists(y):
        return None
    lists = np.empty(len(y), object)
    lists[:] = [row.tolist() if isinstance(row, np.ndarray) else row for row in y]
    return lists


def _is_row_of_texts(row):
    return isinstance(row, np.ndarray) and row.ndim == 1 and row.dtype.kind in "OUT"


def _are_of_one_kind(labels):
    return any(all(isinstance(label, kind) for label in labels) for kind in (str, int | np.integer))


def _are_numbered(columns):
    return list(columns) == list(range(len(columns)))


def _names_in_lists(y, name):
    labels = set()
    for case, row in enumerate(y):
        if any(map(is_missing, row)):
            raise case_error(ValueError, case, f"{name} must have no missing label, got NaN or None in {{case}}.")
        labels.update(row)
    if not labels:
        raise ValueError(f"{name} must have a label in some case, got empty lists alone.")
    if not _are_of_one_kind(labels):
        raise ValueError(f"labels in {name} must be all strings or all whole numbers, got {list(labels)[:4]}.")
    if labels <= {"0", "1"}:
        raise ValueError(
            f"{name} must be numbers 0 and 1 or names of labels, got the strings '0' and '1'; convert them."
        )
    return np.array(sorted(labels))


def _table_of_lists(y, classes, name):
    # It is loaded only where it is needed.
    from sklearn.preprocessing import MultiLabelBinarizer

    known = set(classes.tolist())
    for case, row in enumerate(y):
        unknown = [label for label in row if label not in known]
        if unknown:
            got = repr(unknown[0]).replace("{case}", "{ case }")
            message = f"{name} must have the labels {classes.tolist()!s:.120}, got {got} in {{case}}."
            raise case_error(ValueError, case, message)
    return MultiLabelBinarizer(classes=classes.tolist()).fit_transform(y)


def _in_order(y, classes, name):
    """Return the columns of a frame in the order of the classes."""
    columns = list(y.columns)
    if _are_numbered(columns) or (_are_numbered(classes) and not set(columns) & set(classes)):
        return y
    missing = [one for one in classes if one not in columns]
    unknown = [one for one in columns if one not in classes]
    if missing or unknown or len(columns) > len(classes):
        what = [f"it lacks {', '.join(map(repr, missing[:8]))}"] * bool(missing)
        what += [f"it has {', '.join(map(repr, unknown[:8]))}"] * bool(unknown)
        raise ValueError(
            f"columns of {name} must be the labels {classes!s:.120}; {' and '.join(what) or 'one is there twice'}."
        )
    return y[classes]
