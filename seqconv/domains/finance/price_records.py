"""Checks of price records, and the way from a record to its bars."""

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from seqconv.domains.files import is_there
from seqconv.domains.finance.own_channels import add_own_channels, column_names
from seqconv.domains.finance.price_channels import needs_volume
from seqconv.domains.finance.price_checks import find_fault
from seqconv.domains.finance.prices_csv import PRICE_BAR, bar_dtype, read_instants
from seqconv.domains.records import check_each, list_of

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter


def check_price_records(X: Any) -> list:
    """Return the records as a list, checked without opening a file; see `Adapter.check`."""
    is_one = hasattr(X, "columns") or (isinstance(X, np.ndarray) and X.dtype.names is not None)
    return check_each(list_of("price records", X, is_one=is_one), check_price_record)


def check_price_record(record: Any) -> Any:
    """Return a record with its paths as strings, checked without opening a file.

    Raises
    ------
    TypeError
        If the record is of another kind.
    ValueError
        If it has no bar, or its path is an address.
    OSError
        If its file does not exist or is a folder.
    """
    if isinstance(record, list | tuple):
        # Parts of one ticker, such as a file a month.
        return [check_price_record(part) for part in record]
    if isinstance(record, str | os.PathLike):
        path = os.fspath(record)
        if not isinstance(path, str) or "://" in path:
            raise ValueError(f"prices must be a local file, got {path!r:.80}; download it first.")
        if os.path.isdir(path):
            raise IsADirectoryError(f"prices must be a file, got the folder {path}; give the files in it.")
        if not is_there(path):
            raise FileNotFoundError(f"prices must be a file that exists, got {path}.")
        return path
    if not are_bars(record) and not hasattr(record, "columns"):
        what = f"an array of {record.dtype}" if isinstance(record, np.ndarray) else f"{record!r:.60}"
        raise TypeError(f"prices must be a path, a data frame or the bars of read_prices, got {what}.")
    if len(record) == 0:
        raise ValueError("prices must hold at least one bar, got none; leave it out.")
    return record


def are_bars(record: Any) -> bool:
    """Return whether a record holds bars as `read_prices` returns them, perhaps with further fields."""
    names = (getattr(record, "dtype", None) or np.dtype(float)).names or ()
    n_known = len(PRICE_BAR.names)
    is_known = names[:n_known] == PRICE_BAR.names and record.dtype == bar_dtype(names[n_known:])
    return isinstance(record, np.ndarray) and record.ndim == 1 and is_known


def read_bars(record: Any, adapter: "Adapter") -> tuple[np.ndarray, bool]:
    """Return the bars of a checked record with the user's own channels as fields, and whether dates are in UTC.

    Raises
    ------
    ValueError
        If the bars are not valid, or have no volume though a channel needs it.
    ValueError
        If the record lacks a column that is a channel, or a function that is a channel looks ahead.
    """
    extra = column_names(adapter.channels)
    if isinstance(record, np.ndarray):
        missing = next((name for name in extra if name not in record.dtype.names), None)
        if missing is not None:
            raise ValueError(f"bars must have the field {missing!r}; read them with extra_columns=[{missing!r}].")
        return add_own_channels(record, adapter.channels), False
    bars, is_utc = read_instants(record, adapter.date_order, extra)
    check_volume(bars, adapter)
    return add_own_channels(bars, adapter.channels), is_utc


def check_volume(bars: np.ndarray, adapter: "Adapter") -> None:
    """Raise if a channel needs volume and no bar of a ticker has any."""
    if needs_volume(adapter.channels) and not (bars["volume"] > 0).any():
        raise ValueError("a channel needs volume, and no bar has one above 0; leave relative_volume out of channels.")


def find_bar_fault(bars: np.ndarray) -> tuple[int, str] | None:
    """Return the first case with a bar that is not valid, and the message on it, or None.

    Parameters
    ----------
    bars : array of PRICE_BAR, shape (n_cases, n_bars)
    """
    fault = find_fault(bars)
    if fault is None:
        return None
    (case, bar), what = fault
    return case, f"bar {bar} ({bars['date'][case, bar].astype('M8[s]')}): {what}."
