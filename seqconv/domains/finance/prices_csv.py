"""Price bars as people have them, a CSV or a pandas frame, as one array of bars in ascending order of dates."""

import warnings

import numpy as np

from seqconv.domains.finance.price_columns import read_file_columns, read_frame_columns

PRICE_BAR = np.dtype([("date", "M8[ns]"), *((name, "f8") for name in ("open", "high", "low", "close", "volume"))])
_PRICES = ("open", "high", "low", "close")
_LEAST, _MOST = 1e-30, 1e30  # ratios, sums and products of such prices are finite
_TOLERANCE = 0.005  # how far open and close may leave the range, as a share of its edge: rounding and adjusting do that
_NEAR_SPLIT = 0.05  # how far overnight moves may carry a price from the ratio of a split
_TYPICAL = (20, 60)  # bars beside a split whose median is the usual volume; one of them alone may be a week of news


def read_prices(source, date_order=None):
    """Bars of one ticker: open, high, low, close and volume, oldest first, adjusted for splits and dividends.

    Parameters
    ----------
    source : str, path or pandas.DataFrame
        A text table with a line of names, plain or gzip, separated by ``,``, ``;`` or tabs; or a frame with such columns,
        the dates as a column or as its index; yfinance's frames of one ticker, also as it writes them. Needed are a date,
        open, high, low and close, by any usual name (letter case, spaces and marks do not matter, nor the one ticker before
        each: ``AAPL.Open``); volume and an adjusted close are taken where they are, a column of tickers must hold one
        alone, all other columns, also without a name, are passed over. Numbers may be such as ``1,234,567``, ``$12.5`` or
        ``23.5M``, times of day such as ``09:30``, or ``93000`` where the whole column is HHMM or HHMMSS; dates also
        seconds, milliseconds or microseconds since 1970 (UTC).
    date_order : {"MDY", "DMY"}, optional
        Order of month and day in dates such as 12/31/2015; None tells it from the whole column.

    Returns
    -------
    array of PRICE_BAR, shape (n_bars,)
        Fields ``date`` (datetime64[ns], the exchange's clock), ``open``, ``high``, ``low``, ``close`` and ``volume``
        (float64; NaN where the source has none).

    Raises
    ------
    ValueError
        By line of the file or row of the frame: no number, a price that is not above 0 or not finite, high below low, open
        or close more than 0.5 % outside of low to high, a negative volume, a date that is none, comes twice or stands out
        of order, a time that may be seconds of the day, a line cut short; by file: no bars, not the columns needed, those
        of several tickers, no text at all.
    OSError
        The file is not there or may not be read.

    Warns
    -----
    UserWarning
        The price jumps as in a split of 3 for 2, 2 for 1 or more (a ratio near a half, and at least 3/2), and no adjusted
        close takes it out; or one does, the usual volume jumps with it, and no adjusted volume is there. A column looks
        like an adjusted close but has no name known for one. Rows with a date alone, as Yahoo writes for days without
        trade, are left out.

    Notes
    -----
    With an adjusted close, open, high, low and close of a bar are multiplied by adjusted close / close, so that splits and
    dividends are no returns. Volume is kept as it is: some files count it in the shares of today (Yahoo), others in those
    of the day (Alpha Vantage), where a split changes it; a column of adjusted volume (``Adj. Volume``) counts in its place.
    Dates may ascend or descend. Days without a bar (weekends, holidays, a halt) are no bars; nothing is filled in.

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
    _refuse(bars, lambda i: place(places[i]))
    if "adjusted" in columns:
        scale = _adjust(bars, columns["adjusted"][order], lambda i: place(places[i]))
        if "adjusted_volume" not in columns:
            _warn_of_volume(bars["volume"], scale, lambda i: place(places[i]))
    else:
        _warn_of_splits(bars, lambda i: place(places[i]))
    return bars


def _observed(columns, place):
    """Rows that hold anything beside a date; the others are told of."""
    is_gap = np.all([np.isnan(values) for values in columns.values()], axis=0)
    if is_gap.all():
        raise ValueError(f"{place(0)}: at least one row must hold prices, none does.")
    if is_gap.any():
        warnings.warn(
            f"{place(int(is_gap.argmax()))}: {is_gap.sum()} row(s) without any price or volume are left out.",
            stacklevel=3,
        )
    return np.flatnonzero(~is_gap)


def find_fault(bars):
    """The first thing in bars that cannot be.

    Parameters
    ----------
    bars : array of PRICE_BAR, shape (..., n_bars)

    Returns
    -------
    (tuple of int, str) or None
        Index of a bar and what is wrong with it.

    Examples
    --------
    >>> find_fault(np.array([("2015-01-02", 1, 2, 3, 2, 0)], PRICE_BAR))
    ((0,), 'high must not be below low, got 2 and 3')
    """
    for name in _PRICES:
        bad = ~((bars[name] >= _LEAST) & (bars[name] <= _MOST))  # NaN is bad
        if bad.any():
            return _first(bad, f"{name} must be a number above 0 and at most {_MOST:g}, got {{}}", bars[name])
    bad = bars["high"] < bars["low"]
    if bad.any():
        return _first(bad, "high must not be below low, got {} and {}", bars["high"], bars["low"])
    for name in ("open", "close"):
        bad = (bars[name] > bars["high"] * (1 + _TOLERANCE)) | (bars[name] < bars["low"] * (1 - _TOLERANCE))
        if bad.any():
            sentence = f"{name} must lie between low and high, got {{}} with {{}} and {{}}"
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


def _refuse(bars, place):
    fault = find_fault(bars)
    if fault is not None:
        raise ValueError(f"{place(fault[0][0])}: {fault[1]}.")


def _adjust(bars, adjusted, place):
    """Adjust the prices in place; gives the factor of each bar."""
    bad = ~((adjusted >= _LEAST) & (adjusted <= _MOST))
    if bad.any():
        i = int(bad.argmax())
        raise ValueError(f"{place(i)}: adjusted close must be a number above 0, got {adjusted[i]:g}.")
    scale = adjusted / bars["close"]
    for name in _PRICES:
        bars[name] *= scale
    bars["close"] = adjusted  # not rounded twice
    _refuse(bars, place)  # a price may have left the range
    return scale


def _find_splits(ratio):
    """Where a ratio is near that of a split."""
    larger = np.maximum(ratio, 1 / ratio)
    split = np.maximum(np.round(2 * larger) / 2, 1.5)  # the nearest of 3/2, 2, 5/2, 3 ...
    return np.flatnonzero(np.abs(larger / split - 1) <= _NEAR_SPLIT)


def _warn_of_volume(volume, scale, place):
    ratio = scale[1:] / scale[:-1]
    jumps = [i for i in _find_splits(ratio) if all(_jumps_by(ratio[i], volume, i + 1, n) for n in _TYPICAL)]
    if jumps:
        i = jumps[0] + 1
        warnings.warn(
            f"{place(i)}: adjusted close over close is {ratio[i - 1]:.3g} times that of the bar before, as at a split, and "
            f"the usual volume jumps with it ({len(jumps)} such bars): if it counts shares of the day, give a column Adj Volume.",
            stacklevel=3,
        )


def _jumps_by(factor, volume, i, n_bars):
    """Whether the usual volume from bar i on is nearer to that before times the factor than to that before."""
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
            f"close is known ({len(jumps)} such bars); a column Adj Close would take splits out.",
            stacklevel=3,
        )
