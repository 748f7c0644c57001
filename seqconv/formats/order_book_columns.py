"""The columns of a table of order book snapshots, found by their usual names, in a text file or a pandas frame."""

import io
import re

import numpy as np

from seqconv.formats.dates import parse_dates
from seqconv.formats.lines import read_lines

FIELDS = ("ask_price", "ask_size", "bid_price", "bid_size")
_KEYS = {
    "instrument": ("instrument", "symbol", "ticker"),
    "day": ("day", "date"),
    "time": ("time", "timestamp", "datetime"),
}
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?")


def read_book_file(path):
    """The table of a CSV file, and what tells the line of a row."""
    import pandas as pd

    found = list(read_lines(path))
    if len(found) < 2:
        raise ValueError(f"{path} must hold a line of names and at least one snapshot, it holds {len(found)} line(s).")
    lines, texts = zip(*found, strict=True)
    mark = max(",;\t", key=texts[0].count)
    for line, text in zip(lines, texts, strict=True):
        if '"' not in text and text.count(mark) != texts[0].count(mark):
            n_cells = texts[0].count(mark) + 1
            raise ValueError(
                f"{path}, line {line}: each line must have {n_cells} cells as the first, got {text.count(mark) + 1}."
            )
    try:
        table = pd.read_csv(io.StringIO("\n".join(texts)), sep=mark, index_col=False)
    except ValueError as error:
        raise ValueError(f"{path} must be a table of comma-separated values: {error}.") from error
    return table, lambda row: f"{path}, line {lines[row + 1]}"


def read_book_frame(frame, n_levels, place, source="a book"):
    """Numbers in the order of an array, (instrument, day) of each row, and the times (or None)."""
    if len(frame) == 0:
        raise ValueError("a book must hold at least one snapshot, the frame holds none.")
    names = [str(name).strip().lower() for name in frame.columns]
    places = {}
    for i, name in enumerate(names):
        parts = [re.search(pattern, name) for pattern in ("ask|bid", "price|size|volume|quantity|qty", "[0-9]+")]
        if all(parts):
            side, what, level = (part[0] for part in parts)
            places[f"{side}_{'price' if what == 'price' else 'size'}", int(level)] = i
    first = min((level for _, level in places), default=1)
    wanted = [(name, level) for level in range(first, first + n_levels) for name in FIELDS]
    missing = next((f"{name}_{level}" for name, level in wanted if (name, level) not in places), None)
    if missing:
        got = ", ".join(names)[:200]
        raise ValueError(f"{source} of {n_levels} levels must have a column {missing}, got {got}.")
    values = _book_numbers(frame.iloc[:, [places[key] for key in wanted]], place)
    return values, *_keys(_key_columns(frame, names), len(frame), place, source)


def _book_numbers(table, place):
    import pandas as pd

    try:
        return table.to_numpy(np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        is_number = table.apply(pd.to_numeric, errors="coerce").notna() | table.isna()
        row = int((~is_number).any(axis=1).to_numpy().argmax())
        raise TypeError(f"{place(row)}: prices and sizes of a book must be numbers: {error}.") from error


def _key_columns(frame, names):
    """Instrument, day and time as they are, of columns or of the index; None where there are none."""
    import pandas as pd

    found = {}
    levels = [frame.index.get_level_values(i) for i in range(frame.index.nlevels)]
    for what, known in _KEYS.items():
        column = next((frame.iloc[:, names.index(name)] for name in known if name in names), None)
        if column is None:
            column = next((pd.Series(level) for level in levels if str(level.name).strip().lower() in known), None)
        found[what] = column
    if found["time"] is None:
        found["time"] = next((pd.Series(level) for level in levels if level.dtype.kind == "M"), None)
    return found


def _keys(series, n_rows, place, source):
    """(instrument, day) of each row, and the times (or None)."""
    for name in ("day", "instrument"):
        if series[name] is not None and series[name].isna().any():
            row = int(series[name].isna().to_numpy().argmax())
            raise ValueError(f"{place(row)}: each snapshot must have its {name}, it has none.")
    times = None if series["time"] is None else _read_times(series["time"], place)
    days = series["day"]
    if days is not None and (days.dtype.kind == "M" or re.search(r"[T ][0-9]{1,2}:?[0-9]{2}", str(days.iloc[0]))):
        instants, days = _read_times(days, place), None
        times = instants if times is None and (instants != instants.astype("M8[D]")).any() else times
    else:
        instants = times
    if days is None:
        if instants is None or instants.dtype.kind != "M":
            raise ValueError(f"{source} must tell the day of each snapshot: a column day, or a column time of dates.")
        if np.isnat(instants).any():
            raise ValueError(
                f"{place(int(np.isnat(instants).argmax()))}: each snapshot must have its time, it has none."
            )
        days = np.datetime_as_string(instants, "D")
    instruments = [None] * n_rows if series["instrument"] is None else series["instrument"].tolist()
    return list(zip(instruments, days.tolist(), strict=True)), times


def _read_times(column, place):
    """Times as datetime64 of the exchange's clock, as timedelta64 since midnight, or as seconds; NaT or NaN where missing."""
    import pandas as pd

    kind = column.dtype.kind
    if kind == "M":
        return pd.DatetimeIndex(column).tz_localize(None).to_numpy("datetime64[ns]")
    if kind in "iuf":
        return column.to_numpy(np.float64, na_value=np.nan)
    if kind == "m":
        return column.to_numpy("timedelta64[ns]")
    is_missing = column.isna().to_numpy()
    if is_missing.any():
        raise ValueError(f"{place(int(is_missing.argmax()))}: each snapshot must have its time, it has none.")
    texts = [str(value).strip() for value in column]
    if not all(_CLOCK.fullmatch(text) for text in texts):
        return parse_dates(texts, place)
    return pd.to_timedelta([text if text.count(":") == 2 else f"{text}:00" for text in texts]).to_numpy(
        "timedelta64[ns]"
    )
