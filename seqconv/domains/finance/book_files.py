"""Order books in files and arrays: tables with names, LOBSTER's pairs of files, and arrays of FI-2010."""

import io
import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seqconv.domains.files import is_there
from seqconv.domains.finance.order_book_columns import is_key
from seqconv.domains.finance.tables import read_table, read_text

if TYPE_CHECKING:
    import pandas as pd

# Rows of an FI-2010 array: 40 of ten levels, 104 of features made of them, 5 of labels.
_FI_ROWS, _FI_LEVELS, _FI_LABELS = 149, slice(0, 40), slice(144, 149)
_LOBSTER = re.compile(r"(?P<ticker>.+)_(?P<day>\d{4}-\d\d-\d\d)_\d+_\d+_(?P<what>message|orderbook)_\d+\.csv(?:\.gz)?")
# Type of a LOBSTER message at which trade is halted or goes on.
_HALT = 7
_NUMBER = re.compile(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?")


class BookArray(NamedTuple):
    """Numbers of an order book without names.

    Parameters
    ----------
    values : array of shape (n_snapshots, 4 * n_levels)
        Price and size of the best ask, of the best bid, then of the next level.
    labels : array of shape (n_snapshots, 5) or None
        Labels of an FI-2010 array.
    times : array of shape (n_snapshots,) or None
        Seconds since midnight of a LOBSTER message.
    starts : array of int or None
        Rows at which a session begins.
    instrument, day : str or None
    """

    values: np.ndarray
    labels: np.ndarray | None = None
    times: np.ndarray | None = None
    starts: np.ndarray | None = None
    instrument: str | None = None
    day: str | None = None


def from_array(source: Any) -> BookArray:
    """Return the snapshots of an array; one of FI-2010 is turned if it must be, and its labels set apart.

    Raises
    ------
    TypeError
        If it is not a table of numbers.

    Examples
    --------
    >>> rows = np.vstack([np.tile([[11], [1], [10], [1]], (10, 3)), np.zeros((104, 3)), np.full((5, 3), 2)])
    >>> found = from_array(rows)
    >>> found.values.shape, found.labels.shape
    ((3, 40), (3, 5))
    """
    values = np.asarray(source)
    if values.ndim != 2 or values.dtype.kind not in "fiu" or len(values) == 0:
        raise TypeError(
            f"a book must be numbers (n_snapshots, 4 * n_levels), got {values.dtype} of shape {values.shape}."
        )
    for turned in (values.T, values):
        if turned.shape[1] == _FI_ROWS and np.isin(turned[:, _FI_LABELS], (1, 2, 3)).all():
            return BookArray(turned[:, _FI_LEVELS], turned[:, _FI_LABELS].astype(int))
    return BookArray(values)


def is_pair(record: Any) -> bool:
    """Return whether a record is a pair of LOBSTER's files.

    Examples
    --------
    >>> is_pair(("A_2012-06-21_1_2_message_1.csv", "A_2012-06-21_1_2_orderbook_1.csv")), is_pair("book.csv")
    (True, False)
    """
    is_two = isinstance(record, tuple | list) and len(record) == 2
    return is_two and all(isinstance(path, str | os.PathLike) for path in record)


def read_book_file(path: Any) -> BookArray | tuple["pd.DataFrame", Callable[[int], str]]:
    """Read a file, or the pair of a message and an order book file of LOBSTER.

    Parameters
    ----------
    path : path, or pair of paths
        A table with a line of names; or numbers alone, separated by commas in the order of LOBSTER, or by blanks as in
        FI-2010. The messages of a LOBSTER book are found beside it.

    Returns
    -------
    BookArray, or a data frame and a function from a row to the line of the file
        Instruments, days and times of a data frame are text.

    Raises
    ------
    ValueError
        If the file has no snapshot, is not a table, or a pair differs in length.
    """
    pair = [os.fspath(one) for one in path] if is_pair(path) else [os.fspath(path)]
    book = next((one for one in pair if "message" not in os.path.basename(one)), pair[-1])
    text = read_text(book)
    first = text.lstrip("\n").split("\n", 1)[0]
    cells = re.split(r"[,\s]+", first.strip())
    if len(cells) > 3 and all(map(_NUMBER.fullmatch, cells)):
        return _lobster(book, pair, _numbers(book, text, "," if "," in first else None))
    table, names, place, _ = read_table(book, lambda rows: (rows[0] if rows else [], 1), is_key, text)
    return table.set_axis(names, axis=1), place


def _numbers(path, text, mark):
    try:
        return np.loadtxt(io.StringIO(text), delimiter=mark, ndmin=2)
    except ValueError as error:
        raise ValueError(f"{path} must be a table of numbers: {error}.") from error


def _lobster(path, pair, values):
    found = _LOBSTER.fullmatch(os.path.basename(path))
    beside = os.path.join(os.path.dirname(path), os.path.basename(path).replace("orderbook", "message"))
    messages = next((one for one in pair if one != path), beside if found and is_there(beside) else None)
    known = found.groupdict() if found else {}
    if messages is None:
        return from_array(values)._replace(instrument=known.get("ticker"), day=known.get("day"))
    rows = _numbers(messages, read_text(messages), ",")
    if len(rows) != len(values):
        raise ValueError(f"{path} must have one snapshot a message, {len(rows)} in {messages}, got {len(values)}.")
    halts = np.flatnonzero(rows[:, 1] == _HALT)
    return BookArray(values, None, rows[:, 0], np.union1d(halts, halts + 1), known.get("ticker"), known.get("day"))
