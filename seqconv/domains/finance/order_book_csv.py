"""Level-2 snapshots of order books, from arrays, pandas frames or files, as sessions: one instrument on one day."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from seqconv.domains.finance.book_files import BookArray, from_array, is_pair, read_book_file
from seqconv.domains.finance.book_sessions import Session, UncheckedSession, check_session, cut_joins, snapshot_dtype
from seqconv.domains.finance.order_book_columns import FIELDS, read_book_frame

# Price that LOBSTER writes for an empty level.
_NO_LEVEL = 9_999_999_999


def read_order_book(
    source: Any, n_levels: int = 10, max_gap_seconds: float | None = 1800, session_starts: Sequence[int] | None = None
) -> list[Session]:
    """Read the sessions of an order book.

    Parameters
    ----------
    source : array of shape (n_snapshots, 4 * n), pandas.DataFrame, str, path or pair of paths
        An array is one session: price and size of the best ask, price and size of the best bid, then the same of the
        next level. This is the order of LOBSTER and FI-2010. Arrays of FI-2010 may have its 149 rows or columns.

        A frame names its columns: side, what and level in any order and nothing else, such as ``ask_price_1`` or
        ``BidSize2``. It has ``instrument`` (or symbol, ticker) if there are several, and ``day`` (or date), unless a
        column ``time`` holds dates. The index may hold the time.

        A path is a CSV file of such columns with a line of names, plain, gzip or zip; its instruments and days are
        text. Or it has numbers alone: a file of FI-2010, or LOBSTER's order book, whose messages are read from the file
        beside it or given as a pair.
    n_levels : int, default=10
        Number of levels to keep; the source may have more.
    max_gap_seconds : float or None, default=1800
        Longest time between two snapshots of a session, as a lunch break or a halt begins a new one. Times that are
        numbers are seconds, or HHMMSS if all can be that and one is above the seconds of a day. None ignores gaps.
    session_starts : list of int, optional
        Rows at which sessions begin. None looks for rows at which the price jumps as between two instruments, in
        sources that name no instrument.

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

    Warns
    -----
    UserWarning
        If the price jumps, so that a session was cut there.

    Examples
    --------
    >>> sessions = read_order_book(np.array([[10.1, 5, 10.0, 7], [10.2, 5, 10.0, 7]]), n_levels=1)
    >>> sessions[0].snapshots["ask_price"].ravel()
    array([10.1, 10.2])
    """
    sessions = []
    for found in find_sessions(source, n_levels, session_starts=session_starts):
        for session in check_session(found, max_gap_seconds):
            sessions += [session] if session_starts is not None else cut_joins(session, found.place)
    return sessions


def find_sessions(
    source: Any, n_levels: int, label_column: str | None = None, session_starts: Sequence[int] | None = None
) -> list[UncheckedSession]:
    """Return the sessions of a source of `read_order_book`, their times and snapshots unchecked.

    Examples
    --------
    >>> [one.times for one in find_sessions(np.array([[10.1, 5, 10.0, 7]]), n_levels=1)]
    [None]
    """
    place, name, found = "row {} of the book".format, "a book", source
    if isinstance(source, str | os.PathLike) or is_pair(source):
        found, name = read_book_file(source), f"{source}: a book"
        found, place = (found, place) if isinstance(found, BookArray) else found
    elif not hasattr(source, "columns"):
        found = from_array(source)
    if isinstance(found, BookArray):
        labels, times, starts = found.labels, found.times, found.starts
        values = _levels(found.values, n_levels)
        keys = [(found.instrument, found.day)] * len(values)
    else:
        values, keys, times = read_book_frame(found, n_levels, place, name)
        labels, starts = _label_column(found, label_column, name), None
    starts = _starts(starts if session_starts is None else session_starts, len(values))
    snapshots = np.empty(len(values), snapshot_dtype(n_levels))
    snapshots["row"] = np.arange(len(values))
    for i, field in enumerate(FIELDS):
        snapshots[field] = values[:, i::4]
    for side in ("ask", "bid"):
        is_empty = np.abs(snapshots[f"{side}_price"]) == _NO_LEVEL
        snapshots[f"{side}_price"][is_empty] = snapshots[f"{side}_size"][is_empty] = np.nan
    rows_of = {}
    for row, key in enumerate(zip(keys, starts, strict=True)):
        rows_of.setdefault(key, []).append(row)
    are_events = isinstance(found, BookArray)
    return [
        UncheckedSession(
            *key, *(None if part is None else part[rows] for part in (snapshots, labels, times)), place, are_events
        )
        for (key, _), rows in rows_of.items()
    ]


def _starts(rows, n_rows):
    """Return the number of the session of each row."""
    starts = np.zeros(n_rows, int)
    rows = np.asarray([] if rows is None else rows)
    if len(rows) and (rows.dtype.kind not in "iu" or rows.ndim != 1 or rows.min() < 0 or rows.max() > n_rows):
        raise ValueError(f"session_starts must be rows of the book, from 0 to {n_rows - 1}, got {rows.tolist()!r:.80}.")
    starts[rows[rows < n_rows].astype(int)] = 1
    return np.cumsum(starts).tolist()


def _label_column(frame, name, source):
    if name is None:
        return None
    if name not in frame.columns:
        raise ValueError(
            f"{source} must have the column {name!r} of labels, got {', '.join(map(str, frame.columns))[:200]}."
        )
    return frame[name].to_numpy()


def _levels(values, n_levels):
    if values.shape[1] % 4 or values.shape[1] < 4 * n_levels:
        raise ValueError(
            f"a book of {n_levels} levels must have {4 * n_levels} columns or more, got {values.shape[1]}."
        )
    return values[:, : 4 * n_levels].astype(np.float64)
