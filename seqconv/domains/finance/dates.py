"""Dates of price files, read by pandas, with checks of what it would read as another date."""

import itertools
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from seqconv.arguments import choice

# Nanoseconds of one, by the number of digits: seconds, milliseconds, microseconds and nanoseconds since 1970.
_SINCE_1970 = {9: 10**9, 10: 10**9, 13: 10**6, 16: 10**3, 19: 1}
_EPOCH = re.compile("[1-9](?:[0-9]{8,9}|[0-9]{12}|[0-9]{15}|[0-9]{18})")
# In 2033. Ten digits from there on are YYYYMMDDHH of 2000 and later.
_LATEST = 2_000_000_000
_ISO = re.compile("[0-9]{4}-?[0-9]{2}-?[0-9]{2}(?![0-9])")
_ZONE = r"[0-9]\s?(?:Z|[+-][0-9]{2}:?[0-9]{2}|(?:GMT|UTC|[A-Z]{3})(?:[+-][0-9]{4})?)$"
# 20240102 09:30:00 US/Eastern, as Interactive Brokers writes.
_ZONE_NAME = re.compile(r"(.*[0-9])\s+([A-Z][A-Za-z]+(?:/[A-Za-z_]+)+)")
# Whole centuries that datetime64[ns] holds.
_YEARS = (1700, 2200)
# Formats that pandas does not guess, after marks between day, month and year became "-".
_DAYS = (
    *("%m-%d-%Y", "%d-%m-%Y", "%m-%d-%y", "%d-%m-%y", "%y-%m-%d"),
    *("%d-%b-%Y", "%d-%b-%y", "%Y-%m-%d", "%Y-%b-%d"),
)
_ORDERS = {"MDY": "%m", "DMY": "%d", "YMD": "%y"}
# So many times nearer are the rows of the right reading, where one takes the day for the year.
_NEARER = 10
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p", " %H:%M%z", " %H:%M:%S%z")
_MARKS = re.compile(r"^([0-9]+)([-/. ])([0-9]+|[a-z]{3})\2([0-9]+)(?:[T ]\s*(?=[0-9]))?", re.IGNORECASE)


def read_dates(values: Any, place: Callable[[int], str], date_order: str | None = None) -> tuple[np.ndarray, bool]:
    """Read the dates of a column that has one format throughout.

    Parameters
    ----------
    values : list, pandas.Series or pandas.Index
        Dates, periods, or text such as ``2015-12-31``, ``20151231 093000``, ``12/31/2015``, ``31.12.2015 16:00``,
        ``Dec 31, 2015`` or ``31-Dec-15``. Also seconds, milliseconds, microseconds or nanoseconds since 1970.
    place : callable
        Function from the number of a date to its place, such as ``"AAPL.csv, line 3"``, for the message.
    date_order : {"MDY", "DMY", "YMD"}, optional
        Order of month, day and year; YMD is that of years of two digits. None finds it from the column: a number over 12
        is a day, and rows that follow each other are near each other.

    Returns
    -------
    dates : array of datetime64[ns]
    is_utc : bool
        Whether the dates are instants in UTC, as they had a time zone or are counted from 1970.

    Raises
    ------
    ValueError
        If a text is not a date, has another format than the first, or is not in the calendar.
    ValueError
        If no date of the column shows the order of day and month, or if seconds may be YYYYMMDDHH.
    ValueError
        If a year of two digits may be first or last.
    ValueError
        If some of the dates have a time zone and others do not.

    Examples
    --------
    >>> read_dates(["1/2/2015", "1/13/2015"], "line {}".format)[0].astype("datetime64[D]")
    array(['2015-01-02', '2015-01-13'], dtype='datetime64[D]')
    >>> read_dates(["2024-11-03T01:00-04:00", "2024-11-03T01:00-05:00"], "line {}".format)[0].astype("datetime64[h]")
    array(['2024-11-03T05', '2024-11-03T06'], dtype='datetime64[h]')
    """
    import pandas as pd

    choice("date_order", date_order, (None, *_ORDERS))
    values = pd.Series(values).reset_index(drop=True)
    if hasattr(values.dtype, "freq"):
        values = values.dt.to_timestamp()
    if values.dtype.kind == "M":
        return values.to_numpy("M8[ns]"), getattr(values.dtype, "tz", None) is not None
    if values.dtype.kind == "f" and (values % 1 == 0).all():
        values = values.astype("int64")
    texts = values.astype(object).where(values.notna(), "").astype(str).str.strip()
    if texts.map(_EPOCH.fullmatch).notna().all():
        return _since_1970(texts, place), True
    named = [_ZONE_NAME.fullmatch(text) for text in texts]
    if all(named):
        clock = _parsed(pd.Series([found[1] for found in named]), place, date_order)
        return _instants(clock, [found[2] for found in named], texts, place), True
    dates = _parsed(texts, place, date_order)
    has_zone = texts.str.contains(_ZONE, regex=True)
    # pandas would take a date without a zone as one in UTC.
    if has_zone.any() and not has_zone.all():
        i = int(has_zone.ne(has_zone[0]).to_numpy().argmax())
        raise ValueError(f"{place(i)}: dates must have a time zone throughout or not at all, got {texts[i]!r:.40}.")
    return dates.to_numpy("M8[ns]"), bool(has_zone.all())


