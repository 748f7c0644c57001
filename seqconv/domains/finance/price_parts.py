"""Files of the years, months or days of one ticker, told by their names and dates."""

import itertools
import pathlib
import re
import warnings
from typing import Any

from seqconv.data.case_errors import RECORD_ERRORS
from seqconv.domains.finance.prices_csv import read_instants

# The month or day of a file such as BTCUSDT-1h-2024-12.zip.
_PART = re.compile(r"[-_ ](?:19|20)[0-9]{2}[-_]?(?:0[1-9]|1[0-2])(?:[-_]?[0-3][0-9])?")
_YEAR = "(?:19|20)[0-9]{2}"
_MONTHS = (
    "jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|m[aä]rz?|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?"
    "|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?"
)
# The year or the word of a month at the end: AAPL_2022.csv, eurusd_m1_jan.csv. It may be a contract, too.
_ENDING = re.compile(rf"(?<=.)(?:[-_ ](?:{_YEAR}|(?:{_MONTHS})(?:[-_ ]?{_YEAR})?))+$", re.IGNORECASE)


def join_parts(records: list, date_order: str | None) -> tuple[list, list[str]]:
    """Return the records, with files of parts of one ticker as one record, and the name of each.

    Parameters
    ----------
    records : list of price records
        Files whose names differ by the month or day in digits are parts. So are those that differ by a year or the word
        of a month at the end, if their dates do not overlap.
    date_order : {"MDY", "DMY", "YMD"} or None

    Returns
    -------
    records : list
    names : list of str

    Examples
    --------
    >>> join_parts(["A-2024-11.csv", "A-2024-12.csv", "B-2024-12.csv"], None)
    ([['A-2024-11.csv', 'A-2024-12.csv'], 'B-2024-12.csv'], ['A', 'B-2024-12'])
    """
    by_ending = {}
    for number, record in enumerate(records):
        stem, ticker = _stem(record, number)
        by_ending.setdefault(_ENDING.sub("", ticker), []).append((stem, ticker, record))
    joined, names = [], []
    for name, files in by_ending.items():
        by_ticker = {}
        for stem, ticker, record in files:
            by_ticker.setdefault(ticker, []).append((stem, record))
        if len(by_ticker) > 1 and _follow_each_other([record for _, _, record in files], date_order):
            by_ticker = {name: [(stem, record) for stem, _, record in files]}
        for ticker, parts in by_ticker.items():
            are_parts = len(parts) > 1 and len({stem for stem, _ in parts}) == len(parts)
            joined += [[record for _, record in parts]] if are_parts else [record for _, record in parts]
            names += [ticker] if are_parts else [stem for stem, _ in parts]
    return joined, names


def _stem(record: Any, number: int) -> tuple[str, str]:
    """Return the name of a record, and its ticker: the name without a month or day in digits."""
    first = record[0] if isinstance(record, list | tuple) and len(record) else record
    if not isinstance(first, str | pathlib.PurePath):
        return f"record {number}", f"record {number}"
    stem = re.sub(r"(?:\.(?:csv|txt|gz|zip|parquet))+$", "", pathlib.PurePath(first).name)
    return stem, _PART.sub("", stem)


def _follow_each_other(records, date_order):
    """Return whether each record ends where the next begins, or before."""
    spans = []
    for record in records:
        try:
            with warnings.catch_warnings():
                # Told where the record is read for its cases.
                warnings.simplefilter("ignore")
                dates = read_instants(record, date_order, ())[0]["date"]
        except (*RECORD_ERRORS, ImportError):
            return False
        spans.append((dates[0], dates[-1]))
    spans.sort()
    return all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
