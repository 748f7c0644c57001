"""Level-2 snapshots of order books, arrays or pandas frames, as sessions: one instrument on one day, in order."""

import re
from typing import NamedTuple

import numpy as np

_FIELDS = ("ask_price", "ask_size", "bid_price", "bid_size")
_KEYS = {
    "instrument": ("instrument", "symbol", "ticker"),
    "day": ("day", "date"),
    "time": ("time", "timestamp", "datetime"),
}
_LEAST, _MOST = 1e-30, 1e30
_NO_LEVEL = 9_999_999_999  # what LOBSTER writes for the price of a level that is empty


class Session(NamedTuple):
    """Snapshots of one instrument on one day.

    Parameters
    ----------
    instrument, day : object
        As the frame has them; None for an array.
    snapshots : structured array of shape (n_snapshots,)
        Fields ``row`` (of the source) and ``ask_price``, ``ask_size``, ``bid_price``, ``bid_size``, each (n_levels,), the
        best first; NaN where the book has no such level.
    """

    instrument: object
    day: object
    snapshots: np.ndarray


def snapshot_dtype(n_levels):
    """Type of a snapshot of so many levels on each side.

    Examples
    --------
    >>> snapshot_dtype(5)["ask_price"].shape
    (5,)
    """
    return np.dtype([("row", "i8"), *((name, "f8", (n_levels,)) for name in _FIELDS)])


def read_order_book(source, n_levels=10):
    """The sessions of an order book.

    Parameters
    ----------
    source : array of shape (n_snapshots, 4 * n) or pandas.DataFrame
        An array is one session: price and size of the best ask, price and size of the best bid, then the same of the next
        level (the order of LOBSTER and of the first 40 columns of FI-2010). A frame names its columns: side, what and level
        in any order, such as ``ask_price_1`` or ``BidSize2``; ``instrument`` (or symbol, ticker) where there are several;
        ``day`` (or date), unless a column ``time`` holds dates.
    n_levels : int, default=10
        Levels to keep; the source may have more.

    Returns
    -------
    list of Session
        In the order in which they begin; rows of several sessions may alternate.

    Raises
    ------
    ValueError, TypeError
        Not so many levels, no day; by row: no best price, a bid above the ask, levels out of order, a negative size, no
        instrument or day, a time before the last one.

    Examples
    --------
    >>> sessions = read_order_book(np.array([[10.1, 5, 10.0, 7], [10.2, 5, 10.0, 7]]), n_levels=1)
    >>> sessions[0].snapshots["ask_price"].ravel()
    array([10.1, 10.2])
    """
    if hasattr(source, "columns"):
        values, keys, times = _read_frame(source, n_levels)
    else:
        values, keys, times = _read_array(source, n_levels), None, None
    snapshots = np.empty(len(values), snapshot_dtype(n_levels))
    snapshots["row"] = np.arange(len(values))
    for i, name in enumerate(_FIELDS):
        snapshots[name] = values[:, i::4]
    for name in ("ask", "bid"):
        is_empty = np.abs(snapshots[f"{name}_price"]) == _NO_LEVEL
        snapshots[f"{name}_price"][is_empty] = snapshots[f"{name}_size"][is_empty] = np.nan
    fault = find_book_fault(snapshots)
    if fault is not None:
        raise ValueError(f"row {fault[0][0]} of the book: {fault[1]}.")
    if keys is None:
        return [Session(None, None, snapshots)]
    return [Session(*key, snapshots[rows]) for key, rows in _sessions(keys, times)]


