"""Columns of a table of price bars, found by their usual names."""

import re
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("date", "open", "high", "low", "close")
# Names of each column in files, without letter case, spaces and marks; the first name that a file has counts.
_NAMES = {
    "date": ("date", "datetime", "timestamp", "day", "opentime", "unix", "index"),
    "time": ("time",),
    # In kdd17 "Open" is divided by splits, unlike high, low and close.
    "open": ("originalopen", "open"),
    "high": ("high",),
    "low": ("low",),
    "close": ("close", "closelast", "last", "price"),
    "adjusted": (
        *("adjclose", "adjustedclose", "closeadj", "closeadjusted", "adjusted", "adj"),
        *("adjprice", "adjustedprice", "adjlast", "adjcloselast"),
    ),
    # A file with both volumes divides only this one by splits.
    "adjusted_volume": ("adjvolume", "adjustedvolume"),
    "volume": ("volume", "tickvol", "vol"),
    "ticker": ("ticker", "symbol", "tic"),
}
_ADJUSTED = re.compile(r"(?:.*[\W_])?adj(?:usted)?[\W_]+", re.IGNORECASE)


def _plain(name):
    return re.sub(r"[\W_]+", "", str(name)).lower()


def _without_ticker(names, source):
    """Return the names without the ticker that comes before all prices, as in ``AAPL.Open``."""
    names = [str(name) for name in names]
    plain = {_plain(name) for name in names}
    if all(plain & {*_NAMES[what]} for what in NEEDED[1:]):
        # Next to plain prices, names with a word before them, such as Adj. Open, are not bars of a ticker.
        return names
    tickers = _tickers([name.lower() for name in names])
    if len(tickers) > 1:
        several = " and ".join(repr(names[i][:length]) for i, length in tickers[:2])
        raise ValueError(f"{source}: one ticker must have bars, got columns of {several}; give one ticker at a time.")
    if not tickers:
        return names
    ((i, length),) = tickers
    before = names[i][:length].lower()
    return [name[length:] if name.lower().startswith(before) else name for name in names]


def _tickers(names):
    """Return the common starts of open, high, low and close, each as number of a name and length; never ``adj.``."""
    found = {}
    for i, name in enumerate(names):
        before = name.removesuffix("open")
        is_ticker = before != name and re.fullmatch(r".*[\W_]", before) and not _ADJUSTED.fullmatch(before)
        if is_ticker and {f"{before}{what}" for what in ("high", "low", "close")} <= {*names}:
            found.setdefault(before, i)
    return [(i, len(before)) for before, i in found.items()]


def frame_names(frame: "pd.DataFrame") -> list:
    """Return the names of the columns; of several levels, as in yfinance, the one that names prices."""
    columns = frame.columns
    return _level_of_prices([columns.get_level_values(i).tolist() for i in range(columns.nlevels)])


def file_names(rows: list[list[str]]) -> tuple[list[str], int]:
    """Return the names of the columns, and the number of first rows that they take.

    One row; or, as yfinance writes them, three: two levels of names, and the name of the dates alone.
    """
    if len(rows) == 3 and _plain(rows[2][0]) in _NAMES["date"] and not "".join(rows[2][1:]).strip():
        return [rows[2][0], *_level_of_prices([row[1:] for row in rows[:2]])], 3
    return next(iter(rows), []), 1


def _level_of_prices(levels):
    return next((level for level in levels if {"open", "close"} <= set(map(_plain, level))), levels[0])


def index_is_dates(index: "pd.Index", names: Sequence) -> bool:
    """Return whether the index holds the dates: by its type, by its name, or because no column does."""
    if index.dtype.kind == "M" or hasattr(index, "to_timestamp") or _plain(index.name) in _NAMES["date"][:-1]:
        return True
    has_column = {_plain(name) for name in names} & {*_NAMES["date"], *_NAMES["time"]}
    return not has_column and index.dtype.kind not in "iufb"


def find_columns(names: Sequence, source: object, needed: Sequence[str] = NEEDED) -> dict[str, int]:
    """Find the position of each known column by its meaning.

    Parameters
    ----------
    names : list of str
        Names of all columns.
    source : object
        Name of the table, for messages.
    needed : sequence of str
        Meanings that must be found.

    Raises
    ------
    ValueError
        If a needed column is missing, or two columns have one meaning.

    Warns
    -----
    UserWarning
        If a column looks like an adjusted close but has no known name.
    """
    plain = [_plain(name) for name in _without_ticker(names, source)]
    found = {}
    for what, known in _NAMES.items():
        name = next((name for name in known if name in plain), None)
        if name is not None and plain.count(name) > 1:
            raise ValueError(
                f"{source}: one column must be the {what}, got several named {name!r}; give one ticker at a time."
            )
        if name is not None:
            found[what] = plain.index(name)
    if "time" in found and "date" not in found:
        found["date"] = found.pop("time")
    if not set(needed) <= set(found):
        got = ", ".join(map(str, names))
        raise ValueError(
            f"{source} must begin with a line of names, {', '.join(needed)} among them, got {got[:200]!r}."
        )
    unused = [str(name) for i, name in enumerate(names) if "adj" in plain[i] and i not in found.values()]
    if unused and "adjusted" not in found:
        warnings.warn(
            f"{source}: no column is known as the adjusted close, {', '.join(unused)[:200]!r} is ignored; name it Adj Close "
            "if it is one.",
            stacklevel=4,
        )
    return found
