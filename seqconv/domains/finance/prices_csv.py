"""Price bars of a CSV file or a pandas frame, as one array in ascending order of dates."""

import warnings
from typing import Any

import numpy as np

from seqconv.domains.finance.price_columns import read_file_columns, read_frame_columns

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


def read_prices(source: Any, date_order: str | None = None) -> np.ndarray:
    """Read the bars of one ticker, oldest first, adjusted for splits and dividends.

    Parameters
    ----------
    source : str, path or pandas.DataFrame
        Text table with a line of names, plain or gzip, separated by ``,``, ``;`` or tabs. Or a frame with such columns,
        the dates as a column or as its index; also yfinance's frames of one ticker, and files of them.

        Needed are a date, open, high, low and close, by any usual name. Letter case, spaces, marks and one ticker
        before each name (``AAPL.Open``) do not matter. Volume and an adjusted close are taken if they exist; a column
        of tickers must hold one alone; all other columns are ignored. Numbers may be such as ``1,234,567``, ``$12.5``
        or ``23.5M``. Times of day may be such as ``09:30``, or ``93000`` if the whole column is HHMM or HHMMSS. Dates
        may also be seconds, milliseconds or microseconds since 1970 (UTC).
    date_order : {"MDY", "DMY"}, optional
        Order of month and day in dates such as 12/31/2015; None finds it from the whole column.

    Returns
    -------
    array of PRICE_BAR, shape (n_bars,)
        Fields ``date`` (datetime64[ns], the exchange's clock), ``open``, ``high``, ``low``, ``close`` and ``volume``
        (float64; NaN if the source has none).

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
        If rows with a date alone are left out, as Yahoo writes for days without trade.

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
    read = read_frame_columns if hasattr(source, "columns") else read_file_columns
    dates, columns, place = read(source, date_order)
    rows = _observed(columns, place)
    dates, columns = dates[rows], {name: values[rows] for name, values in columns.items()}
    bars = np.empty(len(dates), PRICE_BAR)
    bars["date"] = dates
    for name in _PRICES:
        bars[name] = columns[name]
    bars["volume"] = columns.get("adjusted_volume", columns.get("volume", np.nan))
    order = slice(None, None, -1) if dates[0] > dates[-1] else slice(None)
    bars = bars[order].copy()
    places = rows[order]
    _reject_faults(bars, lambda i: place(places[i]))
    if "adjusted" in columns:
        scale = _adjust(bars, columns["adjusted"][order], lambda i: place(places[i]))
        if "adjusted_volume" not in columns:
            _warn_of_volume(bars["volume"], scale, lambda i: place(places[i]))
    else:
        _warn_of_splits(bars, lambda i: place(places[i]))
    return bars


def _observed(columns, place):
    """Return the rows with a value other than the date; warn of the others."""
    is_gap = np.all([np.isnan(values) for values in columns.values()], axis=0)
    if is_gap.all():
        raise ValueError(f"{place(0)}: at least one row must hold prices, got dates alone.")
    if is_gap.any():
        warnings.warn(
            f"{place(int(is_gap.argmax()))}: {is_gap.sum()} row(s) without any price or volume are left out.",
            stacklevel=3,
        )
    return np.flatnonzero(~is_gap)


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
            stacklevel=3,
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
            stacklevel=3,
        )