def find_book_fault(snapshots):
    """The first thing in snapshots that cannot be, as (index, what is wrong), or None.

    Parameters
    ----------
    snapshots : structured array of shape (..., n_snapshots)

    Examples
    --------
    >>> book = read_order_book(np.array([[10.1, 5, 10.0, 7]]), n_levels=1)[0].snapshots
    >>> book["bid_price"] = 10.2
    >>> find_book_fault(book)
    ((0,), 'the best bid must not be above the best ask, got 10.2 and 10.1')
    """
    ask, bid = snapshots["ask_price"], snapshots["bid_price"]  # (..., n_snapshots, n_levels)
    for name, prices in (("ask", ask), ("bid", bid)):
        bad = ~((prices >= _LEAST) & (prices <= _MOST)) & ~np.isnan(prices)
        bad[..., 0] |= np.isnan(prices[..., 0])
        if bad.any():
            return _first(bad, f"{name} prices must be above 0, the best one observed, got {{:g}}", prices)
        size = snapshots[f"{name}_size"]
        bad = ~((size >= 0) & (size <= _MOST)) & ~np.isnan(prices)
        if bad.any():
            return _first(bad, f"{name} sizes must be 0 or more, got {{:g}}", size)
        bad = np.diff(prices) < 0 if name == "ask" else np.diff(prices) > 0
        if bad.any():
            return _first(bad, f"{name} prices must go away from the middle, got {{:g}} further out", prices[..., 1:])
    bad = bid[..., :1] > ask[..., :1]
    if bad.any():
        return _first(bad, "the best bid must not be above the best ask, got {:g} and {:g}", bid, ask)
    return None


def _first(bad, sentence, *values):
    """Index of the first bad snapshot, and the sentence with its values."""
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    return index[:-1], sentence.format(*(value[index] for value in values))


def _read_array(source, n_levels):
    values = np.asarray(source)
    if values.ndim != 2 or values.dtype.kind not in "fiu" or len(values) == 0:
        raise TypeError(
            f"a book must be numbers (n_snapshots, 4 * n_levels), got {values.dtype} of shape {values.shape}."
        )
    if values.shape[1] % 4 or values.shape[1] < 4 * n_levels:
        raise ValueError(
            f"a book of {n_levels} levels must have {4 * n_levels} columns or more, got {values.shape[1]}."
        )
    return values[:, : 4 * n_levels].astype(np.float64)


def _read_frame(frame, n_levels):
    """Numbers in the order of an array, (instrument, day) of each row, and the times (or None)."""
    if len(frame) == 0:
        raise ValueError("a book must hold at least one snapshot, the frame holds none.")
    names = [str(name).strip().lower() for name in frame.columns]
    places = {}
    for i, name in enumerate(names):
        parts = [re.search(pattern, name) for pattern in ("ask|bid", "price|size|volume|quantity|qty", "[0-9]+")]
        if all(parts):
            side, what, level = (part[0] for part in parts)
            places[f"{side}_{'price' if what == 'price' else 'size'}", int(level)] = i
    first = min((level for _, level in places), default=1)
    wanted = [(name, level) for level in range(first, first + n_levels) for name in _FIELDS]
    missing = next((f"{name}_{level}" for name, level in wanted if (name, level) not in places), None)
    if missing:
        raise ValueError(f"a book of {n_levels} levels must have a column {missing}, got {', '.join(names)[:200]}.")
    columns = {
        what: next((names.index(name) for name in known if name in names), None) for what, known in _KEYS.items()
    }
    series = {what: None if i is None else frame.iloc[:, i] for what, i in columns.items()}
    try:
        values = frame.iloc[:, [places[key] for key in wanted]].to_numpy(np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise TypeError(f"prices and sizes of a book must be numbers: {error}.") from error
    return values, _keys(series, len(frame)), series["time"]


def _keys(series, n_rows):
    """(instrument, day) of each row."""
    day, time, instrument = series["day"], series["time"], series["instrument"]
    if day is None:
        if time is None or time.dtype.kind != "M":
            raise ValueError("a frame must tell the day of each snapshot: a column day, or a column time of dates.")
        day = time.dt.strftime("%Y-%m-%d")
    for name, column in (("day", day), ("instrument", instrument)):
        if column is not None and column.isna().any():
            row = int(column.isna().to_numpy().argmax())
            raise ValueError(f"row {row} of the book: each snapshot must have its {name}, it has none.")
    instruments = [None] * n_rows if instrument is None else instrument.tolist()
    return list(zip(instruments, day.tolist(), strict=True))


def _sessions(keys, times):
    """(key, rows) of each session in the order in which they begin."""
    rows_of = {}
    for row, key in enumerate(keys):
        rows_of.setdefault(key, []).append(row)
    for key, rows in rows_of.items():
        if times is not None:
            values = times.to_numpy()[rows]
            back = np.flatnonzero(values[1:] < values[:-1])
            if len(back):
                raise ValueError(f"row {rows[back[0] + 1]} of the book: time must not go back in a session; sort it.")
        yield key, rows
