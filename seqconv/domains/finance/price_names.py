"""Usual names of the columns of price bars, with a ticker before or after them or without."""

import ast
import re
import warnings
from collections.abc import Iterable, Sequence
from typing import Any

# Names of each column, without letter case and marks; the first name that a table has counts.
_NAMES = {
    "date": "date|datetime|timestamp|day|open time|gmt time|local time|unix|index|window start|datum",
    "time": "time",
    "ticker": "ticker|symbol|tic|name",
    # In kdd17 "Open" is divided by splits, unlike high, low and close.
    "open": "original open|open price|open|eröffnung|eröffn|erster",
    "high": "high price|high|hoch",
    "low": "low price|low|tief",
    "close": "close last|close price|close|last|price|schlusskurs|schluss|zuletzt",
    "adjusted": "adj close last|adj close|adjusted close|close adjusted|close adj|adjusted price|adj price|adj last"
    "|adjusted|adj",
    # A file with both volumes divides only this one by splits.
    "adjusted_volume": "adjusted volume|adj volume",
    "volume": "volume|tick vol|vol|volumen",
}
MEANINGS = {name.replace(" ", ""): what for what, names in _NAMES.items() for name in names.split("|")}
PRICES = ("open", "high", "low", "close")
KEYS = ("date", "time", "ticker")
_RANK = {name: i for i, name in enumerate(MEANINGS)}
_WORDS = "|".join(names.replace(" ", r"[\W_]*") for what, names in _NAMES.items() if what not in KEYS)
# AAPL.Open and Open_AAPL.
_WITH_TICKER = [
    re.compile(rf"(?P<ticker>.+?)[\W_]+(?P<word>{_WORDS})[\W_]*", re.IGNORECASE),
    re.compile(rf"(?P<word>{_WORDS})[\W_]+(?P<ticker>.+)", re.IGNORECASE),
]
# Adj. Open is not the open of a ticker.
_ADJUSTED = re.compile(r"(?:.*[\W_])?(?:adj(?:usted)?|original)[\W_]*", re.IGNORECASE)
# "('Close', 'AAPL')", as a tuple is written into a file.
_TUPLE = re.compile(r"\((?:'[^']*'|\"[^\"]*\")(?:, (?:'[^']*'|\"[^\"]*\"))+\)")


def name_parts(name: Any) -> tuple:
    """Return the parts of a name: those of a tuple or of its text, or the name alone.

    Examples
    --------
    >>> name_parts(("Close", "AAPL")), name_parts("('Close', 'AAPL')"), name_parts("Close")
    (('Close', 'AAPL'), ('Close', 'AAPL'), ('Close',))
    """
    if isinstance(name, str) and _TUPLE.fullmatch(name):
        name = ast.literal_eval(name)
    return tuple(part for part in name if str(part).strip()) if isinstance(name, tuple) else (name,)


def meaning_of(name: object) -> str | None:
    """Return the meaning of a name without a ticker, or None.

    Examples
    --------
    >>> meaning_of("<TICKVOL>"), meaning_of("Adj. Close*"), meaning_of("sma_20")
    ('volume', 'adjusted', None)
    """
    return MEANINGS.get(_plain(name))


def columns_by_ticker(names: Sequence[tuple], source: object) -> dict[str, dict[Any, int]]:
    """Find the place of each column by ticker and meaning.

    Parameters
    ----------
    names : list of tuple
        Results of `name_parts` of all columns.
    source : object
        Name of the table, for messages.

    Returns
    -------
    dict of str to dict
        Places by meaning, or by own name for other columns; the ticker is empty where the names have none.

    Raises
    ------
    ValueError
        If a needed column is missing, or two columns have one meaning.

    Warns
    -----
    UserWarning
        If a column looks like an adjusted close but has no known name.
    """
    shared, found = {}, {}
    for i, parts in enumerate(names):
        what, word, ticker = _meaning(parts)
        columns = found.setdefault(ticker, {}) if ticker and what not in KEYS else shared
        columns.setdefault(what, []).append((_RANK.get(word, 0), word, i))
    # Next to plain prices, names with a word before them are not bars of a ticker.
    found = {"": {}} if {*PRICES} <= {*shared} else found
    found = {ticker: shared | columns for ticker, columns in found.items() if {*PRICES} <= {*shared, *columns}}
    if not found or not {"date", "time"} & {*shared}:
        got = ", ".join(" ".join(map(str, parts)) for parts in names)[:200]
        raise ValueError(
            f"{source} must begin with a line of names, date, open, high, low, close among them, got {got!r}; read a file "
            "without names by its path or with header=None."
        )
    for ticker in found:
        found[ticker] = _chosen(found[ticker], names, source)
    return found


def _plain(name):
    # "1. open", as Alpha Vantage writes.
    return re.sub(r"^[0-9]+\.\s+|[\W_]+", "", str(name).strip()).lower()


def _meaning(parts: Iterable) -> tuple[Any, str, str]:
    """Return the meaning of a column or its own name, the word for it, and the ticker."""
    for i, part in enumerate(parts):
        if (word := _plain(part)) in MEANINGS:
            return MEANINGS[word], word, " ".join(map(str, parts[:i] + parts[i + 1 :]))
    name = " ".join(map(str, parts))
    for pattern in _WITH_TICKER:
        found = pattern.fullmatch(name.strip())
        if found and not _ADJUSTED.fullmatch(found["ticker"]):
            word = _plain(found["word"])
            return MEANINGS[word], word, found["ticker"]
    return name, "", ""


def _chosen(columns, names, source):
    """Return one place for each meaning: that of the name that comes first in the list of names."""
    chosen = {}
    for what, places in columns.items():
        (_, word, i), *others = sorted(places)
        if word and others and others[0][1] == word:
            raise ValueError(
                f"{source}: one column must be the {what}, got several named {word!r}; give one ticker at a time."
            )
        chosen[what] = i
    if "date" not in chosen:
        chosen["date"] = chosen.pop("time")
    texts = [" ".join(map(str, parts)) for parts in names]
    volume = next((i for i, text in enumerate(texts) if _plain(text).startswith("volume")), None)
    if "volume" not in chosen and volume is not None and {*PRICES} <= {*map(meaning_of, texts)}:
        # Such as "Volume BTC" beside plain names.
        chosen["volume"] = volume
    known = [chosen[what] for what in {*chosen} & {*_NAMES}]
    own = [i for i, parts in enumerate(names) if i not in known and _meaning(parts)[0] not in (*PRICES, "volume")]
    unused = [texts[i] for i in own if "adj" in _plain(texts[i])]
    if unused and "adjusted" not in chosen:
        warnings.warn(
            f"{source}: no column is known as the adjusted close, {', '.join(unused)[:200]!r} is ignored; name it Adj Close "
            "if it is one.",
            stacklevel=8,
        )
    return chosen
