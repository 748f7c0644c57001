"""Which column of a table of price bars is which, told by the usual names."""

import re
import warnings

NEEDED = ("date", "open", "high", "low", "close")
# What files call a column, letter case, spaces and marks aside; the first name that a file has counts.
_NAMES = {
    "date": ("date", "datetime", "timestamp", "day", "opentime", "unix", "index"),
    "time": ("time",),
    "open": ("originalopen", "open"),  # kdd17: "Open" is divided by splits, high, low and close are not
    "high": ("high",),
    "low": ("low",),
    "close": ("close", "closelast", "last", "price"),
    "adjusted": (
        *("adjclose", "adjustedclose", "closeadj", "closeadjusted", "adjusted", "adj"),
        *("adjprice", "adjustedprice", "adjlast", "adjcloselast"),
    ),
    "adjusted_volume": ("adjvolume", "adjustedvolume"),  # a file that has both divides this one alone by splits
    "volume": ("volume", "tickvol", "vol"),
    "ticker": ("ticker", "symbol", "tic"),
}
_ADJUSTED = re.compile(r"(?:.*[\W_])?adj(?:usted)?[\W_]+", re.IGNORECASE)


def _plain(name):
    return re.sub(r"[\W_]+", "", str(name)).lower()


def _without_ticker(names, source):
    """The names without the ticker that stands before all prices, as in ``AAPL.Open``."""
    names = [str(name) for name in names]
    plain = {_plain(name) for name in names}
    if all(plain & {*_NAMES[what]} for what in NEEDED[1:]):
        return names  # beside plain prices, others with a word before them, such as Adj. Open, are no bars of a ticker
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
    """What stands before open, high, low and close alike: number of the name and length, once each, never ``adj.``."""
    found = {}
    for i, name in enumerate(names):
        before = name.removesuffix("open")
        is_ticker = before != name and re.fullmatch(r".*[\W_]", before) and not _ADJUSTED.fullmatch(before)
        if is_ticker and {f"{before}{what}" for what in ("high", "low", "close")} <= {*names}:
            found.setdefault(before, i)
    return [(i, len(before)) for before, i in found.items()]


def frame_names(frame):
    """Names of the columns; of several levels, as yfinance has them, the one that names prices."""
    columns = frame.columns
    return _level_of_prices([columns.get_level_values(i).tolist() for i in range(columns.nlevels)])


def file_names(rows):
    """Names of the columns, and how many of the first rows of cells they take.

    One; or, as yfinance has them written, three: two levels of names, and the name of the dates by itself.
    """
    if len(rows) == 3 and _plain(rows[2][0]) in _NAMES["date"] and not "".join(rows[2][1:]).strip():
        return [rows[2][0], *_level_of_prices([row[1:] for row in rows[:2]])], 3
    return next(iter(rows), []), 1


def _level_of_prices(levels):
    return next((level for level in levels if {"open", "close"} <= set(map(_plain, level))), levels[0])


def index_is_dates(index, names):
    """Whether the index holds the dates: by its type, by its name, or since no column does."""
    if index.dtype.kind == "M" or hasattr(index, "to_timestamp") or _plain(index.name) in _NAMES["date"][:-1]:
        return True
    has_column = {_plain(name) for name in names} & {*_NAMES["date"], *_NAMES["time"]}
    return not has_column and index.dtype.kind not in "iufb"


def find_columns(names, source, needed=NEEDED):
    """Position of each column that counts, by what it is; `names` are those of the source."""
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
            f"{source}: no column is known as the adjusted close, {', '.join(unused)[:200]!r} is passed over; name it Adj "
            "Close if it is.",
            stacklevel=4,
        )
    return found
