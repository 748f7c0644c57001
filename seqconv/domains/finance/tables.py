"""Tables of text files, plain, gzip or zip, as data frames of text, and their numbers."""

import csv
import gzip
import io
import os
import re
import warnings
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from seqconv.domains.files import member_names, opened

if TYPE_CHECKING:
    import pandas as pd

_BLANK = ["", "null", "NULL", "NA", "N/A", "<NA>", "None", "nan", "NaN", "-", "?"]
_DIGITS = r"[+-]?[0-9]{1,3}"
# 1,234,567 and 1,500.5, or 12,34,567 as written in India.
_GROUPED = re.compile(_DIGITS + r"(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]*)?")
# 12,5 and 1.234,56.
_DECIMAL_COMMA = re.compile(rf"(?:[+-]?[0-9]+|{_DIGITS}(?:\.[0-9]{{3}})+),[0-9]*")
_GROUPED_BY_POINTS = re.compile(_DIGITS + r"(?:\.[0-9]{3})+")
_SHORT = re.compile(r"([0-9.]+)([KMBT])")
_POWERS = {"K": "e3", "M": "e6", "B": "e9", "T": "e12"}
# Marks of a line of prices, and lines that names may take.
_FEWEST_MARKS, _MOST_NAMES = 3, 3


def read_table(
    path: str | os.PathLike,
    find_names: Callable[[list[list[str]]], tuple[list | None, int]],
    is_key: Callable,
    text: str,
) -> tuple["pd.DataFrame", list | None, Callable[[int], str], str]:
    """Read a text table, its columns of keys as text, others as numbers where pandas reads all of their cells so.

    Parameters
    ----------
    path : str or path
        Name of the table, for messages.
    find_names : callable
        Function from the cells of the first three lines to the names of the columns, or None, and the number of lines
        that these take.
    is_key : callable
        Function from a name to whether its column is a key: a date, a time, an instrument.
    text : str
        Result of `read_text`. Cells are separated by ``,``, ``;`` or tabs.

    Returns
    -------
    table : pandas.DataFrame
        Blank lines are left out. All columns of a table without names are text.
    names : list or None
    place : callable
        Function from a row to the line of the file, for messages.
    mark : str
        Separator of the cells.

    Raises
    ------
    ValueError
        If a line has another number of cells than the first, or an open quote; the message names it.

    Examples
    --------
    >>> text = "day;open;high;low\\n\\n02;1;2;1\\n"
    >>> table, names, place, mark = read_table("toy.csv", lambda rows: (rows[0], 1), "day".__eq__, text)
    >>> table.values.tolist(), place(0)
    ([['02', 1, 2, 1]], 'toy.csv, line 3')
    """
    import pandas as pd

    rows = enumerate(re.sub("\r\n?", "\n", text).split("\n"), 1)
    found = [(line, row) for line, row in rows if row.strip(" ,;\t")]
    # A title or an address above the table, as CryptoDataDownload writes.
    if len(found) > 1 and not re.search("[,;\t]", found[0][1]) and re.search("[,;\t]", found[1][1]):
        found = found[1:]
    first = found[0][1] if found else ""
    mark = next((mark for mark in "\t;" if first.count(mark) >= _FEWEST_MARKS), ",")
    n_cells, head = None, []
    for line, row in found:
        try:
            cells = row.split(mark) if '"' not in row else next(csv.reader([row], delimiter=mark, strict=True))
        except csv.Error as error:
            raise ValueError(f"{path}, line {line}: the line must be plain CSV: {error}.") from error
        n_cells = n_cells or len(cells)
        # pandas fills short lines with missing values, and lets an open quote swallow the lines that follow.
        if len(cells) != n_cells:
            raise ValueError(
                f"{path}, line {line}: each line must have {n_cells} cells as the first, got {len(cells)}."
            )
        if len(head) < _MOST_NAMES:
            head.append([cell.strip() for cell in cells])
    names, n_lines = find_names(head)
    if len(found) <= n_lines:
        raise ValueError(f"{path} must hold a line of names and at least one line of data, got {len(found)} line(s).")
    keys = [i for i in range(n_cells) if names is None or is_key(names[i])]
    table = pd.read_csv(
        io.StringIO("\n".join(row for _, row in found[n_lines:])),
        sep=mark,
        header=None,
        dtype=dict.fromkeys(keys, str),
        keep_default_na=False,
        na_values={i: [""] if i in keys else _BLANK for i in range(n_cells)},
        low_memory=False,
    )
    return table, names, lambda row: f"{path}, line {found[n_lines + row][0]}", mark


