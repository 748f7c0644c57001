"""Columns of a table of order book snapshots, in a text file or a pandas frame."""

import itertools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from seqconv.domains.finance.dates import is_clock, read_dates
from seqconv.domains.finance.tables import to_numbers

if TYPE_CHECKING:
    import pandas as pd

FIELDS = ("ask_price", "ask_size", "bid_price", "bid_size")
_KEYS = {
    "instrument": ("instrument", "symbol", "ticker"),
    "day": ("day", "date"),
    "time": ("time", "timestamp", "datetime"),
}
# Side, what and level in any order, and nothing else: ask_price_1_lag1 is not a price of this snapshot.
_PARTS = (
    "(?P<side>ask|bid)s?",
    "(?P<what>price|size|volume|quantity|qty)s?",
    r"(?:l|lvl|level)?[\W_]*(?P<level>[0-9]{1,4})",
)
_PLACES = [re.compile(r"[\W_]*".join(["", *parts, ""])) for parts in itertools.permutations(_PARTS)]
_SECONDS = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?")


def is_key(name: object) -> bool:
    """Return whether a column holds the instrument, the day or the time.

    Examples
    --------
    >>> is_key("Symbol"), is_key("ask_price_1")
    (True, False)
    """
    return any(_lower(name) in known for known in _KEYS.values())


def read_book_frame(
    frame: "pd.DataFrame", n_levels: int, place: Callable[[int], str], source: str = "a book"
) -> tuple[np.ndarray, list[tuple], np.ndarray | None]:
    """Read the numbers of a frame in the order of an array, (instrument, day) of each row, and the times or None.

    Parameters
    ----------
    frame : pandas.DataFrame
    n_levels : int
    place : callable
        Function from a row to its place, for messages.
    source : str
        Name of the table, for messages.

    Raises
    ------
    ValueError
        If a column is missing or comes twice, or a row has no instrument, day or time.
    ValueError
        If a price or size is not a number.
    """
    if len(frame) == 0:
        raise ValueError("a book must hold at least one snapshot, got an empty frame.")
    names = [_lower(name) for name in frame.columns]
    places = _find_places(frame.columns, source)
    first = min((level for _, level in places), default=1)
    wanted = [(name, level) for level in range(first, first + n_levels) for name in FIELDS]
    missing = next((f"{name}_{level}" for name, level in wanted if (name, level) not in places), None)
    if missing:
        got = ", ".join(names)[:200]
        hint = "" if any(name[:1].isalpha() for name in names) else "; give a table without names as an array"
        raise ValueError(f"{source} of {n_levels} levels must have a column {missing}, got {got}{hint}.")
    values = to_numbers({key: frame.iloc[:, places[key]] for key in wanted}, place)
    values = np.stack([values[key] for key in wanted], axis=1)
    return values, *_keys(_key_columns(frame, names, source), len(frame), place, source)


def _lower(name):
    return str(name).strip().lower()


def _find_places(names, source):
    """Return the column of each (field, level)."""
    places = {}
    for i, name in enumerate(map(_lower, names)):
        match = next(filter(None, (pattern.fullmatch(name) for pattern in _PLACES)), None)
        if match:
            key = f"{match['side']}_{'price' if match['what'] == 'price' else 'size'}", int(match["level"])
            if key in places:
                got = f"{str(names[places[key]])!r} and {str(names[i])!r}"
                raise ValueError(f"{source}: one column must be {key[0]}_{key[1]}, got {got}; leave one out.")
            places[key] = i
    return places


def _key_columns(frame, names, source):
    """Return instrument, day and time of columns or of the index, None if they do not exist."""
    import pandas as pd

    found = {}
    levels = [frame.index.get_level_values(i) for i in range(frame.index.nlevels)]
    for what, known in _KEYS.items():
        name = next((name for name in known if name in names), None)
        if names.count(name) > 1:
            raise ValueError(f"{source}: one column must be the {what}, got several named {name!r}; leave one out.")
        column = None if name is None else frame.iloc[:, names.index(name)]
        if column is None:
            column = next((pd.Series(level) for level in levels if str(level.name).strip().lower() in known), None)
        found[what] = column
    if found["time"] is None:
        found["time"] = next((pd.Series(level) for level in levels if level.dtype.kind == "M"), None)
    return found


