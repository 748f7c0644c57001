"""The columns of a table of price bars, found by their usual names, in a text file or a pandas frame."""

import csv
import os
import re
import warnings

import numpy as np

from seqconv.formats.dates import parse_dates
from seqconv.formats.lines import parse_numbers, read_lines

_NEEDED = ("date", "open", "high", "low", "close")
# What files call a column, letter case, spaces and marks aside; the first name that a file has counts.
_NAMES = {
    "date": ("date", "datetime", "timestamp", "day", "index"),
    "time": ("time",),
    "open": ("originalopen", "open"),  # kdd17: "Open" is divided by splits, high, low and close are not
    "high": ("high",),
    "low": ("low",),
    "close": ("close", "closelast", "last", "price"),
    "adjusted": (
        *("adjclose", "adjustedclose", "closeadj", "closeadjusted", "adjusted", "adj"),
        *("adjprice", "adjustedprice", "adjlast", "adjcloselast"),
    ),
    "volume": ("volume", "vol"),
}
_BLANK = frozenset(["", "null", "NA", "N/A", "None", "-"])
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")  # 1,234,567 or 1,500.5, never 12,5
_SHORT = re.compile(r"([0-9.]+)([KMBT])")  # 23.5M
_POWERS = {"K": "e3", "M": "e6", "B": "e9", "T": "e12"}


def read_file_columns(path, date_order):
    """Columns of a text table.

    Parameters
    ----------
    path : str or path
    date_order : {"MDY", "DMY"} or None

    Returns
    -------
    dates : array of datetime64[ns]
    columns : dict of str to array of float64
        ``open``, ``high``, ``low``, ``close``, and ``adjusted`` and ``volume`` where they are; NaN where a cell is blank.
    place : callable
        From the number of a row to where it stands, for messages.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "toy.csv")
    >>> _ = path.write_text("day;open;high;low;last\\n20150102;1;2;1;2\\n")
    >>> dates, columns, place = read_file_columns(path, None)
    >>> columns["close"], place(0).endswith("toy.csv, line 2")
    (array([2.]), True)
    """
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"prices must be a path or a pandas.DataFrame, got a {type(path).__name__}.")
    lines, rows, names = [], [], None
    for line, text in read_lines(path):
        if names is None:
            mark = max(",;\t", key=text.count)
            names = _cells(text, mark, f"{path}, line {line}")
            found = _find_columns(names, path)
            continue
        cells = _cells(text, mark, f"{path}, line {line}")
        if len(cells) != len(names):
            raise ValueError(
                f"{path}, line {line}: each line must have {len(names)} cells as the first, got {len(cells)}."
            )
        lines.append(line)
        rows.append([cells[i] for i in found.values()])
    if not rows:
        raise ValueError(f"{path} must hold a line of names and at least one bar, it holds no bar.")

    def place(i):
        return f"{path}, line {lines[i]}"

    columns = dict(zip(found, zip(*rows, strict=True), strict=True))
    dates = columns.pop("date")
    if "time" in columns:
        dates = [f"{date.strip()} {time.strip()}" for date, time in zip(dates, columns.pop("time"), strict=True)]
    dates = parse_dates(dates, place, date_order)
    # Where cells end at semicolons, 1,234 may well be a decimal comma: it is no number.
    return dates, {name: _numbers(cells, place, mark != ";") for name, cells in columns.items()}, place


def read_frame_columns(frame, date_order):
    """Columns of a pandas frame, as `read_file_columns` gives them; the dates may be its index."""
    if len(frame) == 0:
        raise ValueError("the frame must hold at least one bar, it holds none.")
    names = _frame_names(frame)
    has_dates = _index_is_dates(frame.index, names)
    found = _find_columns(names, "the frame", _NEEDED[1:] if has_dates else _NEEDED)

    def place(i):
        return f"row {i} of the frame ({frame.index[i]})"

    series = {name: frame.iloc[:, i] for name, i in found.items()}
    dates = frame.index if has_dates else series.pop("date")
    if dates.dtype.kind != "M" and "time" in series:
        dates = [f"{date} {time}" for date, time in zip(dates, _clock(series["time"]), strict=True)]
    dates = _frame_dates(dates, place, date_order)
    columns = {name: _frame_numbers(column, place) for name, column in series.items() if name not in ("date", "time")}
    return dates, columns, place


def _plain(name):
    return re.sub(r"[\W_]+", "", str(name)).lower()


