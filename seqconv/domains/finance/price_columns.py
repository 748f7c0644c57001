"""The columns of a table of price bars, found by their usual names, in a text file or a pandas frame."""

import os
import re
from itertools import chain, islice

import numpy as np

from seqconv.domains.finance.dates import is_clock, parse_dates
from seqconv.domains.finance.price_names import NEEDED, file_names, find_columns, frame_names, index_is_dates
from seqconv.domains.lines import parse_numbers, read_lines, split_cells

_BLANK = frozenset(["", "null", "NA", "N/A", "None", "-"])
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")  # 1,234,567 or 1,500.5, never 12,5
_SHORT = re.compile(r"([0-9.]+)([KMBT])")  # 23.5M
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?")  # of seconds, or HHMMSS that lost its zeros
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
        ``open``, ``high``, ``low``, ``close``, and ``adjusted``, ``volume`` and ``adjusted_volume`` where they are; NaN
        where a cell is blank.
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
    lines, rows, texts = [], [], read_lines(path)
    head = list(islice(texts, 3))
    mark = max(",;\t", key=head[0][1].count) if head else ","
    names, n_lines = file_names([split_cells(text, mark, f"{path}, line {line}") for line, text in head])
    found = find_columns(names, path) if head else {}
    for line, text in chain(head[n_lines:], texts):
        cells = split_cells(text, mark, f"{path}, line {line}")
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
    _refuse_several(columns.pop("ticker", ()), path)
    dates = columns.pop("date")
    if "time" in columns:
        times = _clock(columns.pop("time"), place)
        dates = [f"{date.strip()} {time}" for date, time in zip(dates, times, strict=True)]
    dates = parse_dates(dates, place, date_order)
    # Where cells end at semicolons, 1,234 may well be a decimal comma: it is no number.
    return dates, {name: _numbers(cells, place, mark != ";") for name, cells in columns.items()}, place


def read_frame_columns(frame, date_order):
    """Columns of a pandas frame, as `read_file_columns` gives them; the dates may be its index."""
    if len(frame) == 0:
        raise ValueError("the frame must hold at least one bar, it holds none.")
    names = frame_names(frame)
    has_dates = index_is_dates(frame.index, names)
    found = find_columns(names, "the frame", NEEDED[1:] if has_dates else NEEDED)

    def place(i):
        return f"row {i} of the frame ({frame.index[i]})"

    series = {name: frame.iloc[:, i] for name, i in found.items()}
    if "ticker" in series:
        _refuse_several(series.pop("ticker").dropna(), "the frame")
    dates = frame.index if has_dates else series.pop("date")
    if dates.dtype.kind != "M" and "time" in series:
        dates = [f"{date} {time}" for date, time in zip(dates, _clock(series["time"], place), strict=True)]
    dates = _frame_dates(dates, place, date_order)
    columns = {name: _frame_numbers(column, place) for name, column in series.items() if name not in ("date", "time")}
    return dates, columns, place


def _refuse_several(tickers, source):
    names = [name for name in dict.fromkeys(str(ticker).strip() for ticker in tickers) if name]
    if len(names) > 1:
        several = " and ".join(f"{name!r:.40}" for name in names[:2])
        raise ValueError(f"{source}: one ticker must have bars, got rows of {several}; give one ticker at a time.")


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


def _clock(times, place):
    """Times of a column as text, those that became numbers with their zeros: 93000 is 09:30:00."""
    texts = [str(time).strip() for time in times]
    if getattr(getattr(times, "dtype", None), "kind", "O") not in "iuf":
        n_digits = {len(text.partition(".")[0]) for text in texts}
        if n_digits in ({4}, {6}) or not all(map(_NUMBER.fullmatch, texts)):
            return texts
    numbers = np.array([np.nan if text == "<NA>" else float(text) for text in texts])
    is_time = is_clock(numbers, 6) & (numbers % 1 == 0)  # whatever is HHMM is so as well
    fault = "must be HHMM or HHMMSS"
    if is_time.all() and numbers.max() >= 2400 and numbers.max() < 86400 and not (numbers % 60).any():
        is_time[0], fault = False, "may be seconds or HHMMSS"  # 34200 is 03:42:00, or half past nine in seconds
    if not is_time.all():
        i = int(is_time.argmin())
        raise ValueError(
            f"{place(i)}: times without marks {fault}, got {numbers[i]:.12g}; write them as text such as 09:30:00."
        )
    n_digits = 4 if is_clock(numbers, 4).all() and numbers.any() else 6
    return [f"{int(number):0{n_digits}}" for number in numbers]


def _frame_dates(dates, place, date_order):
    import pandas as pd

    if hasattr(getattr(dates, "dtype", None), "freq"):
        dates = pd.PeriodIndex(dates).to_timestamp()
    if getattr(dates, "dtype", np.dtype(object)).kind == "M":
        return pd.DatetimeIndex(dates).tz_localize(None).to_numpy("datetime64[ns]")  # the exchange's clock
    is_whole = getattr(dates, "dtype", np.dtype(object)).kind == "f" and bool((dates % 1 == 0).all())  # NaN is not
    return parse_dates([str(int(value) if is_whole else value) for value in dates], place, date_order)


def _frame_numbers(column, place):
    if column.dtype.kind in "fiu":
        return column.to_numpy(np.float64, na_value=np.nan)
    return _numbers([str(value) for value in column], place)
