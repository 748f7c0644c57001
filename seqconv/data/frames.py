"""Cases given as data frames, whose columns are channels with names."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from seqconv.data.arrays import is_list_of_cases
from seqconv.data.case_errors import case_error


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

    Examples
    --------
    >>> import pandas as pd
    >>> frames = [pd.DataFrame({"x": [1], "y": [2]}), pd.DataFrame({"y": [4], "x": [3]})]
    >>> cases, names = channels_by_name(frames)
    >>> names, [case.tolist() for case in cases]
    (['x', 'y'], [[[1, 2]], [[3, 4]]])
    """
    if hasattr(X, "columns") or not is_list_of_cases(X) or not any(_has_names(case) for case in X):
        return X, None
    known = None if names is None else list(names)
    cases = []
    for i, case in enumerate(X):
        if _has_names(case):
            found = list(case.columns)
            known = found if known is None else known
            if found != known:
                case = case[_checked(found, known, i)]
            case = np.asarray(case)
        cases.append(case)
    return cases, known


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


def _shown(names):
    return ", ".join(map(str, names[:8])) + (", ..." if len(names) > 8 else "")