def is_clock(numbers: np.ndarray, n_digits: int) -> np.ndarray:
    """Return which numbers are times of the clock written without marks, such as 93000 for 09:30:00.

    Parameters
    ----------
    numbers : array of float
    n_digits : {4, 6, 9}
        HHMM, HHMMSS or HHMMSS with milliseconds; a fraction belongs to the last of them.

    Returns
    -------
    array of bool

    Examples
    --------
    >>> is_clock(np.array([93000, 34200, 34260, np.nan]), 6)
    array([ True,  True, False, False])
    """
    minutes = numbers // 10 ** (n_digits - 4)
    is_valid = (minutes >= 0) & (minutes < 2400) & (minutes % 100 < 60)
    return is_valid if n_digits == 4 else is_valid & (numbers // 10 ** (n_digits - 6) % 100 < 60)


def _instants(clock, zones, texts, place):
    """Return times of the clock in zones as instants in UTC."""
    import pandas as pd

    zones = np.array(zones)
    instants = np.empty(len(clock), "M8[ns]")
    for zone in np.unique(zones):
        here = pd.DatetimeIndex(clock[zones == zone])
        try:
            found = here.tz_localize(str(zone), ambiguous="NaT", nonexistent="NaT")
        except (KeyError, ValueError) as error:
            i = int((zones == zone).argmax())
            raise ValueError(f"{place(i)}: a time zone must be such as US/Eastern, got {str(zone)!r}.") from error
        instants[zones == zone] = found.tz_convert("UTC").tz_localize(None).to_numpy("M8[ns]")
    if np.isnat(instants).any():
        i = int(np.isnat(instants).argmax())
        raise ValueError(f"{place(i)}: the clock shows {texts[i]!r} twice or never; write times in UTC.")
    return instants


def _since_1970(texts, place):
    numbers, digits = texts.astype("int64").to_numpy(), texts.str.len()
    unit = digits.map(_SINCE_1970).to_numpy()
    is_late = numbers >= _LATEST * (10**9 // unit)
    may_be_hours = (digits == 10).all() and _at(texts, "%Y%m%d%H").dt.year.between(1900, 2199).all()
    if is_late.any() or may_be_hours:
        i = int(is_late.argmax())
        raise ValueError(
            f"{place(i)}: seconds since 1970 must end before 2033 and not be YYYYMMDDHH throughout, got {texts[i]!r}; write "
            "dates such as 2015-12-31T09:00."
        )
    return (numbers * unit).astype("M8[ns]")


def _at(texts, form):
    """Return the dates in UTC, NaT for a text of another format."""
    import pandas as pd

    # pandas reads "now" as the time at which it does.
    texts = texts.where(texts.str.contains("[0-9]", regex=True), None)
    dates = pd.to_datetime(texts, format=form, errors="coerce", utc=True)
    return dates.where(dates.dt.year.between(_YEARS[0], _YEARS[1] - 1)).dt.tz_localize(None)


def _parsed(texts, place, date_order):
    """Return the dates in the format in which all are written, or raise with the first that is not."""
    if texts.map(_ISO.match).notna().all() and _at(texts[:1], "ISO8601").notna()[0]:
        forms = ["ISO8601"]
    else:
        first = texts[0]
        forms = _guessed(first)
        if not forms:
            texts = texts.str.replace(
                _MARKS, lambda found: f"{found[1]}-{found[3]}-{found[4]} ", regex=True
            ).str.strip()
            forms = [
                day + time for day, time in itertools.product(_DAYS, _TIMES) if _at(texts[:1], day + time).notna()[0]
            ]
        if not forms:
            raise ValueError(f"{place(0)}: a date must be such as 2015-12-31 or 12/31/2015, got {first[:40]!r}.")
    found = {form: _at(texts, form) for form in forms}
    whole = [form for form in found if found[form].notna().all()]
    if date_order and len(forms) > 1:
        whole = [form for form in whole if form.startswith(_ORDERS[date_order])]
    elif date_order and forms[0][:2] in _ORDERS.values() and not forms[0].startswith(_ORDERS[date_order]):
        whole = []
    whole = _nearest({form: found[form] for form in whole}, texts[0], place)
    if len(whole) > 1:
        raise ValueError(
            f"{place(0)}: a date must show the order of day and month by a number over 12, got none from {texts[0]!r} "
            "on; give date_order='MDY' or 'DMY'."
        )
    if not whole:
        i = int(min(found.values(), key=lambda dates: dates.isna().sum()).isna().to_numpy().argmax())
        raise ValueError(
            f"{place(i)}: a date must be in the calendar and written as the first, {texts[0]!r:.40}, got {texts[i]!r:.40}."
        )
    return found[whole[0]]


def _nearest(found, first, place):
    """Return the formats with the year where it makes rows near each other; raise if it may be first or last."""
    is_first = [form for form in found if form.startswith("%y")]
    is_last = [form for form in found if form not in is_first]
    if not (is_first and is_last):
        return [*found]
    ways = [(min(found[form].diff().abs().sum() for form in forms), forms) for forms in (is_first, is_last)]
    (near, forms), (far, others) = sorted(ways)
    if near * _NEARER < far:
        return forms
    one, other = (found[some[0]].iloc[0].date() for some in (forms, others))
    raise ValueError(
        f"{place(0)}: {first!r:.40} can be read in two ways, {one} or {other}; give date_order='YMD', 'DMY' or 'MDY'."
    )


def _guessed(text):
    """Return the formats of a date that pandas guesses, both if day and month may be either."""
    from pandas.tseries.api import guess_datetime_format

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        forms = {guess_datetime_format(text, dayfirst=is_first) for is_first in (False, True)} - {None}
    # A year that comes first is followed by the month.
    return sorted(form for form in forms if not re.match("%Y.%d", form))
