"""Level-2 snapshots of order books, from arrays, pandas frames or CSV files, as sessions: one instrument on one day."""

import os
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from seqconv.domains.finance.order_book_columns import FIELDS, read_book_file, read_book_frame

_LEAST, _MOST = 1e-30, 1e30
# Price that LOBSTER writes for an empty level.
_NO_LEVEL = 9_999_999_999


class Session(NamedTuple):
    """Snapshots of one instrument on one day.

    Parameters
    ----------
    instrument, day : object
        Values of the frame; None for an array.
    snapshots : structured array of shape (n_snapshots,)
        Fields ``row`` (of the source) and ``ask_price``, ``ask_size``, ``bid_price``, ``bid_size``, each (n_levels,),
        the best first; NaN for a level that the book does not have.
    """

    instrument: object
    day: object
    snapshots: np.ndarray


def snapshot_dtype(n_levels: int) -> np.dtype:
    """Return the type of a snapshot with that many levels on each side.

    Examples
    --------
    >>> snapshot_dtype(5)["ask_price"].shape
    (5,)
    """
    return np.dtype([("row", "i8"), *((name, "f8", (n_levels,)) for name in FIELDS)])


class UncheckedSession(NamedTuple):
    """Session of a source before its times and snapshots are checked.

    Parameters
    ----------
    instrument, day, snapshots
        Fields of `Session`.
    times : array or None
        Time of each snapshot: datetime64, timedelta64 or seconds.
    place : callable
        Function from the row of a snapshot to its place, for messages.
    """

    instrument: object
    day: object
    snapshots: np.ndarray
    times: np.ndarray | None
    place: Callable[[int], str]


def read_order_book(source: Any, n_levels: int = 10, max_gap_seconds: float | None = 1800) -> list[Session]:
    """Read the sessions of an order book.

    Parameters
    ----------
    source : array of shape (n_snapshots, 4 * n), pandas.DataFrame, str or path
        An array is one session: price and size of the best ask, price and size of the best bid, then the same of the
        next level. This is the order of LOBSTER and of the first 40 columns of FI-2010.

        A frame names its columns: side, what and level in any order and nothing else, such as ``ask_price_1`` or
        ``BidSize2``. It has ``instrument`` (or symbol, ticker) if there are several, and ``day`` (or date), unless a
        column ``time`` holds dates. The index may hold the time. A path is a CSV file of such columns with a line of
        names, plain or gzip; its instruments and days are text.
    n_levels : int, default=10
        Number of levels to keep; the source may have more.
    max_gap_seconds : float or None, default=1800
        Longest time between two snapshots of a session, as a lunch break or a halt begins a new one. Times that are
        numbers are seconds, or HHMMSS if all can be that and one is above the seconds of a day. None ignores gaps.

    Returns
    -------
    list of Session
        Sessions in the order in which they begin; rows of several sessions may alternate.

    Raises
    ------
    ValueError
        If there are too few levels, no day, or two columns for one place.
    ValueError
        If a row has no best price, a bid above the ask, levels out of order or a negative size; the message names the
        row, or the line of a file.
    ValueError
        If a row has no instrument, day or time, or a time comes twice, goes back, or may be seconds or HHMMSS.
    TypeError
        If the source is not numbers.
    OSError
        If the file does not exist or cannot be read.

    Examples
    --------
    >>> sessions = read_order_book(np.array([[10.1, 5, 10.0, 7], [10.2, 5, 10.0, 7]]), n_levels=1)
    >>> sessions[0].snapshots["ask_price"].ravel()
    array([10.1, 10.2])
    """
    found = find_sessions(source, n_levels)
    return [session for one in found for session in check_session(one, max_gap_seconds)]


def find_sessions(source: Any, n_levels: int) -> list[UncheckedSession]:
    """Return the sessions of a source of `read_order_book`, their times and snapshots unchecked.

    Examples
    --------
    >>> [one.times for one in find_sessions(np.array([[10.1, 5, 10.0, 7]]), n_levels=1)]
    [None]
    """
    place, name = "row {} of the book".format, "a book"
    if hasattr(source, "columns") or isinstance(source, str | os.PathLike):
        frame = source
        if not hasattr(source, "columns"):
            (frame, place), name = read_book_file(source), f"{source}: a book"
        values, keys, times = read_book_frame(frame, n_levels, place, name)
    else:
        values, keys, times = _read_array(source, n_levels), None, None
    snapshots = np.empty(len(values), snapshot_dtype(n_levels))
    snapshots["row"] = np.arange(len(values))
    for i, name in enumerate(FIELDS):
        snapshots[name] = values[:, i::4]
    for name in ("ask", "bid"):
        is_empty = np.abs(snapshots[f"{name}_price"]) == _NO_LEVEL
        snapshots[f"{name}_price"][is_empty] = snapshots[f"{name}_size"][is_empty] = np.nan
    if keys is None:
        return [UncheckedSession(None, None, snapshots, None, place)]
    rows_of = {}
    for row, key in enumerate(keys):
        rows_of.setdefault(key, []).append(row)
    return [
        UncheckedSession(*key, snapshots[rows], None if times is None else times[rows], place)
        for key, rows in rows_of.items()
    ]


def check_session(session: UncheckedSession, max_gap_seconds: float | None) -> list[Session]:
    """Check the times and snapshots of a session and cut it at its gaps.

    Returns
    -------
    list of Session

    Raises
    ------
    ValueError
        If a snapshot or a time is not valid; the message names the row.

    Examples
    --------
    >>> (session,) = find_sessions(np.array([[10.1, 5, 10.0, 7], [10.2, 5, 10.0, 7]]), n_levels=1)
    >>> [len(one.snapshots) for one in check_session(session._replace(times=np.array([0, 3601])), 3600)]
    [1, 1]
    """
    snapshots, rows = session.snapshots, session.snapshots["row"]
    fault = find_book_fault(snapshots)
    if fault is not None:
        raise ValueError(f"{session.place(rows[fault[0][0]])}: {fault[1]}.")
    ends = []
    if session.times is not None:
        steps = _time_steps(session.times, rows, session.place)
        ends = [] if max_gap_seconds is None else np.flatnonzero(steps > max_gap_seconds) + 1
    return [Session(session.instrument, session.day, part) for part in np.split(snapshots, ends)]


def _time_steps(times, rows, place):
    """Return the seconds from one snapshot to the next, all above 0."""
    bad = np.isnan(times)
    if bad.any():
        raise ValueError(f"{place(rows[bad.argmax()])}: each snapshot must have a time, got none.")
    steps = np.diff(times)
    if steps.dtype.kind == "m":
        steps = steps / np.timedelta64(1, "s")
    if (steps < 0).any():
        raise ValueError(f"{place(rows[(steps < 0).argmax() + 1])}: time must not go back in a session; sort it.")
    if (steps == 0).any():
        i = (steps == 0).argmax() + 1
        raise ValueError(
            f"{place(rows[i])}: each time must come once in a session, {times[i]} comes twice; keep the last of them."
        )
    return steps


def find_book_fault(snapshots: np.ndarray) -> tuple[tuple[int, ...], str] | None:
    """Find the first snapshot that is not valid, as (index, fault), or None.

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
    """Return the index of the first bad snapshot, and the sentence with its values."""
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