def to_numbers(
    table: dict[str, "pd.Series"], place: Callable[[int], str], may_group: bool = True
) -> dict[str, np.ndarray]:
    """Return columns of a table as numbers, NaN for a blank cell.

    Parameters
    ----------
    table : dict of str to pandas.Series
        Numbers or text, such as ``1,234,567``, ``$12.5``, ``23.5M``, or ``1.234,56`` throughout the table.
    place : callable
        Function from a row to its place, for messages.
    may_group : bool, default=True
        Whether commas in numbers such as ``1,234`` alone separate thousands.

    Raises
    ------
    ValueError
        If a cell is not a finite number, or a comma may separate thousands or decimals.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = to_numbers({"a": pd.Series(["1,5", "-"]), "b": pd.Series(["1.000", "2"])}, "line {}".format)
    >>> columns["a"].tolist(), columns["b"].tolist()
    ([1.5, nan], [1000.0, 2.0])
    """
    import pandas as pd

    texts = {name: _text(column) for name, column in table.items() if column.dtype.kind not in "iuf"}
    has_comma = _has_decimal_comma(texts, place, may_group)
    numbers = {}
    for name, column in table.items():
        is_blank = column.isna()
        if name in texts:
            is_blank |= texts[name].isin(_BLANK)
            column = pd.to_numeric(_plain(texts[name], has_comma).where(~is_blank), errors="coerce")
        numbers[name] = column.to_numpy(np.float64, na_value=np.nan)
        # Text such as inf and 1e999 is infinite in pandas.
        is_bad = ~np.isfinite(numbers[name]) & ~is_blank.to_numpy()
        if is_bad.any():
            i = int(is_bad.argmax())
            got = texts.get(name, column).iloc[i]
            raise ValueError(f"{place(i)}: a value must be a number or missing, got {str(got)!r:.40}.")
    return numbers


def _plain(cells, has_comma):
    """Return numbers as pandas reads them."""
    if has_comma:
        cells = cells.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    elif cells.str.contains(",", regex=False).any():
        cells = cells.where(~cells.map(lambda cell: bool(_GROUPED.fullmatch(cell))), cells.str.replace(",", ""))
    if cells.str.endswith(tuple(_POWERS)).any():
        cells = cells.str.replace(_SHORT, lambda found: found[1] + _POWERS[found[2]], regex=True)
    return cells


def _text(column):
    return (
        column.astype(object)
        .where(column.notna(), "")
        .astype(str)
        .str.strip()
        .str.replace(r"^[$€£¥]\s?", "", regex=True)
    )


def _has_decimal_comma(texts, place, may_group):
    """Return whether commas of a table separate decimals, by the cells that can mean one of both alone."""
    if not any(column.str.contains(",", regex=False).any() for column in texts.values()):
        return False
    shown = {}
    for column in texts.values():
        for i, cell in enumerate(column.str.rstrip("KMBT")):
            if "," in cell:
                shown.setdefault((bool(_DECIMAL_COMMA.fullmatch(cell)), bool(_GROUPED.fullmatch(cell))), i)
            elif "." in cell:
                shown.setdefault((bool(_GROUPED_BY_POINTS.fullmatch(cell)), True), i)
    if (True, False) in shown and (False, True) in shown:
        i = max(shown[True, False], shown[False, True])
        raise ValueError(f"{place(i)}: decimals must be separated by commas or by points throughout, got both.")
    if not may_group and (True, True) in shown and not {(True, False), (False, True)} & set(shown):
        raise ValueError(
            f"{place(shown[True, True])}: a value must be a number that can be read in one way, got a comma that may "
            "separate thousands or decimals; give the frame of pandas.read_csv(..., decimal=',')."
        )
    return (True, False) in shown


def read_text(path: str | os.PathLike, stacklevel: int = 2) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with a mark of its order, plain, gzip, or alone in a zip archive.

    Raises
    ------
    ValueError
        If the file is damaged or binary.

    Warns
    -----
    UserWarning
        If the last line has no line end, at `stacklevel` counted from the caller.
    """
    path = os.fspath(path)
    try:
        with opened(path) as (file, _):
            data = file.read()
        if data[:4] == b"PK\x03\x04":
            names = [name for name in member_names(path) if not name.endswith("/")]
            if len(names) != 1:
                several = ", ".join(names[:3])
                raise ValueError(f"{path} must hold one file, got {len(names)}: {several}; give a path through it.")
            with opened(os.path.join(path, names[0])) as (file, _):
                data = file.read()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"{path}: the gzip file is damaged or cut; fetch it again.") from error
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ValueError(
            f"{path}, line {line}: the text must be UTF-8, got {data[error.start]:#x}; save it as UTF-8, or fetch it again "
            "if it was never text."
        ) from error
    if "\0" in text:
        raise ValueError(f"{path}: the text must be UTF-8 without NUL bytes, got binary data; save it as UTF-8.")
    if text.strip() and not text.endswith(("\n", "\r")):
        warnings.warn(
            f"{path}: the last line has no line end; fetch the file again if it may be cut.", stacklevel=stacklevel + 1
        )
    return text
