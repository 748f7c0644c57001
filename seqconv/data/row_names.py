"""Rows of labels that are named after records."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from seqconv.data.case_errors import case_error


def check_row_names(X: Any, y: Any) -> None:
    """Raise if the rows of y are named after the records of X, but in another order.

    Parameters
    ----------
    X : list of paths, or anything else
        Paths as str or path; their names count, with or without folder and ending. Anything else is ignored.
    y : data frame or series, or anything else
        Names are those of its index. Anything else is ignored.

    Raises
    ------
    ValueError
        If a row is named after another record of X than its own; the message names the case.

    Examples
    --------
    >>> import pandas as pd
    >>> check_row_names(["data/a.wav", "data/b.wav"], pd.Series(["dog", "cat"], index=["b", "a"]))
    Traceback (most recent call last):
        ...
    seqconv.data.case_errors.CaseValueError: y must be in the order of the records, case 0 is data/a.wav, its row 'b'; \
give y.loc[...] by the names of the records.
    """
    names = getattr(y, "index", None)
    if callable(names) or names is None or not isinstance(X, Sequence) or isinstance(X, str):
        return
    if len(names) != len(X) or not all(isinstance(one, str) for one in names):
        return
    if not all(isinstance(one, str | PurePath) for one in X):
        return
    known = [{str(one), PurePath(one).name, PurePath(one).stem} for one in X]
    every = set().union(*known)
    for case, (name, own) in enumerate(zip(names, known, strict=True)):
        if name not in own and name in every:
            shown = str(X[case]).replace("{", "(").replace("}", ")")
            raise case_error(
                ValueError,
                case,
                f"y must be in the order of the records, {{case}} is {shown}, its row {name!r}; give y.loc[...] by the names "
                "of the records.",
            )
