"""Rows of tables that hold texts, whatever their encoding and separator."""

import codecs
import csv
import gzip
import io
import itertools
import os
import re
import warnings
from collections import Counter
from pathlib import Path

import pandas as pd

from seqconv.domains.files import member_names, opened

# In a first line that has several, the one that other lines have equally often is the separator.
_SEPARATORS = ("\t", ";", "|", ",")
_N_LINES = 200
# Signs that cp1252 has where latin-1 has control characters.
_LOST = re.compile("[\x80-\x9f]")
# UTF-8 that was read as cp1252 and saved again.
_TWICE = re.compile("Ã[\x80-\xbf„‚ƒ†‡ˆ‰Š‹ŒŽ–—¤¶¼Ÿ]|â€[\x80-\xbf™œ“”¦]")
_BY_ENDING = {".xlsx": "excel", ".xls": "excel", ".ods": "excel", ".parquet": "parquet"}


def read_rows(path: str | os.PathLike, separator: str | None, encoding: str | None, errors: str) -> "Rows":
    """Read a table whose first row may hold names.

    Parameters
    ----------
    path : str or path
        CSV in any of the usual dialects, also packed by gzip or as the one member of a zip archive, or Excel or Parquet.
    separator, encoding : str, optional
        None finds them.
    errors : {"raise", "skip"}
        Whether lines with too many cells are left out with a warning.

    Raises
    ------
    ValueError
        If the file has no row, is not in the given encoding, or a line has too many cells.
    ImportError
        If a library that reads this kind of file is not installed.
    OSError
        If the file cannot be read.
    """
    kind = _BY_ENDING.get(Path(path).suffix.lower())
    if kind == "excel":
        return Rows(path, _read_by("openpyxl", pd.read_excel, path, header=None, dtype=str, keep_default_na=False))
    if kind == "parquet":
        frame = _read_by("pyarrow", pd.read_parquet, path)
        return Rows(path, pd.concat([frame.columns.to_frame().T.set_axis(frame.columns, axis=1), frame]))
    text = _decoded(path, _read_bytes(path), encoding)
    if found := re.match(r'"?sep=(.)"?\r?\n', text):
        separator, text = separator or found[1], text[found.end() :]
    if not text.strip():
        raise ValueError(f"{path} must hold texts, it is empty. No columns.")
    separator = separator or _find_separator(text)
    return Rows(path, None, text, separator, errors)


class Rows:
    """Rows of a table as a frame of strings with numbers for columns, ``""`` for empty cells."""

    def __init__(self, path, frame, text="", separator=",", errors="raise"):
        self.path, self.text, self.separator, self.errors = path, text, separator, errors
        lines = [line for line in io.StringIO(text) if line.strip()]
        self._lines = lines
        self._is_even = len({line.count(separator) for line in lines}) == 1
        self.frame = self._tidy(frame) if frame is not None else self._parsed()

    def without_quotes(self) -> bool:
        """Read the rows with quotes as characters if each line has equally many separators; return whether it has."""
        if not self._is_even:
            return False
        frame = self._read(csv.QUOTE_NONE)
        is_quoted = frame.apply(lambda column: column.str.fullmatch(r'(?s)".*"'))
        inner = frame.apply(lambda column: column.str.slice(1, -1).str.replace('""', '"'))
        self.frame = frame.mask(is_quoted, inner)
        return True

    def line_of(self, cell: str) -> int:
        """Return the number of the line in which a cell of several lines begins."""
        return self.text.count("\n", 0, max(0, self.text.find(cell.split("\n")[0]))) + 1

    def _parsed(self):
        try:
            return self._read(csv.QUOTE_MINIMAL)
        except pd.errors.ParserError as error:
            row = re.search(r"EOF inside string starting at row (\d+)", str(error))
            if row and self.without_quotes():
                warnings.warn(
                    f"{self.path}, line {int(row[1]) + 1}: a quote is not closed. Quotes are read as characters, as each "
                    "line has the same number of cells.",
                    stacklevel=4,
                )
                return self.frame
            way = "close the quote" if row else "put such texts in quotes, or leave the lines out by errors='skip'"
            raise ValueError(
                f"{self.path} must be a CSV file with the separator {self.separator!r}: {str(error).strip()}; {way}."
            ) from error

    def _read(self, quoting):
        sample = list(itertools.islice(csv.reader(self._lines, delimiter=self.separator, quoting=quoting), _N_LINES))
        # pandas would silently drop what is right of the columns of the first row.
        n_columns = max(len(sample[0]), Counter(map(len, sample)).most_common(1)[0][0])
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always", pd.errors.ParserWarning)
            frame = pd.read_csv(
                io.StringIO(self.text),
                sep=self.separator,
                header=None,
                names=range(n_columns),
                index_col=False,
                dtype=str,
                keep_default_na=False,
                quoting=quoting,
                on_bad_lines="warn" if self.errors == "skip" else "error",
            )
        lines = [line for one in told for line in re.findall(r"Skipping line (\d+)", str(one.message))]
        if lines:
            shown = ", ".join(lines[:5]) + (", ..." if len(lines) > 5 else "")
            warnings.warn(
                f"{self.path}: {len(lines):,} lines with more than {n_columns} cells are left out: {shown}.",
                stacklevel=5,
            )
        return self._tidy(frame)

    def _tidy(self, frame):
        frame = frame.set_axis(range(frame.shape[1]), axis=1).reset_index(drop=True).fillna("").astype(str)
        # A separator at the end of each line makes a column without a cell.
        return frame.loc[:, (frame != "").any()]


