"""Columns of a table of price bars, in a text file or a pandas frame."""

import os
import re
from collections.abc import Callable
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np

from seqconv.domains.finance.dates import is_clock, parse_dates
from seqconv.domains.finance.price_names import NEEDED, file_names, find_columns, frame_names, index_is_dates
from seqconv.domains.lines import parse_numbers, read_lines, split_cells

if TYPE_CHECKING:
    import pandas as pd

_BLANK = frozenset(["", "null", "NA", "N/A", "None", "-"])
# 1,234,567 or 1,500.5, never 12,5.
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
# 23.5M.
_SHORT = re.compile(r"([0-9.]+)([KMBT])")
# Seconds, or HHMMSS that lost its zeros.
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?")
_POWERS = {"K": "e3", "M": "e6", "B": "e9", "T": "e12"}


def read_file_columns(
    path: str | os.PathLike, date_order: str | None
) -> tuple[np.ndarray, dict[str, np.ndarray], Callable[[int], str]]:
    """Read the columns of a text table.

    Parameters
    ----------
    path : str or path
    date_order : {"MDY", "DMY"} or None

    Returns
    -------
    dates : array of datetime64[ns]
    columns : dict of str to array of float64
        ``open``, ``high``, ``low``, ``close``, and ``adjusted``, ``volume`` and ``adjusted_volume`` if the table has
        them; NaN for a blank cell.
    place : callable
        Function from the number of a row to its place, for messages.

    Raises
    ------
    TypeError
        If `path` is not a path.
    ValueError
        If the file is not a table of bars of one ticker.

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
        raise ValueError(f"{path} must hold a line of names and at least one bar, got no bar.")

    def _place(i):
        return f"{path}, line {lines[i]}"

    columns = dict(zip(found, zip(*rows, strict=True), strict=True))
    _reject_several(columns.pop("ticker", ()), path)
    dates = columns.pop("date")
    if "time" in columns:
        times = _clock(columns.pop("time"), _place)
        dates = [f"{date.strip()} {time}" for date, time in zip(dates, times, strict=True)]
    dates = parse_dates(dates, _place, date_order)
    # Between semicolons, 1,234 may have a decimal comma, so it is not read as a number.
    return dates, {name: _numbers(cells, _place, mark != ";") for name, cells in columns.items()}, _place


def read_frame_columns(
    frame: "pd.DataFrame", date_order: str | None
) -> tuple[np.ndarray, dict[str, np.ndarray], Callable[[int], str]]:
    """Read the columns of a pandas frame, as `read_file_columns` does; its index may hold the dates."""
    if len(frame) == 0:
        raise ValueError("the frame must hold at least one bar, got none.")
    names = frame_names(frame)
    has_dates = index_is_dates(frame.index, names)
    found = find_columns(names, "the frame", NEEDED[1:] if has_dates else NEEDED)

    def _place(i):
        return f"row {i} of the frame ({frame.index[i]})"

    series = {name: frame.iloc[:, i] for name, i in found.items()}
    if "ticker" in series:
        _reject_several(series.pop("ticker").dropna(), "the frame")
    dates = frame.index if has_dates else series.pop("date")
    if dates.dtype.kind != "M" and "time" in series:
        dates = [f"{date} {time}" for date, time in zip(dates, _clock(series["time"], _place), strict=True)]
    dates = _frame_dates(dates, _place, date_order)
    columns = {name: _frame_numbers(column, _place) for name, column in series.items() if name not in ("date", "time")}
    return dates, columns, _place


def _reject_several(tickers, source):
    names = [name for name in dict.fromkeys(str(ticker).strip() for ticker in tickers) if name]
    if len(names) > 1:
        several = " and ".join(f"{name!r:.40}" for name in names[:2])
        raise ValueError(f"{source}: one ticker must have bars, got rows of {several}; give one ticker at a time.")


def _numbers(cells, place, has_groups=True):
    """Parse a column of numbers, NaN for a blank cell."""
    fields = ["nan" if cell.strip() in _BLANK else _written_out(cell.strip(), has_groups) for cell in cells]
    try:
        return parse_numbers(fields, "", np.float64)
    except ValueError:
        for i, field in enumerate(fields):
            parse_numbers([field], place(i), np.float64)
        raise


def _written_out(cell, has_groups):
    """Return the number without a currency sign before it, commas between thousands, or K, M, B, T for its zeros."""
    cell = cell[1:] if cell.startswith(tuple("$€£¥")) else cell
    if has_groups and "," in cell and _GROUPED.fullmatch(cell):
        cell = cell.replace(",", "")
    short = _SHORT.fullmatch(cell) if cell[-1:] in _POWERS else None
    return short[1] + _POWERS[short[2]] if short else cell


def _clock(times, place):
    """Return times of a column as text, also those that became numbers: 93000 is 09:30:00."""
    texts = [str(time).strip() for time in times]
    if getattr(getattr(times, "dtype", None), "kind", "O") not in "iuf":
        n_digits = {len(text.partition(".")[0]) for text in texts}
        if n_digits in ({4}, {6}) or not all(map(_NUMBER.fullmatch, texts)):
            return texts
    numbers = np.array([np.nan if text == "<NA>" else float(text) for text in texts])
    # HHMM passes this check, too.
    is_time = is_clock(numbers, 6) & (numbers % 1 == 0)
    fault = "must be HHMM or HHMMSS"
    if is_time.all() and numbers.max() >= 2400 and numbers.max() < 86400 and not (numbers % 60).any():
        # 34200 is 03:42:00, or half past nine in seconds.
        is_time[0], fault = False, "may be seconds or HHMMSS"
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
        # The time stays that of the exchange's clock.
        return pd.DatetimeIndex(dates).tz_localize(None).to_numpy("datetime64[ns]")
    is_whole = getattr(dates, "dtype", np.dtype(object)).kind == "f" and bool((dates % 1 == 0).all())
    return parse_dates([str(int(value) if is_whole else value) for value in dates], place, date_order)


def _frame_numbers(column, place):
    if column.dtype.kind in "fiu":
        return column.to_numpy(np.float64, na_value=np.nan)
    return _numbers([str(value) for value in column], place)
