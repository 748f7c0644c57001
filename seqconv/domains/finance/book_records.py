"""What an OrderBookAdapter takes for a book, and the one way from there to snapshots."""

import os

import numpy as np

from seqconv.domains.finance.order_book_csv import check_session, find_book_fault, find_sessions, snapshot_dtype


def check_book_list(X):
    """X as a list of anything."""
    is_one = isinstance(X, str | bytes | dict | set) or hasattr(X, "columns") or getattr(X, "ndim", 3) < 3
    is_list = isinstance(X, np.ndarray) and X.dtype == object
    if (is_one and not is_list) or not (hasattr(X, "__len__") and hasattr(X, "__iter__")):
        raise TypeError(f"X must be a list of order books, got one {type(X).__name__}; put it into a list.")
    if len(X) == 0:
        raise ValueError("at least one order book is required, got none.")
    return list(X)


def check_book_record(record, name, n_levels):
    """The record with its path as a string, or an error that calls it `name`; prices and sizes are not looked at."""
    if isinstance(record, str | os.PathLike):
        path = os.fspath(record)
        if not isinstance(path, str) or not os.path.isfile(path):
            raise FileNotFoundError(f"an order book must be a file, {name} is none or not there: {path!r:.200}.")
        return path
    if not isinstance(record, np.ndarray) and not hasattr(record, "columns"):
        raise TypeError(
            f"an order book must be an array (n_snapshots, 4 * n_levels), a data frame, a path or snapshots, {name} is "
            f"{record!r:.60}."
        )
    if len(record) == 0:
        raise ValueError(f"an order book must hold at least one snapshot, {name} has none; leave it out.")
    is_window = isinstance(record, np.ndarray) and record.dtype.names is not None
    if is_window and (record.dtype != snapshot_dtype(n_levels) or record.ndim != 1):
        raise TypeError(f"snapshots must have {n_levels} levels as the adapter, those of {name} are {record.dtype}.")
    if isinstance(record, np.ndarray) and not is_window and not _is_table(record, n_levels):
        raise ValueError(
            f"an order book must be (n_snapshots, 4 * n) with n of {n_levels} levels or more, {name} has shape "
            f"{record.shape}."
        )
    return record


def _is_table(record, n_levels):
    return record.ndim == 2 and record.shape[1] % 4 == 0 and record.shape[1] >= 4 * n_levels


def read_window(record, name, n_levels, max_gap_seconds):
    """Snapshots of a checked record that is one session, or an error that calls it `name`."""
    if isinstance(record, np.ndarray) and record.dtype.names is not None:
        return record
    try:
        sessions = [one for found in find_sessions(record, n_levels) for one in check_session(found, max_gap_seconds)]
    except (ValueError, TypeError) as error:
        kind = ValueError if isinstance(error, ValueError) else TypeError
        raise kind(f"{name}, {error}") from error
    if len(sessions) > 1:
        first, second = (f"{session.instrument} on {session.day}" for session in sessions[:2])
        what = f"{first} and {second}" if first != second else f"a gap of more than {max_gap_seconds:g} s in {first}"
        raise ValueError(f"a case must lie within one instrument and day, {name} holds {what}; use cases.")
    return sessions[0].snapshots


def check_snapshots(books, names):
    """Refuse snapshots that cannot be, (n_cases, n_snapshots); `names` are what the message calls the cases."""
    fault = find_book_fault(books)
    if fault is not None:
        (case, step), what = fault
        raise ValueError(f"{names[case]}, row {books['row'][case, step]} of the book: {what}.")
