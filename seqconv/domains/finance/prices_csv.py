"""Price bars of a CSV file or a pandas frame, as one array in ascending order of dates."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from seqconv.domains.finance.price_checks import adjust, reject_faults, warn_of_splits, warn_of_volume
from seqconv.domains.finance.price_columns import PriceColumns, read_columns
from seqconv.domains.finance.price_names import PRICES

PRICE_BAR = np.dtype([("date", "M8[ns]"), *((name, "f8") for name in ("open", "high", "low", "close", "volume"))])


def read_prices(source: Any, date_order: str | None = None, extra_columns: Sequence[str] = ()) -> np.ndarray:
    """Read the bars of one ticker, oldest first, adjusted for splits and dividends.

    Parameters
    ----------
    source : str, path, pandas.DataFrame, or list of these
        Text table, plain, gzip or alone in a zip, separated by ``,``, ``;`` or tabs; or a Parquet file or frame with such
        columns, the dates as a column or as its index. A list holds parts of one ticker, such as a file a month.

        Needed are a date, open, high, low and close, by any usual name. Letter case, spaces, marks and one ticker
        before or after each name (``AAPL.Open``, ``('Open', 'AAPL')``) do not matter. Volume and an adjusted close are
        taken if they exist; a column of tickers must hold one alone. Numbers may be such as ``1,234,567``, ``$12.5``,
        ``23.5M``, or ``1.234,56`` throughout the table.

        Without a line of names, columns are date, perhaps a time, open, high, low, close and volume. Binance, Kraken,
        MetaTrader and ccxt write them so.
    date_order : {"MDY", "DMY", "YMD"}, optional
        Order of dates such as 12/31/2015 or 24-01-05; None finds it from the whole column.
    extra_columns : list of str, optional
        Names of other columns to read, as further fields of the result.

    Returns
    -------
    array of PRICE_BAR, shape (n_bars,)
        Fields ``date`` (datetime64[ns]), ``open``, ``high``, ``low``, ``close`` and ``volume`` (float64; NaN if the
        source has none). Dates with a time zone or counted from 1970 are in UTC, others are the exchange's clock.

    Raises
    ------
    ValueError
        If a cell is not a number or a line is cut; this and the next three messages name the line or row.
    ValueError
        If a price is not above 0 and finite, or a volume is negative.
    ValueError
        If high is below low, or open or close is more than 0.5 % outside of low to high.
    ValueError
        If a date is missing, comes twice or out of order, or a time may be seconds of the day.
    ValueError
        If the file has no bars, lacks a needed column, holds several tickers, or is not text.
    OSError
        If the file does not exist or cannot be read.
    ImportError
        If Parquet needs a library that is not installed.

    Warns
    -----
    UserWarning
        If the price jumps as in a split (a ratio near 3/2, 2, 5/2 and so on), and no adjusted close removes it.
    UserWarning
        If an adjusted close removes a split, the usual volume jumps with it, and no adjusted volume exists.
    UserWarning
        If a column looks like an adjusted close but has no known name.
    UserWarning
        If rows with a date alone are left out, or a file ends without a line end.

    Notes
    -----
    With an adjusted close, all prices of a bar are multiplied by adjusted close / close, so that splits and dividends
    are no returns. Some files count volume in the shares of today (Yahoo), others in those of the day
    (Alpha Vantage), where a split changes it. Volume is kept as it is unless there is a column of adjusted volume
    (``Adj. Volume``). Dates may ascend or descend. Days without a bar (weekends, holidays, a halt) are not filled in.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "toy.csv")
    >>> _ = path.write_text("Date,Open,High,Low,Close,Adj Close\\n1/14/2015,8,9,7,8,8\\n1/13/2015,16,18,15,16,8\\n")
    >>> bars = read_prices(path)
    >>> bars["date"].astype("datetime64[D]").tolist()
    [datetime.date(2015, 1, 13), datetime.date(2015, 1, 14)]
    >>> bars["high"], bars["close"], bars["volume"]
    (array([9., 9.]), array([8., 8.]), array([nan, nan]))
    """
    return read_instants(source, date_order, extra_columns)[0]


def read_instants(source: Any, date_order: str | None, extra_columns: Sequence[str]) -> tuple[np.ndarray, bool]:
    """Return the bars of `read_prices`, and whether their dates are instants in UTC."""
    parts = []
    for one in source if isinstance(source, list | tuple) else [source]:
        parts.append(_in_order(one, date_order, extra_columns))
    if not parts:
        raise ValueError("prices must be at least one file or frame, got an empty list.")
    dates, is_utc, columns, place = parts[0] if len(parts) == 1 else _joined(parts)
    bars = np.empty(len(dates), bar_dtype(extra_columns))
    bars["date"] = dates
    for name in (*PRICES, *extra_columns):
        bars[name] = columns[name]
    bars["volume"] = columns.get("adjusted_volume", columns.get("volume", np.nan))
    reject_faults(bars, place)
    if "adjusted" in columns:
        scale = adjust(bars, columns["adjusted"], place)
        if "adjusted_volume" not in columns:
            warn_of_volume(bars["volume"], scale, place)
    else:
        warn_of_splits(bars, place)
    return bars, is_utc


def bar_dtype(extra_columns: Sequence[str] = ()) -> np.dtype:
    """Return the type of a bar with further fields.

    Examples
    --------
    >>> bar_dtype(["funding"]).names[-2:]
    ('volume', 'funding')
    """
    return np.dtype([*PRICE_BAR.descr, *((name, "f8") for name in extra_columns)])


def _in_order(source, date_order, extra_columns):
    """Return the columns of one source, oldest first, without rows that hold a date alone."""
    found = read_columns(source, date_order, extra_columns)
    is_gap = np.all([np.isnan(values) for values in found.numbers.values()], axis=0)
    if is_gap.all():
        raise ValueError(f"{found.place(0)}: at least one row must hold prices, got dates alone.")
    if is_gap.any():
        warnings.warn(
            f"{found.place(int(is_gap.argmax()))}: {is_gap.sum()} row(s) without any price or volume are left out.",
            stacklevel=4,
        )
    rows = np.flatnonzero(~is_gap)
    rows = rows[::-1] if found.dates[rows[0]] > found.dates[rows[-1]] else rows
    numbers = {name: values[rows] for name, values in found.numbers.items()}
    return PriceColumns(found.dates[rows], found.is_utc, numbers, lambda i: found.place(rows[i]))


def _joined(parts):
    """Return the parts of one ticker as one; a bar that comes again, the same in all, is left out."""
    if len({part.is_utc for part in parts}) > 1:
        raise ValueError("parts of one ticker must have dates with a time zone throughout or not at all, got both.")
    parts = sorted(parts, key=lambda part: part.dates[0])
    places = [(part.place, i) for part in parts for i in range(len(part.dates))]
    names = [name for name in parts[0].numbers if all(name in part.numbers for part in parts)]
    dates = np.concatenate([part.dates for part in parts])
    numbers = {name: np.concatenate([part.numbers[name] for part in parts]) for name in names}
    order = np.argsort(dates, kind="stable")
    same = [numbers[name][order] for name in names]
    is_again = np.all([np.equal(v[1:], v[:-1]) | (np.isnan(v[1:]) & np.isnan(v[:-1])) for v in same], axis=0)
    is_again &= np.diff(dates[order]) == np.timedelta64(0)
    rows = order[np.flatnonzero(~np.concatenate([[False], is_again]))]

    def _place(i):
        place, row = places[rows[i]]
        return place(row)

    return PriceColumns(dates[rows], parts[0].is_utc, {name: numbers[name][rows] for name in names}, _place)
