"""What a PriceAdapter takes for the bars of a ticker, and the one way from there to an array of bars."""

import os

import numpy as np

from seqconv.domains.finance.price_channels import needs_volume
from seqconv.domains.finance.prices_csv import PRICE_BAR, find_fault, read_prices


def check_price_records(X):
    """The records as a list, checked as far as no file has to be opened; errors name the case."""
    is_bars = isinstance(X, np.ndarray) and X.dtype.names is not None
    if isinstance(X, str | bytes | os.PathLike | dict | set) or is_bars or hasattr(X, "columns"):
        raise TypeError(f"X must be a list of price records, got one {type(X).__name__}; put it into a list.")
    if not (hasattr(X, "__len__") and hasattr(X, "__iter__")):
        raise TypeError(f"X must be a list of price records, got a {type(X).__name__}.")
    if len(X) == 0:
        raise ValueError("at least one price record is required, got none.")
    return [check_price_record(record, f"case {case}") for case, record in enumerate(X)]


def check_price_record(record, name):
    """The record with its path as a string, or an error that calls it `name`."""
    if isinstance(record, str | os.PathLike):
        path = os.fspath(record)
        if not isinstance(path, str) or "://" in path:
            raise ValueError(f"prices must be a local file, {name} is {path!r:.80}; download it first.")
        if os.path.isdir(path):
            raise IsADirectoryError(f"prices must be a file, {name} is a folder: {path}; give the files in it.")
        if not os.path.isfile(path):
            raise FileNotFoundError(f"prices must be a file, {name} is not there: {path}.")
        return path
    is_bars = isinstance(record, np.ndarray) and record.dtype == PRICE_BAR and record.ndim == 1
    if not is_bars and not hasattr(record, "columns"):
        what = f"an array of {record.dtype}" if isinstance(record, np.ndarray) else f"{record!r:.60}"
        raise TypeError(f"prices must be a path, a data frame or the bars of read_prices, {name} is {what}.")
    if len(record) == 0:
        raise ValueError(f"prices must hold at least one bar, {name} has none; leave it out.")
    return record


def read_bars(record, name, adapter):
    """Bars of a checked record; what is wrong with them is told with `name`."""
    if isinstance(record, np.ndarray):
        return record
    try:
        bars = read_prices(record, adapter.date_order)
        check_volume(bars, adapter)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from error
    return bars


def check_volume(bars, adapter):
    """Refuse bars of a ticker without any volume where a channel is made of it."""
    if needs_volume(adapter.channels) and not (bars["volume"] > 0).any():
        raise ValueError(
            "a channel is made of volume, and no bar has one above 0; leave relative_volume out of channels."
        )


def check_bars(bars, names):
    """Refuse bars that cannot be, (n_cases, n_bars); `names` are what the message calls the cases."""
    fault = find_fault(bars)
    if fault is not None:
        (case, bar), what = fault
        raise ValueError(f"{names[case]}, bar {bar} ({bars['date'][case, bar].astype('M8[s]')}): {what}.")
