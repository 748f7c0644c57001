"""The columns of a table of price bars, found by their usual names, in a text file or a pandas frame."""

import csv
import os
import re

import numpy as np

from seqconv.formats.dates import parse_dates
from seqconv.formats.lines import parse_numbers, read_lines

_NEEDED = ("date", "open", "high", "low", "close")
# What files call a column, letter case and marks aside; the first name that a file has counts.
_NAMES = {
    "date": ("date", "datetime", "timestamp", "day"),
    "time": ("time",),
    "open": ("original open", "open"),  # kdd17: "Open" is divided by splits, high, low and close are not
    "high": ("high",),
    "low": ("low",),
    "close": ("close", "close/last", "last", "price"),
    "adjusted": ("adj close", "adjclose", "adjusted close"),
    "volume": ("volume", "vol"),
}
_BLANK = frozenset(["", "null", "NA", "N/A", "None", "-"])


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
    return dates, {name: _numbers(cells, place) for name, cells in columns.items()}, place


def read_frame_columns(frame, date_order):
    """Columns of a pandas frame, as `read_file_columns` gives them; the dates may be its index."""
    if len(frame) == 0:
        raise ValueError("the frame must hold at least one bar, it holds none.")
    has_dates = frame.index.dtype.kind == "M"
    found = _find_columns(list(frame.columns), "the frame", _NEEDED[1:] if has_dates else _NEEDED)

    def place(i):
        return f"row {i} of the frame ({frame.index[i]})"

    series = {name: frame.iloc[:, i] for name, i in found.items()}
    dates = frame.index if has_dates else series.pop("date")
    if dates.dtype.kind != "M" and "time" in series:
        dates = [f"{date} {time}" for date, time in zip(dates, series["time"], strict=True)]
    dates = _frame_dates(dates, place, date_order)
    columns = {name: _frame_numbers(column, place) for name, column in series.items() if name not in ("date", "time")}
    return dates, columns, place


def _find_columns(names, source, needed=_NEEDED):
    """Position of each column that counts, by what it is; `names` are those of the source."""
    plain = [re.sub(r"[\s_.<>-]+", " ", str(name)).strip().lower() for name in names]
    found = {}
    for what, known in _NAMES.items():
        name = next((name for name in known if name in plain), None)
        if name is not None and plain.count(name) > 1:
            raise ValueError(f"{source}: one column must be the {what}, got several named {name!r}.")
        if name is not None:
            found[what] = plain.index(name)
    if "time" in found and "date" not in found:
        found["date"] = found.pop("time")
    if not set(needed) <= set(found):
        got = ", ".join(map(str, names))
        raise ValueError(
            f"{source} must begin with a line of names, {', '.join(needed)} among them, got {got[:200]!r}."
        )
    return found


def _cells(text, mark, place):
    if '"' not in text:
        return text.split(mark)
    try:
        return next(csv.reader([text], delimiter=mark, strict=True))
    except csv.Error as error:
        raise ValueError(f"{place}: the line must be plain CSV: {error}.") from error


def _numbers(cells, place):
    """A column of numbers, NaN where a cell is blank; a dollar sign before a number is passed over."""
    fields = ["nan" if cell.strip() in _BLANK else cell.strip().removeprefix("$") for cell in cells]
    try:
        return parse_numbers(fields, "", np.float64)
    except ValueError:
        for i, field in enumerate(fields):
            parse_numbers([field], place(i), np.float64)
        raise


def _frame_dates(dates, place, date_order):
    import pandas as pd

    if getattr(dates, "dtype", np.dtype(object)).kind == "M":
        return pd.DatetimeIndex(dates).tz_localize(None).to_numpy("datetime64[ns]")  # the exchange's clock
    return parse_dates([str(value) for value in dates], place, date_order)


def _frame_numbers(column, place):
    if column.dtype.kind in "fiu":
        return column.to_numpy(np.float64, na_value=np.nan)
    return _numbers([str(value) for value in column], place)