def _without_ticker(names):
    """The names without the ticker that stands before all prices, as in ``AAPL.Open``."""
    names = [str(name) for name in names]
    for name in names:
        ticker = re.fullmatch(r"(.+[\W_])open", name, re.IGNORECASE)
        if ticker and {f"{ticker[1]}{what}".lower() for what in ("high", "low", "close")} <= {*map(str.lower, names)}:
            return [name.removeprefix(ticker[1]) for name in names]
    return names


def _frame_names(frame):
    """Names of the columns; of several levels, as yfinance has them, the one that names prices."""
    columns = frame.columns
    levels = [columns.get_level_values(i).tolist() for i in range(columns.nlevels)]
    return next((level for level in levels if {"open", "close"} <= set(map(_plain, level))), levels[0])


def _index_is_dates(index, names):
    """Whether the index holds the dates: by its type, by its name, or since no column does."""
    if index.dtype.kind == "M" or hasattr(index, "to_timestamp") or _plain(index.name) in _NAMES["date"][:-1]:
        return True
    has_column = {_plain(name) for name in names} & {*_NAMES["date"], *_NAMES["time"]}
    return not has_column and index.dtype.kind not in "iufb"


def _find_columns(names, source, needed=_NEEDED):
    """Position of each column that counts, by what it is; `names` are those of the source."""
    plain = [_plain(name) for name in _without_ticker(names)]
    found = {}
    for what, known in _NAMES.items():
        name = next((name for name in known if name in plain), None)
        if name is not None and plain.count(name) > 1:
            raise ValueError(
                f"{source}: one column must be the {what}, got several named {name!r}; give one ticker at a time."
            )
        if name is not None:
            found[what] = plain.index(name)
    if "time" in found and "date" not in found:
        found["date"] = found.pop("time")
    if not set(needed) <= set(found):
        got = ", ".join(map(str, names))
        raise ValueError(
            f"{source} must begin with a line of names, {', '.join(needed)} among them, got {got[:200]!r}."
        )
    unused = [str(name) for i, name in enumerate(names) if "adj" in plain[i] and i not in found.values()]
    if unused and "adjusted" not in found:
        warnings.warn(
            f"{source}: no column is known as the adjusted close, {', '.join(unused)[:200]!r} is passed over; name it Adj "
            "Close if it is.",
            stacklevel=4,
        )
    return found


def _cells(text, mark, place):
    if '"' not in text:
        return text.split(mark)
    try:
        return next(csv.reader([text], delimiter=mark, strict=True))
    except csv.Error as error:
        raise ValueError(f"{place}: the line must be plain CSV: {error}.") from error


def _numbers(cells, place, has_groups=True):
    """A column of numbers, NaN where a cell is blank."""
    fields = ["nan" if cell.strip() in _BLANK else _written_out(cell.strip(), has_groups) for cell in cells]
    try:
        return parse_numbers(fields, "", np.float64)
    except ValueError:
        for i, field in enumerate(fields):
            parse_numbers([field], place(i), np.float64)
        raise


def _written_out(cell, has_groups):
    """The number without a currency sign before it, commas between thousands, or K, M, B, T for its zeros."""
    cell = cell[1:] if cell.startswith(tuple("$€£¥")) else cell
    if has_groups and "," in cell and _GROUPED.fullmatch(cell):
        cell = cell.replace(",", "")
    short = _SHORT.fullmatch(cell) if cell[-1:] in _POWERS else None
    return short[1] + _POWERS[short[2]] if short else cell


def _clock(times):
    """Times of a column as text; those that became whole numbers have lost zeros, 93000 is 09:30:00."""
    if times.dtype.kind not in "iu":
        return times
    n_digits = 4 if 0 < times.max() < 2400 else 6
    return [str(time).zfill(n_digits) for time in times]


def _frame_dates(dates, place, date_order):
    import pandas as pd

    if hasattr(getattr(dates, "dtype", None), "freq"):
        dates = pd.PeriodIndex(dates).to_timestamp()
    if getattr(dates, "dtype", np.dtype(object)).kind == "M":
        return pd.DatetimeIndex(dates).tz_localize(None).to_numpy("datetime64[ns]")  # the exchange's clock
    return parse_dates([str(value) for value in dates], place, date_order)


def _frame_numbers(column, place):
    if column.dtype.kind in "fiu":
        return column.to_numpy(np.float64, na_value=np.nan)
    return _numbers([str(value) for value in column], place)
