"""Dates of price files; the order of day and month is found from the whole column."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from seqconv.arguments import choice

_ZONE = r" ?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_TIME = r"(?:[T ](?P<hour>[0-9]{1,2}(?=:)|[0-9]{2}):?(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2}(?:\.[0-9]{1,9})?))?"
_TIME += _ZONE + r")?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = (
    r"(?P<month>(?i:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
    r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?))"
)
_DAY = r"(?P<day>[0-9]{1,2})"
_PATTERNS = [
    re.compile(pattern + _TIME)
    for pattern in (
        rf"(?P<year>[0-9]{{4}})(?P<mark>[-/.])(?P<month>[0-9]{{1,2}})(?P=mark){_DAY}",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
        r"(?P<a>[0-9]{1,2})(?P<mark>[-/.])(?P<b>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})",
        rf"{_NAME}\.? {_DAY},? (?P<year>[0-9]{{4}})",
        rf"{_DAY}(?P<mark>[-/. ]){_NAME}(?P=mark)(?P<year>[0-9]{{4}})",
    )
]
# Whole centuries that datetime64[ns] holds.
_YEARS = range(1700, 2200)
_SINCE_1970 = {
    "s": re.compile("[1-9][0-9]{8,9}"),
    "ms": re.compile("[1-9][0-9]{12}"),
    "us": re.compile("[1-9][0-9]{15}"),
}
# In 2033. Ten digits from there on are YYYYMMDDHH of 2000 and later.
_LATEST = np.datetime64(2_000_000_000, "s")


def parse_dates(texts: Sequence[str], place: Callable[[int], str], date_order: str | None = None) -> np.ndarray:
    """Parse the dates of a column that has one format throughout.

    Parameters
    ----------
    texts : list of str
        ``2015-12-31``, ``2015/12/31``, ``2015.12.31``, ``20151231``, or ``12/31/2015``, ``31.12.2015``, ``12-31-2015``,
        or ``Dec 31, 2015``, ``31-Dec-2015`` with the English month. Each may have a time such as ``T09:30``, ``
        09:30:00-05:00`` or `` 093000``. A time zone is ignored: the time stays that of the exchange's clock. Also
        seconds (9 or 10 digits), milliseconds (13) or microseconds (16) since 1970, in UTC.
    place : callable
        Function from the number of a date to its place, such as ``"AAPL.csv, line 3"``, for the message.
    date_order : {"MDY", "DMY"}, optional
        Whether the month or the day comes first if the year is last. None finds it from the column: a number over 12 is
        a day.

    Returns
    -------
    array of datetime64[ns], shape (len(texts),)

    Raises
    ------
    ValueError
        If a text is not a date, has another format than the first, or is not in the calendar.
    ValueError
        If no date of the column shows the order of day and month, or if seconds may be YYYYMMDDHH.

    Examples
    --------
    >>> parse_dates(["1/2/2015", "1/13/2015"], "line {}".format).astype("datetime64[D]")
    array(['2015-01-02', '2015-01-13'], dtype='datetime64[D]')
    >>> parse_dates(["1/2/2015"], "line {}".format, date_order="DMY").astype("datetime64[D]")
    array(['2015-02-01'], dtype='datetime64[D]')
    """
    choice("date_order", date_order, (None, "MDY", "DMY"))
    texts = [text.strip(" ") for text in texts]
    patterns = [*_PATTERNS, *_SINCE_1970.values()]
    pattern = next((pattern for pattern in patterns if pattern.fullmatch(texts[0])), None)
    if pattern is None:
        raise ValueError(
            f"{place(0)}: a date must be such as 2015-12-31 or 12/31/2015, the year in four digits, got {texts[0][:40]!r}."
        )
    found = [pattern.fullmatch(text) for text in texts]
    if None in found:
        i = found.index(None)
        raise ValueError(f"{place(i)}: a date must be written as the first, {texts[0]!r:.40}, got {texts[i][:40]!r}.")
    unit = next((unit for unit, since in _SINCE_1970.items() if since is pattern), None)
    if unit:
        return _since_1970(texts, unit, place)
    month, day = "month", "day"
    if "a" in pattern.groupindex:
        month, day = ("b", "a") if _is_day_first(found, place, date_order) else ("a", "b")
    written = [_written(m, month, day) for m in found]
    dates = _converted(written)
    if dates is None:
        i = next(i for i, text in enumerate(written) if _converted([text]) is None)
        years = f"{_YEARS.start} to {_YEARS.stop - 1}"
        raise ValueError(f"{place(i)}: a date must be in the calendar, in the years {years}, got {texts[i][:40]!r}.")
    return dates


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


def _since_1970(texts, unit, place):
    dates = np.array(texts, "i8").astype(f"M8[{unit}]")
    is_late = dates >= _LATEST
    hours = [f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[8:]}" for text in texts]
    may_be_hours = unit == "s" and min(texts) >= "1900" and _converted(hours) is not None
    if is_late.any() or may_be_hours:
        i = int(is_late.argmax())
        raise ValueError(
            f"{place(i)}: seconds since 1970 must end before 2033 and not be YYYYMMDDHH throughout, got {texts[i]!r}; write "
            "dates such as 2015-12-31T09:00."
        )
    return dates.astype("M8[ns]")


def _is_day_first(found, place, date_order):
    if date_order is not None:
        return date_order == "DMY"
    over = {name: next((i for i, m in enumerate(found) if int(m[name]) > 12), None) for name in "ab"}
    if over["a"] is None and over["b"] is None:
        raise ValueError(
            f"{place(0)}: a date must show the order of day and month by a number over 12, got none from "
            f"{found[0][0]!r} on; give date_order='MDY' or 'DMY'."
        )
    if over["a"] is not None and over["b"] is not None:
        i = max(over.values())
        first = found[min(over.values())][0]
        raise ValueError(f"{place(i)}: day and month must come in one order, got {found[i][0]!r} after {first!r}.")
    return over["a"] is not None


def _written(match, month, day):
    """Return the date in the one format that NumPy reads."""
    number = match[month]
    if number.isalpha():
        number = str(_MONTHS.index(number[:3].lower()) + 1)
    time = f"{match['hour'] or '0':0>2}:{match['minute'] or '00'}:{match['second'] or '00'}"
    return f"{match['year']}-{number:0>2}-{match[day]:0>2}T{time}"


def _converted(written):
    """Return the dates, or None if one is not in the calendar."""
    try:
        dates = np.array(written, "datetime64[ns]")
    except ValueError:
        return None
    return dates if all(int(text[:4]) in _YEARS for text in written) else None
