"""Checks of order books, and the way from a record to its snapshots."""

import os
from typing import Any

import numpy as np

from seqconv.domains.files import is_there
from seqconv.domains.finance.book_files import from_array, is_pair
from seqconv.domains.finance.book_sessions import check_session, cut_joins, find_book_fault, snapshot_dtype
from seqconv.domains.finance.order_book_csv import find_sessions
from seqconv.domains.records import list_of


def book_list(X: Any) -> list:
    """Return X as a list, whatever its items are; a 3-D array is a list of 2-D ones.

    Raises
    ------
    TypeError
        If X is a single order book or no list.
    ValueError
        If X is empty.
    """
    is_table = hasattr(X, "columns") or getattr(X, "ndim", 3) < 3
    is_list = isinstance(X, np.ndarray) and X.dtype == object
    return list_of("order books", X, is_one=is_table and not is_list)


def check_book_record(record: Any, n_levels: int) -> Any:
    """Return a record with its path as a string; prices and sizes are not checked.

    Raises
    ------
    TypeError
        If the record is of another kind, or has another number of levels.
    ValueError
        If it has no snapshot, or another shape.
    FileNotFoundError
        If its file does not exist.
    """
    if is_pair(record):
        return tuple(check_book_record(path, n_levels) for path in record)
    if isinstance(record, str | os.PathLike):
        path = os.fspath(record)
        if not isinstance(path, str) or not is_there(path):
            raise FileNotFoundError(f"an order book must be a file that exists, got {path!r:.200}.")
        return path
    if not isinstance(record, np.ndarray) and not hasattr(record, "columns"):
        raise TypeError(
            "an order book must be an array (n_snapshots, 4 * n_levels), a data frame, a path or snapshots, "
            f"got {record!r:.60}."
        )
    if len(record) == 0:
        raise ValueError("an order book must hold at least one snapshot, got none; leave it out.")
    is_window = isinstance(record, np.ndarray) and record.dtype.names is not None
    if is_window and (record.dtype != snapshot_dtype(n_levels) or record.ndim != 1):
        raise TypeError(f"snapshots must have {n_levels} levels as the adapter, got {record.dtype}.")
    if isinstance(record, np.ndarray) and not is_window and not _is_table(record, n_levels):
        raise ValueError(
            f"an order book must be (n_snapshots, 4 * n) with n of {n_levels} levels or more, got shape {record.shape}."
        )
    return record


def _is_table(record, n_levels):
    is_book = record.ndim == 2 and record.dtype.kind in "fiu"
    values = from_array(record).values if is_book else record
    return record.ndim == 2 and values.shape[1] % 4 == 0 and values.shape[1] >= 4 * n_levels


def read_window(record: Any, n_levels: int, max_gap_seconds: float | None) -> np.ndarray:
    """Return the snapshots of a checked record, which must be one session; after a jump of the price, those after it.

    Raises
    ------
    ValueError
        If the record holds several sessions, or a snapshot that is not valid.
    TypeError
        If the record holds no numbers.
    """
    if isinstance(record, np.ndarray) and record.dtype.names is not None:
        return record
    unchecked = find_sessions(record, n_levels)
    sessions = [one for found in unchecked for one in check_session(found, max_gap_seconds)]
    if len(sessions) > 1:
        first, second = (f"{session.instrument} on {session.day}" for session in sessions[:2])
        what = f"{first} and {second}" if first != second else f"a gap of more than {max_gap_seconds:g} s in {first}"
        raise ValueError(f"a case must be of one instrument and day, got {what}; use cases.")
    return cut_joins(sessions[0], unchecked[0].place)[-1].snapshots


def find_snapshot_fault(books: np.ndarray) -> tuple[int, str] | None:
    """Return the first case with a snapshot that is not valid, and the message on it, or None.

    Parameters
    ----------
    books : structured array of shape (n_cases, n_snapshots)
    """
    fault = find_book_fault(books)
    if fault is None:
        return None
    (case, step), what = fault
    return case, f"row {books['row'][case, step]} of the book: {what}."
