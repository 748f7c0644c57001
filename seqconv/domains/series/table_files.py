"""Tables in CSV and Parquet files, in the dialects that people have."""

import lzma
import os
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from seqconv.domains.parquet import read_parquet

_TEXT = (".csv", ".tsv", ".txt")
# Longest endings first.
SUFFIXES = (*(text + packed for packed in (".gz", ".bz2", ".xz", ".zip") for text in _TEXT), ".parquet", *_TEXT)
_NUMBER = re.compile(r"\s*[+-]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+-]?\d+)?\s*")
_COMMA_NUMBER = re.compile(r"\s*[+-]?\d+,\d+(?:[eE][+-]?\d+)?\s*")


_MARKS = (",", ";", "\t", "|")


def read_table(path: str | os.PathLike, options: Mapping[str, Any]) -> pd.DataFrame:
    """Read a CSV or Parquet file.

    Parameters
    ----------
    path : str or path
    options : mapping
        Arguments of ``pandas.read_csv``. Those not given are found: separator, decimal mark, encoding and whether
        the first line holds names.

    Returns
    -------
    data frame
        Without a line of names, columns are numbered from 0. A first column of row numbers without a name is dropped.

    Raises
    ------
    ValueError
        If the file cannot be read.
    ImportError
        If Parquet needs a library that is not installed.
    """
    if str(path).lower().endswith(".parquet"):
        return read_parquet(path)
    try:
        return _read_text(path, options)
    except (EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        raise ValueError(f"the file is damaged or cut ({error}); fetch it again.") from error


def read_as_written(path: str | os.PathLike) -> pd.DataFrame:
    """Read a table as `read_table` does, but whole numbers as text where they are written otherwise, such as 007."""
    table, texts = read_table(path, {}), read_table(path, {"dtype": str})
    for name in table.columns:
        if pd.api.types.is_integer_dtype(table[name]) and (table[name].astype(str) != texts[name].astype(str)).any():
            table[name] = texts[name]
    return table


def _read_text(path, options):
    # Blank lines count where lines are skipped.
    raw = {"header": None, "dtype": str, "nrows": 200, "sep": "\x00", "quoting": 3, "skip_blank_lines": False}
    first = _read_csv(path, raw | _encoding(options)).iloc[:, 0]
    n_comments = 0 if {"comment", "skiprows", "header"} & set(options) else _count_comments(first.fillna("").tolist())
    lines = [str(line) for line in first.iloc[n_comments:].dropna()]
    if not lines:
        raise ValueError("the file must have at least one row, it has none.")
    found = {"sep": _separator(lines), "skipinitialspace": True} | ({"skiprows": n_comments} if n_comments else {})
    sep = options.get("sep", found["sep"])
    cells = [line.split(sep) if len(sep) == 1 else re.split(sep, line.strip()) for line in lines]
    if sep != "," and any(_COMMA_NUMBER.fullmatch(cell.strip(' "')) for row in cells[1:] or cells for cell in row):
        found["decimal"] = ","
    if not _is_header(cells[0]):
        found["header"] = None
    if sep == r"\s+" and re.match(r"#\s", lines[0]) and len(cells) > 1 and len(cells[0]) == len(cells[1]) + 1:
        found |= {"skiprows": n_comments + 1, "header": None, "names": cells[0][1:]}
    frame = _read_csv(path, found | dict(options))
    if not isinstance(frame.index, pd.RangeIndex) and "index_col" not in options and frame.iloc[:, -1].isna().all():
        # A separator at the end of each line, but not of the names, makes an index of the first column.
        frame = _read_csv(path, found | dict(options) | {"index_col": False})
    frame.columns = [name.strip().removeprefix("# ") if isinstance(name, str) else name for name in frame.columns]
    if str(frame.columns[0]).startswith("Unnamed: 0") and _are_row_numbers(frame.iloc[:, 0]):
        frame = frame.iloc[:, 1:]
    if n_comments:
        frame.attrs["n_comments"] = n_comments
    return frame.loc[
        :, [not (str(name).startswith("Unnamed: ") and frame[name].isna().all()) for name in frame.columns]
    ]


def _encoding(options):
    return {name: options[name] for name in ("encoding", "compression", "skiprows", "comment") if name in options}


def _read_csv(path, arguments):
    if "encoding" not in arguments:
        with open(path, "rb") as file:
            start = file.read(2)
        if start in (b"\xff\xfe", b"\xfe\xff"):
            arguments = arguments | {"encoding": "utf-16"}
    try:
        return pd.read_csv(path, **arguments)
    except UnicodeDecodeError:
        # The code page of European Windows, in which a degree or micro sign is one byte.
        return pd.read_csv(path, **arguments, encoding="cp1252")


def _count_comments(lines):
    """Return how many lines at the top are comments: those with # that do not hold the names of the columns."""
    is_comment = [not line.strip() or (line.startswith("#") and line[1:2] not in _MARKS) for line in lines]
    n = is_comment.index(False) if False in is_comment else len(lines)
    if n in (0, len(lines)) or not any(map(str.strip, lines[:n])):
        return 0
    sep = _separator([line for line in lines[n:] if line.strip()])
    cells = re.split(sep if len(sep) > 1 else re.escape(sep), lines[n].strip())
    names = re.split(sep if len(sep) > 1 else re.escape(sep), lines[n - 1].lstrip("# ").strip())
    # As numpy.savetxt writes names, right above the numbers.
    has_names = len(cells) > 1 and len(names) == len(cells) and ":" not in lines[n - 1]
    return n - 1 if has_names and any(_NUMBER.fullmatch(cell.strip(' "')) for cell in cells) else n


def _separator(lines):
    """Return the separator that cuts the lines into equally many cells, preferring those that are no decimal mark."""
    for sep in (";", "\t", ",", "|"):
        counts = {line.count(sep) for line in lines[1:] or lines}
        if len(counts) == 1 and counts != {0} and sep in lines[0]:
            return sep
    most = max((",", ";", "\t", "|"), key=lambda sep: sum(map(lines[0].count, sep)))
    if most in lines[0]:
        return most
    return r"\s+" if all(len(line.split()) > 1 for line in lines) else ","


def _is_header(cells):
    """Return whether the first line holds names: text, or the numbers of the columns."""
    cells = [cell.strip().strip('"') for cell in cells]
    are_numbers = all(_NUMBER.fullmatch(cell) for cell in cells if cell)
    return not are_numbers or cells in ([str(i) for i in range(len(cells))], ["", *map(str, range(len(cells) - 1))])


def _are_row_numbers(column):
    return pd.api.types.is_integer_dtype(column) and bool((np.diff(column) == 1).all())
