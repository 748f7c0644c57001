"""The channels of a table, by name."""

import re
import warnings
from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd

from seqconv.data.window_columns import TIME_NAMES
from seqconv.domains.series.frame_forms import Table

_ROW_NUMBERS = re.compile(r"(Unnamed: 0|index|level_0)")


def choose_channels(table: Table, channels: Sequence[Hashable] | None, taken: Sequence[Hashable]) -> pd.DataFrame:
    """Return the rows with the columns of the channels alone, as numbers.

    Parameters
    ----------
    table : Table
    channels : list of str or None
        None takes the numeric columns that are not taken.
    taken : list of str
        Columns that have another role.

    Raises
    ------
    ValueError
        If a channel is not there, given twice, or not of numbers; the message names the case.
    """
    rows = table.rows
    if channels is None:
        channels = _found_channels(table, [name for name in rows.columns if name not in taken])
    elif isinstance(channels, str):
        channels = [channels]
    channels = list(channels)
    missing = [name for name in channels if name not in rows.columns]
    if missing or not channels or len(set(channels)) < len(channels):
        raise ValueError(
            f"channels must be different columns, at least one, of {_shown(rows.columns)}; got {_shown(channels) or 'none'}."
        )
    return pd.DataFrame({name: _numbers(rows[name], name, table) for name in channels}, index=rows.index)


def _found_channels(table, columns):
    rows = table.rows
    kept = [name for name in columns if pd.api.types.is_numeric_dtype(rows[name]) or _is_numbers(rows[name])]
    numbers = [name for name in kept if _ROW_NUMBERS.fullmatch(str(name)) and _counts_up(rows[name], table.codes)]
    kept = [name for name in kept if name not in numbers]
    if not kept:
        raise ValueError(f"a channel must be a numeric column, got none in {_shown(columns)}; convert one.")
    left = [name for name in columns if name not in kept]
    if left:
        warnings.warn(
            f"columns {_shown(left)} are left out, as they hold row numbers or values that are not numbers; give channels, "
            "or their role as time, label or group.",
            stacklevel=4,
        )
    doubtful = [name for name in kept if TIME_NAMES.fullmatch(str(name))]
    doubtful += [name for name in kept if name not in doubtful and _is_one_a_case(rows[name], table.codes)]
    if doubtful and len(kept) > len(doubtful):
        warnings.warn(
            f"columns {_shown(doubtful)} are taken as channels, though they look like a time, or are one value a case as "
            "a label is; give channels, or their role as time, label or group.",
            stacklevel=4,
        )
    return kept


def _is_numbers(column):
    """Return whether most values of text or objects are numbers: None or one bad value turns numbers into objects."""
    if not isinstance(column.dtype, pd.StringDtype) and column.dtype != object:
        return False
    known = column[column.notna()]
    return bool(pd.to_numeric(known, errors="coerce").notna().mean() >= 0.5)


def _is_one_a_case(column, codes):
    """Return whether a column is constant within each case, but not over all of them."""
    column = pd.Series(column.to_numpy())
    is_constant = column.groupby(codes).nunique(dropna=False).max() == 1
    return bool(is_constant) and column.nunique(dropna=False) > 1 and len(np.unique(codes)) < len(codes)


def _counts_up(column, codes):
    steps = np.diff(pd.to_numeric(column, errors="coerce").to_numpy(float, na_value=np.nan))
    return bool((steps[np.diff(codes) == 0] == 1).all())


def _numbers(column, name, table):
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        column = column.astype(object)
    if pd.api.types.is_datetime64_any_dtype(kind) or pd.api.types.is_timedelta64_dtype(kind):
        raise ValueError(f"channel {name!r} must be numbers, got {kind}; give it as time, or convert it.")
    if pd.api.types.is_complex_dtype(kind):
        raise ValueError(f"channel {name!r} must be real numbers, got {kind}; take its parts as channels.")
    if not pd.api.types.is_numeric_dtype(kind):
        numbers = pd.to_numeric(column, errors="coerce")
        wrong = np.flatnonzero(numbers.isna() & column.notna())
        if len(wrong):
            row = wrong[0]
            raise ValueError(
                f"{table.case_of(row)}: channel {name!r} must be numbers, got {str(column.iloc[row])[:40]!r} and "
                f"{len(wrong) - 1} more; convert them, or make them NaN by pandas.to_numeric(column, errors='coerce')."
            )
        column = numbers
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiu":
        return column.to_numpy()
    return column.to_numpy(dtype=np.float64, na_value=np.nan)


def _shown(names):
    names = [repr(name) for name in names]
    return ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
