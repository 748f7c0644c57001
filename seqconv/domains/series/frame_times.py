"""Times of the rows of a table, in a form that can be sorted."""

import warnings
from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from seqconv.domains.series.frame_forms import Table, column_or_level

_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?"
_MINUTES = r"^(\d{1,2}:\d\d)$"
# Day and month, in one of two orders.
_DATE = r"^(?P<first>\d{1,2})(?P<mark>[./-])(?P<second>\d{1,2})[./-]\d{2,4}(?!\d)"
# End of an ISO time with a time zone.
_ZONE = r"(?:Z|:\d\d(?:\.\d+)?[+-]\d\d(?::?\d\d)?)$"


def checked_times(table: Table, time: Hashable | None) -> pd.Index | None:
    """Return the time of each row, or None if the rows keep their order.

    Raises
    ------
    ValueError
        If a row has no time, or its date has two readings; the message names the case.

    Warns
    -----
    UserWarning
        If rows share a time, or are out of the order of an index that is not a time.
    """
    if time is not None:
        times = column_or_level(table.rows, time, "time")
    elif table.is_timed or table.rows.index.inferred_type in ("datetime64", "timedelta64", "period"):
        times = table.rows.index.get_level_values(-1)
    else:
        _warn_of_index(table)
        return None
    times = pd.Index(_sortable(times, table), name=time)
    missing = np.flatnonzero(times.isna())
    if len(missing):
        raise ValueError(
            f"{table.case_of(missing[0])}: each row must have a time, {len(missing)} have none; drop them."
        )
    shared = pd.MultiIndex.from_arrays([table.codes, times]).duplicated()
    if shared.any():
        row = int(shared.argmax())
        warnings.warn(
            f"{table.case_of(row)} has several rows of time {times[row]}, which keep their order; average them if one "
            f"step is meant, or pivot a table with one row a channel. {_n_cases(table, shared)} like it.",
            stacklevel=3,
        )
    return times


def _sortable(times, table) -> Any:
    values = pd.Series(times).reset_index(drop=True)
    if not (pd.api.types.is_object_dtype(values) or pd.api.types.is_string_dtype(values)):
        return values
    try:
        return pd.to_numeric(values)
    except (ValueError, TypeError):
        pass
    known = values.dropna().astype(str).str.strip()
    if known.str.fullmatch(_CLOCK).all():
        return _clock_times(values, table)
    try:
        # One clock for all, as dates of several time zones cannot be sorted otherwise.
        return pd.to_datetime(values, format="ISO8601", utc=bool(values.astype(str).str.contains(_ZONE).any()))
    except (ValueError, TypeError):
        pass
    date = known.str.extract(_DATE)
    first, second = (date[part].astype(float).max() for part in ("first", "second"))
    is_day_first = bool((date["mark"] == ".").all()) or first > 12
    if date.isna().any(axis=None) or (max(first, second) <= 12 and not is_day_first) or min(first, second) > 12:
        row = known.index[int(date.isna().any(axis=1).to_numpy().argmax())]
        raise ValueError(
            f"{table.case_of(row)}: a time must be a number, a date or an ISO string, got {known[row][:40]!r}; "
            'convert it, such as by pandas.to_datetime(column, format="%d/%m/%Y %H:%M").'
        )
    return pd.to_datetime(values, dayfirst=is_day_first, format="mixed")


def _clock_times(values, table):
    """Return times of day, which must not pass midnight within a case."""
    times = values.astype(str).str.strip().where(values.notna()).str.replace(_MINUTES, r"\1:00", regex=True)
    times = pd.to_timedelta(times)
    is_next_day = (times.diff() < -pd.Timedelta(hours=12)).to_numpy() & (np.diff(table.codes, prepend=-1) == 0)
    if is_next_day.any():
        row = int(is_next_day.argmax())
        raise ValueError(
            f"{table.case_of(row)}: a time of day must not pass midnight, got {values[row - 1]!r} before {values[row]!r}; "
            "give a column of date and time."
        )
    return times


def _warn_of_index(table):
    index = table.rows.index
    if index.nlevels > 1 or not pd.api.types.is_numeric_dtype(index):
        return
    is_back = (np.diff(index) < 0) & (np.diff(table.codes) == 0)
    if is_back.any():
        row = int(is_back.argmax()) + 1
        warnings.warn(
            f"{table.case_of(row)} has rows that are not in the order of the index, and keeps their order; name the column "
            f"of the time, or call sort_index first. {_n_cases(table, np.append(False, is_back))} like it.",
            stacklevel=4,
        )


def _n_cases(table, is_found):
    n = len(np.unique(table.codes[is_found]))
    return f"{n} of {len(table.names)} cases are"