def _read_by(library, read, path, **arguments):
    try:
        return read(path, **arguments)
    except ImportError as error:
        raise ImportError(f"{path}: this kind of file needs {library}; install it, or save as CSV.") from error


def _read_bytes(path):
    names = member_names(path) if Path(path).suffix.lower() == ".zip" else []
    with opened(Path(path, names[0]) if len(names) == 1 else path) as (file, _):
        data = file.read()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def _decoded(path, data, encoding):
    found = encoding or _find_encoding(data)
    try:
        text = data.decode(found or "utf-8")
    except (UnicodeDecodeError, LookupError) as error:
        if found:
            raise ValueError(
                f"{path} must be in {found}, it is not ({error}); leave encoding out to find it."
            ) from error
        text = data.decode("utf-8", "replace")
        n_bad = text.count("\ufffd")
        if n_bad * 2 > sum(character > "\x7f" for character in text):
            text = data.decode("cp1252", "replace")
            example = re.search(r"[^\r\n]{0,12}[^\x00-\x7f][^\r\n]{0,12}", text)
            warnings.warn(
                f"{path} is not UTF-8; it is read as cp1252, as Windows writes in Western Europe. Give encoding= if "
                f"letters are wrong in {example[0]!r}.",
                stacklevel=4,
            )
    if encoding and codecs.lookup(encoding).name == "iso8859-1" and _LOST.search(text):
        text = data.decode("cp1252", "replace")
        warnings.warn(f"{path} has signs that latin-1 lacks, such as dashes; it is read as cp1252.", stacklevel=4)
    for signs, what in ((re.compile("\ufffd"), "were lost (\ufffd)"), (_TWICE, "are UTF-8 read as cp1252")):
        if n := len(signs.findall(text)):
            warnings.warn(f"{path}: {n:,} letters {what}; save the table anew from its source.", stacklevel=4)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _find_encoding(data):
    """Return the encoding that a byte order mark or the place of the zeros tells, or None."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = data[:4000:2].count(0), data[1:4000:2].count(0)
    if max(even, odd) * 8 > min(len(data), 4000):
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _find_separator(text):
    """Return the separator that most lines have as often as the first."""
    lines = list(itertools.islice(io.StringIO(text), _N_LINES))

    def share(separator):
        widths = [len(cells) for cells in csv.reader(lines, delimiter=separator) if cells]
        return 0 if widths[0] < 2 else widths.count(widths[0]) / len(widths)

    best = max(_SEPARATORS, key=share)
    return best if share(best) > 0 else ","
