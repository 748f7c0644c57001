"""Checks of price records, and the way from a record to its bars."""

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from seqconv.domains.finance.price_channels import needs_volume
from seqconv.domains.finance.prices_csv import PRICE_BAR, find_fault, read_prices
from seqconv.domains.records import check_each, list_of

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter


def check_price_records(X: Any) -> list:
    """Return the records as a list, checked without opening a file; see `Adapter.check`."""
    is_one = hasattr(X, "columns") or (isinstance(X, np.ndarray) and X.dtype.names is not None)
    return check_each(list_of("price records", X, is_one=is_one), check_price_record)


def check_price_record(record: Any) -> Any:
    """Return a record with its path as a string, checked without opening a file.

    Raises
    ------
    TypeError
        If the record is of another kind.
    ValueError
        If it has no bar, or its path is an address.
    OSError
        If its file does not exist or is a folder.
    """
    if isinstance(record, str | os.PathLike):
        path = os.fspath(record)
        if not isinstance(path, str) or "://" in path:
            raise ValueError(f"prices must be a local file, got {path!r:.80}; download it first.")
        if os.path.isdir(path):
            raise IsADirectoryError(f"prices must be a file, got the folder {path}; give the files in it.")
        if not os.path.isfile(path):
            raise FileNotFoundError(f"prices must be a file that exists, got {path}.")
        return path
    is_bars = isinstance(record, np.ndarray) and record.dtype == PRICE_BAR and record.ndim == 1
    if not is_bars and not hasattr(record, "columns"):
        what = f"an array of {record.dtype}" if isinstance(record, np.ndarray) else f"{record!r:.60}"
        raise TypeError(f"prices must be a path, a data frame or the bars of read_prices, got {what}.")
    if len(record) == 0:
        raise ValueError("prices must hold at least one bar, got none; leave it out.")
    return record


def read_bars(record: Any, adapter: "Adapter") -> np.ndarray:
    """Return the bars of a checked record.

    Raises
    ------
    ValueError
        If the bars are not valid, or have no volume though a channel needs it.
    """
    if isinstance(record, np.ndarray):
        return record
    bars = read_prices(record, adapter.date_order)
    check_volume(bars, adapter)
    return bars


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
