"""Columns of a table of price bars, in a text file or a pandas frame, of one ticker or several."""

import os
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seqconv.domains.finance.dates import is_clock, read_dates
from seqconv.domains.finance.frame_names import frame_parts
from seqconv.domains.finance.price_names import KEYS, MEANINGS, PRICES, columns_by_ticker, meaning_of, name_parts
from seqconv.domains.finance.tables import read_table, read_text, to_numbers
from seqconv.domains.parquet import read_parquet
from seqconv.domains.records import naming

if TYPE_CHECKING:
    import pandas as pd

_CLOCK = re.compile("[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?")
# A cell of data, never a name.
_DATA = re.compile(r"[-+$€]?[0-9][-0-9.,:/ TZ+]*")


class PriceColumns(NamedTuple):
    """Columns of one ticker.

    Parameters
    ----------
    dates : array of datetime64[ns]
    is_utc : bool
        Whether the dates are instants in UTC, not the exchange's clock.
    numbers : dict of str to array of float64
        ``open``, ``high``, ``low``, ``close``, and ``adjusted``, ``volume`` and ``adjusted_volume`` if the table has
        them; NaN for a blank cell.
    place : callable
        Function from the number of a row to its place, for messages.
    """

    dates: np.ndarray
    is_utc: bool
    numbers: dict[str, np.ndarray]
    place: Callable[[int], str]


def read_columns(source: Any, date_order: str | None, extra: Sequence[str] = ()) -> PriceColumns:
    """Read the columns of a table of one ticker.

    Parameters
    ----------
    source : str, path or pandas.DataFrame
    date_order : {"MDY", "DMY", "YMD"} or None
    extra : list of str
        Names of other columns to read.

    Raises
    ------
    TypeError
        If `source` is of another kind.
    ValueError
        If it is not a table of bars of one ticker.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "toy.csv")
    >>> _ = path.write_text("day;open;high;low;last\\n20150102;1;2;1;2\\n")
    >>> columns = read_columns(path, None)
    >>> columns.numbers["close"], columns.place(0).endswith("toy.csv, line 2")
    (array([2.]), True)
    """
    tickers, place, name, may_group, has_names = _opened(source)
    if len(tickers) > 1:
        several = " and ".join(f"{ticker!r:.40}" for ticker in list(tickers)[:2])
        raise ValueError(
            f"{name}: one ticker must have bars, got those of {several}; give one ticker at a time, or the table to "
            "PriceAdapter.cases."
        )
    (series,) = tickers.values()
    labels = series["date"].index

    def _place(i):
        return place(labels[i])

    missing = next((column for column in extra if column not in series), None)
    if missing is not None:
        others = ", ".join(str(column) for column in series if column not in MEANINGS.values())
        raise ValueError(f"{name} must have the column {missing!r}, other columns are: {others or 'none'}.")
    dates = series["date"]
    if dates.dtype.kind != "M" and "time" in series:
        times = _clock(series["time"], _place)
        dates = [f"{date} {time}" for date, time in zip(dates, times, strict=True)]
    dates, is_utc = read_dates(dates, _place, date_order)
    wanted = {*MEANINGS.values(), *extra} - {*KEYS}
    numbers = to_numbers({name: series[name] for name in series if name in wanted}, _place, may_group)
    if not has_names:
        _check_order(numbers, _place)
    return PriceColumns(dates, is_utc, numbers, _place)


def split_tickers(source: Any) -> dict[str, "pd.DataFrame"]:
    """Split a table into one frame a ticker, the cells as they were given.

    Parameters
    ----------
    source : str, path or pandas.DataFrame
        Tickers are in a column or a level of the index, or in the names of columns.

    Returns
    -------
    dict of str to pandas.DataFrame
        Rows without any price are left out. The ticker is empty if the table has none.

    Raises
    ------
    TypeError, ValueError
        If `source` is not a table of bars.

    Examples
    --------
    >>> import pandas as pd
    >>> row = dict.fromkeys(["A_Open", "A_High", "A_Low", "A_Close", "Open_B", "High_B", "Low_B", "Close_B"], 1.0)
    >>> found = split_tickers(pd.DataFrame([row], index=pd.DatetimeIndex(["2015-01-02"])))
    >>> list(found), found["A"].columns.tolist()
    (['A', 'B'], ['date', 'open', 'high', 'low', 'close'])
    """
    import pandas as pd

    frames = {ticker: pd.DataFrame(series) for ticker, series in _opened(source)[0].items()}
    return {ticker: frame.dropna(how="all", subset=list(PRICES)) for ticker, frame in frames.items()}


