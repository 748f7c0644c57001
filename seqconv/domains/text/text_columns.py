"""Columns of a table that hold texts and labels, by their names or by what they hold."""

from typing import Any

import numpy as np
import pandas as pd

# Well-known names, the likely ones first.
_NAMES = {
    "text": "text texts message messages msg body content sentence review tweet comment document utterance sms mail email "
    "description question post headline title subject",
    "label": "label labels class category target y sentiment queue topic department intent tag verdict polarity",
}
# Largest share of different values in a column of labels.
_MOST_DISTINCT = 0.5


def find_columns(path: Any, rows: pd.DataFrame, given: dict[str, Any]) -> tuple[bool, dict[str, int | None], str]:
    """Find the columns of texts, labels and groups.

    Parameters
    ----------
    path : str or path
        For messages.
    rows : data frame of str
        Its first row may hold names.
    given : dict
        Name, position or None for ``"text"``, ``"label"`` and ``"group"``.

    Returns
    -------
    is_header : bool
        Whether the first row holds names.
    columns : dict
        Column of `rows` for each; None for labels where no column can hold them, and for groups that are not given.
    doubt : str
        Sentence that says what was chosen, empty without a doubt.

    Raises
    ------
    ValueError
        If a name or position is not there.
    """
    names = [name.strip() for name in rows.iloc[0]]
    folded = [name.casefold() for name in names]
    columns: dict[str, int | None] = {}
    for role, column in given.items():
        if isinstance(column, str):
            columns[role] = rows.columns[_by_name(path, role, column, names, folded)]
        elif column is not None:
            if not -rows.shape[1] <= column < rows.shape[1]:
                raise ValueError(f"{path} must have a column {column} for {role}, it has {rows.shape[1]} columns.")
            columns[role] = rows.columns[column]
    known = {role: _known(rows, names, folded, listed.split()) for role, listed in _NAMES.items()}
    is_header = any(isinstance(column, str) for column in given.values()) or any(known.values())
    found = []
    for role in ("text", "label"):
        if role not in columns and (free := [column for column in known[role] if column not in columns.values()]):
            columns[role] = free[0]
            found += [role] if len(free) > 1 else []
    below = rows.iloc[1:] if len(rows) > 1 else rows
    by_content = {"text": _longest, "label": _repeated}
    for role, find in by_content.items():
        if role not in columns:
            others = [column for column in rows.columns if column not in columns.values()]
            columns[role] = find(path, below[others], names) if others else None
            found += [role] if others and len(rows.columns) > 1 else []
    if not is_header and columns["label"] is not None:
        label = columns["label"]
        is_header = rows[label].iloc[0] not in set(below[label]) and below[label].nunique() < len(below)
    shown = {
        role: names[list(rows.columns).index(column)] if is_header else column
        for role, column in columns.items()
        if column is not None
    }
    doubt = f"{path}: columns {shown} are read; name others by text= and label=." if found else ""
    if len(rows.columns) > 1 and columns["label"] is None:
        doubt = f"{path}: no column has values that repeat, as labels do, so there are none; name one by label=."
    if len(rows.columns) == 1:
        doubt = f"{path} has one column, so there are no labels; give separator= if it should have more."
    return is_header, {"group": None} | columns, doubt


def _by_name(path, role, column, names, folded):
    place = names.index(column) if column in names else None
    if place is None and folded.count(column.strip().casefold()) == 1:
        place = folded.index(column.strip().casefold())
    if place is None:
        raise ValueError(f"{path} must have a column {column!r} for {role}, it has {', '.join(map(repr, names))}.")
    return place


def _known(rows, names, folded, listed):
    """Return columns with well-known names, in the order of the list, except names that are also a value below."""
    places = [folded.index(name) for name in listed if name in folded]
    return [rows.columns[i] for i in places if not (rows.iloc[1:, i].str.strip() == names[i]).any()]


def _longest(path, rows, names):
    return rows.columns[int(np.argmax([rows[column].str.len().mean() for column in rows]))]


def _repeated(path, rows, names):
    counts = {column: rows[column].nunique() for column in rows}
    fitting = {column: n for column, n in counts.items() if 2 <= n <= max(2, _MOST_DISTINCT * len(rows))}
    if not fitting:
        return None
    return min(fitting, key=lambda column: fitting[column])
