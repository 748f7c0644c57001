"""Labels and groups of the cases of a table."""

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from seqconv.data.label_tables import has_label_lists
from seqconv.domains.series.frame_forms import Table, column_or_level
from seqconv.domains.series.frame_ids import with_one_more


def is_column(given: Any) -> bool:
    """Return whether a label or group is given as the name of a column."""
    return (
        given is not None
        and not isinstance(given, Mapping | pd.Series)
        and (isinstance(given, tuple) or not np.ndim(given))
    )


def label_columns(table: Table, given: Any) -> list:
    """Return the names of several columns, or levels of the index, that hold a label each; else nothing."""
    if not isinstance(given, list) or len(given) < 2 or any(not isinstance(name, str) for name in given):
        return []
    found = {*table.rows.columns, *table.rows.index.names}.intersection(given)
    # Frames in an order may have values that are called as columns are.
    is_meant = len(found) == len(given) if table.is_ordered else bool(found)
    return given if is_meant else []


def labels_a_case(table: Table, given: Any) -> Any:
    """Return the labels of the cases: one a case, or a data frame where there are several columns of them.

    Parameters
    ----------
    table : Table
    given : as for `one_a_case`, also a list of columns, or a data frame by the name of the case
    """
    if isinstance(given, pd.DataFrame):
        columns = {name: one_a_case(table, "label", given[name]) for name in given.columns}
        return pd.DataFrame(columns, columns=given.columns)
    names = label_columns(table, given)
    if names:
        return pd.DataFrame({name: one_a_case(table, "label", name) for name in names})
    return one_a_case(table, "label", given)


def one_a_case(table: Table, role: str, given: Any) -> list | None:
    """Return one label, or group, a case.

    Parameters
    ----------
    table : Table
    role : {"label", "group"}
        Name of the argument, for messages.
    given : str, dict, series, list, array or None
        Column, values by the name of the case, or values in order of the cases.

    Raises
    ------
    ValueError
        If a case has two values, or none; the message names the case.
        If values are given in an order that a long table does not have.

    Warns
    -----
    UserWarning
        If a text has blanks around it, which are left out.
    """
    if given is None:
        return None
    if isinstance(given, Mapping | pd.Series):
        values = [given.get(name) for name in table.names]
        several = next((i for i, value in enumerate(values) if isinstance(value, pd.Series)), None)
        if several is not None:
            raise ValueError(
                f"{role} must have one value a case, case {table.names[several]!r} is several times in its index."
            )
        return _complete(list(_without_blanks(values, role)), table, role, "add it, or leave the case out")
    if not is_column(given):
        if not table.is_ordered:
            raise ValueError(
                f"{role} must be a column, or a dict or series by {_id_name(table)}, got {len(given)} values; the rows of a "
                f"long table have no order of cases. Give pandas.Series(values, index=names of the cases)."
            )
        if len(given) != len(table.names):
            raise ValueError(f"{role} must have one value a case, {len(table.names)} in all, got {len(given)}.")
        return _complete(list(_without_blanks(list(given), role)), table, role, "leave the case out")
    column = pd.Series(column_or_level(table.rows, given, role)).reset_index(drop=True)
    if has_label_lists(column.dropna()):
        # Lists and sets cannot be told apart by their values, tuples can.
        column = column.map(lambda labels: tuple(sorted(labels)), na_action="ignore")
    column = _without_blanks(column, role, given)
    kinds, values = pd.factorize(column)
    known = np.flatnonzero(kinds >= 0)
    first = np.full(len(table.names), -1)
    # Written backwards, so that the first known row of each case remains.
    first[table.codes[known[::-1]]] = kinds[known[::-1]]
    changed = known[kinds[known] != first[table.codes[known]]]
    if len(changed):
        row = changed[0]
        found = [values[first[table.codes[row]]], values[kinds[row]]]
        better = [*table.id, given] if role == "group" else with_one_more(table, column, given)
        ways = [f"give an id of more columns, such as id={better}"] * bool(better and table.id)
        shown = ", ".join(str(table.rows.index[i]) for i in changed[:5]) + (", ..." if len(changed) > 5 else "")
        ways += [f"correct the rows that differ ({shown})", "cut the recording with windows()"]
        raise ValueError(
            f"{table.case_of(row)}: the {role} {given!r} must be one value a case, got {found[0]!r} and {found[1]!r}; "
            f"{', or '.join(ways)}."
        )
    found = np.append(np.asarray(values, object), None)[first]
    return _complete(found.tolist(), table, role, "drop its rows")


def _without_blanks(values, role, given=None):
    """Return a list or column without blanks around its texts; warn if there are some."""
    blank = [value for value in values if isinstance(value, str) and value != value.strip()]
    if not blank:
        return values
    warnings.warn(
        f"the {role}{'' if given is None else f' {given!r}'} has blanks around {len(blank)} values, such as {blank[0]!r}; they "
        "are left out.",
        stacklevel=5,
    )
    return pd.Series(values).map(lambda value: value.strip() if isinstance(value, str) else value, na_action="ignore")


def _complete(values, table, role, way):
    missing = np.flatnonzero(pd.isna(pd.Series(values, dtype=object)))
    if len(missing):
        raise ValueError(
            f"each case must have a {role}, case {table.names[missing[0]]!r} has none ({len(missing)} of "
            f"{len(values)}); {way}."
        )
    return values


def _id_name(table):
    return table.id[0] if isinstance(table.id, list) and len(table.id) == 1 else table.id or "id"