def _opened(source):
    """Return the series of each ticker, function from a label to its place, name, and how numbers and columns are."""
    name = source if isinstance(source, str | os.PathLike) else "the frame"
    if str(name).lower().endswith(".parquet"):
        with naming(name):
            source = read_parquet(name)
    if isinstance(source, str | os.PathLike):
        frame, names, place, mark = read_table(source, _file_names, _is_key, read_text(source, stacklevel=6))
    elif hasattr(source, "columns"):
        (frame, names), mark = frame_parts(source), ","

        def place(i):
            return f"row {i} of {name} ({source.index[i]})"
    else:
        raise TypeError(f"prices must be a path or a pandas.DataFrame, got {type(source).__name__}.")
    if len(frame) == 0:
        raise ValueError(f"{name} must hold at least one bar, got none.")
    found = (
        {"": _layout([frame.iat[0, i] for i in range(frame.shape[1])], name)}
        if names is None
        else columns_by_ticker(names, name)
    )
    tickers = {}
    for ticker, places in found.items():
        series = {what: frame.iloc[:, i] for what, i in places.items()}
        column = series.pop("ticker", None)
        rows = {ticker: slice(None)} if column is None or ticker else _rows_by_ticker(column)
        tickers |= {one: {what: cells[of] for what, cells in series.items()} for one, of in rows.items()}
    # Between semicolons, 1,234 may have a decimal comma.
    return tickers, place, name, mark != ";", names is not None


def _file_names(rows):
    """Return the parts of the names of a file, None if it has no names, and the number of lines that they take."""
    if rows and all(_DATA.fullmatch(cell) for cell in rows[0]):
        return None, 0
    if len(rows) == 3 and meaning_of(rows[2][0]) == "date" and not "".join(rows[2][1:]):
        # As yfinance writes them: two levels of names, and the name of the dates alone.
        return [(rows[2][0],), *zip(*(row[1:] for row in rows[:2]), strict=True)], 3
    return [name_parts(name) for row in rows[:1] for name in row], 1


def _is_key(parts):
    return any(meaning_of(part) in KEYS for part in parts)


def _layout(cells, source):
    """Return the places of columns without names: date, perhaps a time, open, high, low, close and volume."""
    cells = [f"{cell:.0f}" if isinstance(cell, float) and cell % 1 == 0 else str(cell) for cell in cells]
    keys = ["date", "time"] if _CLOCK.fullmatch(cells[min(1, len(cells) - 1)]) else ["date"]
    # Of other tables, a sixth number after the date may be the volume after an adjusted close.
    is_klines = len(keys) == 2 or re.fullmatch("[0-9]{9,19}", cells[0])
    if not all(map(_DATA.fullmatch, cells)) or not len(keys) + 4 <= len(cells) <= (99 if is_klines else 6):
        raise ValueError(
            f"{source} must begin with a line of names, date, open, high, low, close among them, got "
            f"{', '.join(cells)[:200]!r}."
        )
    return dict(zip([*keys, *PRICES, "volume"], range(len(cells)), strict=False))


def _check_order(numbers, place):
    """Raise if columns without names are not open, high, low and close."""
    open_, high, low, close = (numbers[name] for name in PRICES)
    is_bad = (high < np.fmax(open_, close)) | (low > np.fmin(open_, close))
    if is_bad.any():
        raise ValueError(
            f"{place(int(is_bad.argmax()))}: columns without names must be open, high, low, close, got a price outside of "
            "low to high; add a line of names."
        )


def _rows_by_ticker(tickers):
    """Return the rows of each ticker; rows without one belong to the ticker if there is only one."""
    names = tickers.where(tickers.notna(), "").astype(str).str.strip()
    known = [name for name in dict.fromkeys(names) if name]
    return {name: names == name for name in known} if len(known) > 1 else {"".join(known): slice(None)}


def _clock(times, place):
    """Return times of a column as text, also those that became numbers: 93000 is 09:30:00."""
    texts = [str(time).strip() for time in times]
    if times.dtype.kind not in "iuf":
        n_digits = {len(text.partition(".")[0]) for text in texts}
        if n_digits in ({4}, {6}) or not all(re.fullmatch(r"-?[0-9]+(?:\.[0-9]*)?", text) for text in texts):
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
