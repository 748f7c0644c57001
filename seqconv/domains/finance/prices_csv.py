"""Price bars of a CSV file or a pandas frame, as one array in ascending order of dates."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from seqconv.domains.finance.price_columns import PriceColumns, read_columns

PRICE_BAR = np.dtype([("date", "M8[ns]"), *((name, "f8") for name in ("open", "high", "low", "close", "volume"))])
_PRICES = ("open", "high", "low", "close")
# Ratios, sums and products of such prices are finite.
_LEAST, _MOST = 1e-30, 1e30
# Rounding and adjusting can move open and close out of the range by this share of its edge.
_TOLERANCE = 0.005
# Overnight moves can change the ratio of a split by this share.
_NEAR_SPLIT = 0.05
# Numbers of bars around a split whose median is the usual volume. Both must agree, as a few bars may be a week of news.
_TYPICAL = (20, 60)


def read_prices(source: Any, date_order: str | None = None, extra_columns: Sequence[str] = ()) -> np.ndarray:
    """Read the bars of one ticker, oldest first, adjusted for splits and dividends.

    Parameters
    ----------
    source : str, path, pandas.DataFrame, or list of these
        Text table, plain, gzip or alone in a zip, separated by ``,``, ``;`` or tabs; or a frame with such columns, the
        dates as a column or as its index. A list holds parts of one ticker, such as a file a month.

        Needed are a date, open, high, low and close, by any usual name. Letter case, spaces, marks and one ticker
        before or after each name (``AAPL.Open``, ``('Open', 'AAPL')``) do not matter. Volume and an adjusted close are
        taken if they exist; a column of tickers must hold one alone. Numbers may be such as ``1,234,567``, ``$12.5``,
        ``23.5M``, or ``1.234,56`` throughout the table.

        Without a line of names, columns are date, perhaps a time, open, high, low, close and volume. Binance, Kraken,
        MetaTrader and ccxt write them so.
    date_order : {"MDY", "DMY"}, optional
        Order of month and day in dates such as 12/31/2015; None finds it from the whole column.
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
    for name in (*_PRICES, *extra_columns):
        bars[name] = columns[name]
    bars["volume"] = columns.get("adjusted_volume", columns.get("volume", np.nan))
    _reject_faults(bars, place)
    if "adjusted" in columns:
        scale = _adjust(bars, columns["adjusted"], place)
        if "adjusted_volume" not in columns:
            _warn_of_volume(bars["volume"], scale, place)
    else:
        _warn_of_splits(bars, place)
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


def find_fault(bars: np.ndarray) -> tuple[tuple[int, ...], str] | None:
    """Find the first bar that is not valid.

    Parameters
    ----------
    bars : array of PRICE_BAR, shape (..., n_bars)

    Returns
    -------
    (tuple of int, str) or None
        Index of the bar and the fault.

    Examples
    --------
    >>> find_fault(np.array([("2015-01-02", 1, 2, 3, 2, 0)], PRICE_BAR))
    ((0,), 'high must not be below low, got 2 and 3')
    """
    for name in _PRICES:
        # NaN is bad, too.
        bad = ~((bars[name] >= _LEAST) & (bars[name] <= _MOST))
        if bad.any():
            return _first(bad, f"{name} must be a number above 0 and at most {_MOST:g}, got {{}}", bars[name])
    bad = bars["high"] < bars["low"]
    if bad.any():
        return _first(bad, "high must not be below low, got {} and {}", bars["high"], bars["low"])
    for name in ("open", "close"):
        bad = (bars[name] > bars["high"] * (1 + _TOLERANCE)) | (bars[name] < bars["low"] * (1 - _TOLERANCE))
        if bad.any():
            sentence = f"{name} must be between low and high, got {{}} with {{}} and {{}}"
            return _first(bad, sentence, bars[name], bars["low"], bars["high"])
    volume = bars["volume"]
    bad = (volume < 0) | (volume > _MOST) | ((volume > 0) & (volume < _LEAST))
    if bad.any():
        return _first(bad, f"volume must be 0 or more, at most {_MOST:g}, got {{}}", volume)
    bad = np.isnat(bars["date"])
    if bad.any():
        return _first(bad, "a bar must have a date, got none")
    bad = np.zeros(bars.shape, bool)
    bad[..., 1:] = np.diff(bars["date"]) <= np.timedelta64(0)
    if bad.any():
        return _first(bad, "each date must come once and in order, got {} out of place; sort them", bars["date"])
    return None


def _first(bad, sentence, *values):
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    found = (value[index] for value in values)
    return index, sentence.format(*(f"{one:g}" if one.dtype.kind == "f" else one.astype("M8[s]") for one in found))


def _reject_faults(bars, place):
    fault = find_fault(bars)
    if fault is not None:
        raise ValueError(f"{place(fault[0][0])}: {fault[1]}.")


def _adjust(bars, adjusted, place):
    """Adjust the prices in place and return the factor of each bar."""
    bad = ~((adjusted >= _LEAST) & (adjusted <= _MOST))
    if bad.any():
        i = int(bad.argmax())
        raise ValueError(f"{place(i)}: adjusted close must be a number above 0, got {adjusted[i]:g}.")
    scale = adjusted / bars["close"]
    for name in _PRICES:
        bars[name] *= scale
    # Assigned, as the product would be rounded twice.
    bars["close"] = adjusted
    # A price may have left the range.
    _reject_faults(bars, place)
    return scale


def _find_splits(ratio):
    """Return the places where a ratio is near that of a split."""
    larger = np.maximum(ratio, 1 / ratio)
    # The nearest of 3/2, 2, 5/2, 3 ...
    split = np.maximum(np.round(2 * larger) / 2, 1.5)
    return np.flatnonzero(np.abs(larger / split - 1) <= _NEAR_SPLIT)


def _warn_of_volume(volume, scale, place):
    ratio = scale[1:] / scale[:-1]
    jumps = [i for i in _find_splits(ratio) if all(_jumps_by(ratio[i], volume, i + 1, n) for n in _TYPICAL)]
    if jumps:
        i = jumps[0] + 1
        warnings.warn(
            f"{place(i)}: adjusted close over close is {ratio[i - 1]:.3g} times that of the bar before, as at a split, and "
            f"the usual volume jumps with it ({len(jumps)} such bars). If it counts shares of the day, give a column Adj "
            "Volume.",
            stacklevel=4,
        )


def _jumps_by(factor, volume, i, n_bars):
    """Return whether the usual volume from bar i on is nearer to that before times the factor than to that before."""
    before, after = (part[part > 0] for part in (volume[max(i - n_bars, 0) : i], volume[i : i + n_bars]))
    if not (len(before) and len(after)):
        return False
    move = np.log(np.median(after) / np.median(before))
    return abs(move - np.log(factor)) < abs(move)


def _warn_of_splits(bars, place):
    ratio = bars["open"][1:] / bars["close"][:-1]
    jumps = _find_splits(ratio)
    if len(jumps):
        i = jumps[0] + 1
        warnings.warn(
            f"{place(i)}: the price opens at {ratio[i - 1]:.3g} times its last close, as after a split, and no adjusted "
            f"close is known ({len(jumps)} such bars); a column Adj Close would remove splits.",
            stacklevel=4,
        )