def _keys(series, n_rows, place, source):
    """Return (instrument, day) of each row, and the times or None."""
    import pandas as pd

    for name in ("day", "instrument"):
        if series[name] is not None and series[name].isna().any():
            row = int(series[name].isna().to_numpy().argmax())
            raise ValueError(f"{place(row)}: each snapshot must have its {name}, got none.")
    times = None if series["time"] is None else _read_times(series["time"], place)
    days = series["day"]
    if days is not None and (days.dtype.kind == "M" or re.search(r"[T ][0-9]{1,2}:?[0-9]{2}", str(days.iloc[0]))):
        instants, days = _read_times(days, place), None
        times = instants if times is None and (instants != instants.astype("M8[D]")).any() else times
    else:
        instants = times
    if days is None:
        if instants is None or instants.dtype.kind != "M":
            raise ValueError(
                f"{source} must have the day of each snapshot: give a column day, or a column time of dates."
            )
        if np.isnat(instants).any():
            raise ValueError(f"{place(int(np.isnat(instants).argmax()))}: each snapshot must have a time, got none.")
        # Days are those of the exchange, times instants.
        zone = next(
            (getattr(series[name].dtype, "tz", None) for name in ("day", "time") if series[name] is not None), None
        )
        clock = pd.DatetimeIndex(instants).tz_localize("UTC").tz_convert(zone or "UTC").tz_localize(None)
        days = np.datetime_as_string(clock.to_numpy("datetime64[ns]"), "D")
    instruments = [None] * n_rows if series["instrument"] is None else series["instrument"].tolist()
    return list(zip(instruments, days.tolist(), strict=True)), times


def _read_times(column, place):
    """Return times as datetime64, as timedelta64 since midnight, or as seconds; NaT or NaN if
    missing.
    """
    import pandas as pd

    kind = column.dtype.kind
    if kind == "M":
        return column.to_numpy("datetime64[ns]")
    if kind in "iuf":
        return _from_numbers(column.to_numpy(np.float64, na_value=np.nan), place)
    if kind == "m":
        return column.to_numpy("timedelta64[ns]")
    is_missing = column.isna().to_numpy()
    texts = [str(value).strip() for value in column]
    if not is_missing.all() and all(map(_SECONDS.fullmatch, itertools.compress(texts, ~is_missing))):
        numbers = [np.nan if is_nan else float(text) for text, is_nan in zip(texts, is_missing, strict=True)]
        return _from_numbers(np.array(numbers), place)
    if is_missing.any():
        raise ValueError(f"{place(int(is_missing.argmax()))}: each snapshot must have a time, got none.")
    if not all(_CLOCK.fullmatch(text) for text in texts):
        return read_dates(texts, place)[0]
    return pd.to_timedelta([text if text.count(":") == 2 else f"{text}:00" for text in texts]).to_numpy(
        "timedelta64[ns]"
    )


def _from_numbers(numbers, place):
    """Return times that are numbers as seconds, or as timedelta64 if they are those of the clock: 93000 is 09:30:00."""
    known = numbers[~np.isnan(numbers)]
    is_whole = len(known) and np.isfinite(known).all() and not (known % 1).any()
    # More than the seconds of a day.
    if len(known) and is_clock(known, 6).all() and known.max() >= 86400:
        seconds = numbers // 10_000 * 3600 + numbers // 100 % 100 * 60 + numbers % 100
        return (seconds * 1e9).round().astype("timedelta64[ns]")
    is_milliseconds = is_whole and is_clock(known, 9).all() and known.min() >= 10_000_000
    if is_whole and (is_milliseconds or (known.max() >= 100 and is_clock(known, 6).all())):
        raise ValueError(
            f"{place(int(np.flatnonzero(~np.isnan(numbers))[0]))}: times that are numbers must not be either seconds or "
            f"HHMMSS, got {known[0]:.12g}; write them such as 09:30:00, or in a frame as timedelta."
        )
    return numbers
