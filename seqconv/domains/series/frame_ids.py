"""Columns that may belong to the name of a case."""

import re
import warnings
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from seqconv.domains.series.frame_forms import Table

# Names of cases are the same for this many rows on average.
_LONG_RUN = 5


def with_one_more(table: "Table", values: pd.Series, name: Hashable) -> list | None:
    """Return the columns that tell cases apart within which `values` are constant, or None if one more is not enough.

    Parameters
    ----------
    table : Table
    values : series
        Value of each row, such as its label.
    name : str
        Column of these values, which does not name cases.
    """
    kinds = pd.Series(pd.factorize(values)[0])
    kinds = kinds.where(kinds >= 0)
    for column in table.rows.columns:
        if column == name or column in table.id:
            continue
        for found, _ in _runs(table, column, ("string", "categorical", "integer")):
            if kinds.groupby([table.codes, found]).nunique().max() == 1:
                return [column, *table.id]
    return None


def warn_of_names(table: "Table", columns: Sequence[Hashable]) -> None:
    """Warn of columns of text without a role that change within most cases as names of cases do.

    Parameters
    ----------
    table : Table
    columns : list of str
        Columns that are left out.
    """
    found = {
        column: n_runs
        for column in (columns if table.id else ())
        for _, n_runs in _runs(table, column, ("string", "categorical"))
        if (n_runs > 1).mean() > 0.5
    }
    if not found:
        return
    # The column that cuts the cases most; others, such as an activity, are often the same throughout the parts.
    column = max(found, key=lambda name: found[name].sum())
    changes = np.flatnonzero(found[column] > 1)
    warnings.warn(
        f"column {column!r} changes within case {table.names[changes[0]]!r} and {len(changes) - 1} more; if it belongs to the "
        f"name of a case, give id={[column, *table.id]}.",
        stacklevel=3,
    )


def columns_of_names(pairs: Iterable[tuple[Any, Any]]) -> list:
    """Return the columns that repeat the name of each case, as the frames of ``groupby`` have them."""
    pairs = [(name if isinstance(name, tuple) else (name,), one) for name, one in pairs]
    if not pairs or not all(isinstance(one, pd.DataFrame) for _, one in pairs):
        return []
    return [
        column
        for column in pairs[0][1].columns
        if any(
            all(len(name) > i and column in one and (one[column] == name[i]).all(axis=None) for name, one in pairs)
            for i in range(len(pairs[0][0]))
        )
    ]


def way_of_rows(frame: pd.DataFrame) -> str:
    """Return what to do with cases of a single row, whose columns are steps if they are numbered."""
    names = [str(name) for name in frame.columns]
    stems = [match[1] for name in names if (match := re.fullmatch(r"(.*?)\d+", name))]
    most = max(stems, key=stems.count, default=None)
    if stems.count(most) < 8:
        return "name a column in id that is the same throughout a case"
    steps = [name for name in names if re.fullmatch(re.escape(most) + r"\d+", name)]
    return f"one case a row: give frame[columns].to_numpy() to fit, with columns {steps[0]} to {steps[-1]}"


def _runs(table: "Table", column: Hashable, kinds: tuple[str, ...]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the code of each row and the number of runs of each case; nothing if values are short or come back."""
    values = table.rows[column]
    if pd.api.types.infer_dtype(values, skipna=True) not in kinds:
        return
    found = pd.factorize(values)[0]
    order = np.argsort(table.codes, kind="stable")
    codes = table.codes[order]
    # One number for each pair of case and value.
    pairs = codes * (found.max() + 2) + found[order] + 1
    is_new = np.append(True, np.diff(pairs) != 0)
    if len(pairs) >= _LONG_RUN * is_new.sum() and len(np.unique(pairs[is_new])) == is_new.sum():
        n_runs = np.bincount(codes[is_new])
        yield found, n_runs
