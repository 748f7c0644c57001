"""Cases given as data frames, whose columns are channels with names."""

import datetime
import numbers
from collections.abc import Sequence
from typing import Any

import numpy as np

from seqconv.data.arrays import is_list_of_cases
from seqconv.data.case_errors import case_error
from seqconv.data.checking import is_missing


def channels_by_name(X: Any, names: Sequence[str] | None = None) -> tuple[Any, list[str] | None]:
    """Put the channels of data frames into one order, by their names.

    Parameters
    ----------
    X : list of data frames, or anything else
        Anything else, and cases that are not frames, are returned unchanged.
    names : sequence of str, optional
        Channels in the order wanted. None takes those of the first frame.

    Returns
    -------
    X : list of arrays of shape (n_steps_i, n_channels), or X
    names : list of str or None
        None if X holds no frame whose columns all have a name of their own.

    Raises
    ------
    ValueError
        If a frame lacks a channel, or has another one.
    TypeError
        If a column of a frame holds texts or times; the message names it.

    Examples
    --------
    >>> import pandas as pd
    >>> frames = [pd.DataFrame({"x": [1], "y": [2]}), pd.DataFrame({"y": [4], "x": [3]})]
    >>> cases, names = channels_by_name(frames)
    >>> names, [case.tolist() for case in cases]
    (['x', 'y'], [[[1, 2]], [[3, 4]]])
    """
    if hasattr(X, "columns"):
        _reject_column(X, None)
        return X, None
    if not is_list_of_cases(X) or not any(_has_names(case) for case in X):
        return X, None
    known = None if names is None else list(names)
    cases = []
    for i, case in enumerate(X):
        if _has_names(case):
            found = list(case.columns)
            known = found if known is None else known
            if found != known:
                case = case[_checked(found, known, i)]
            _reject_column(case, i)
            case = _as_array(case)
        cases.append(case)
    return cases, known


def _as_array(frame):
    values = np.asarray(frame)
    if values.dtype != object:
        return values
    try:  # pandas has a missing value of its own
        return frame.to_numpy(np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        return values


def _has_names(case):
    columns = list(getattr(case, "columns", ()))
    return 0 < len(set(columns)) == len(columns) and all(isinstance(name, str) for name in columns)


def _checked(found, known, i):
    missing = [name for name in known if name not in found]
    other = [name for name in found if name not in known]
    if missing or other:
        raise case_error(
            ValueError,
            i,
            f"{{case}} must have the columns {_shown(known)}, it has {_shown(found)}; rename them, or fill a missing one "
            "with NaN.",
        )
    return known


def _reject_column(frame, i):
    """Raise a TypeError that names the first column which is not of numbers, and says what to do with it."""
    for name, dtype in zip(frame.columns, getattr(frame, "dtypes", ()), strict=False):
        if getattr(getattr(dtype, "numpy_dtype", dtype), "kind", None) in tuple("fiubc"):
            continue
        others = (value for value in frame[name] if not isinstance(value, numbers.Number) and not is_missing(value))
        found = next(others, None)
        if isinstance(found, str) and _is_number(found):
            way = "convert it by pandas.to_numeric"
        elif isinstance(found, str):
            way = "leave it out, or give numbers for its values"
        elif isinstance(found, datetime.date | datetime.timedelta):
            way = "leave it out, as steps are in order, or give seconds"
        else:
            continue
        message = f"column {name!r} must be numbers, got {found!r:.60}; {way}."
        raise TypeError(message) if i is None else case_error(TypeError, i, f"{{case}}: {message}")


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def _shown(names):
    return ", ".join(map(str, names[:8])) + (", ..." if len(names) > 8 else "")
