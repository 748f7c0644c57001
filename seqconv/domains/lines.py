"""Text files line by line: numbered lines, strict numbers and exact labels for the readers beside this file."""

import csv
import gzip
import re
import zlib

import numpy as np

MISSING = frozenset(["?", "NaN", "nan"])
_PLAIN = re.compile(r"[0-9+\-.eE]*")  # float() alone would take 1_0, inf and Arabic digits
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")


def read_lines(path, comment=(), is_whole=None):
    """Lines of a UTF-8 text file, plain or gzip, split at line feeds alone.

    Parameters
    ----------
    path : str or path
    comment : tuple of bytes
        Lines that begin with one of them are passed over, whatever their encoding.
    is_whole : callable, optional
        Told the bytes of a last line without its line end: whether nothing can be missing there.

    Yields
    ------
    line : int
        From 1.
    text : str
        Without its line end (LF or CRLF). Blank lines are passed over.

    Raises
    ------
    ValueError
        If a line is not UTF-8 or holds a NUL byte, the last line has no line end, or the compressed file is damaged or
        cut.

    Notes
    -----
    A last line without its line end is refused, as nothing tells 0.25 from a 0.253 that was cut, unless `is_whole` does.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "two.txt")
    >>> _ = path.write_bytes(b"one\\r\\n\\ntwo\\n")
    >>> list(read_lines(path))
    [(1, 'one'), (3, 'two')]
    """
    line = 0
    with open(path, "rb") as file:
        lines = gzip.GzipFile(fileobj=file) if file.peek(2)[:2] == b"\x1f\x8b" else file
        try:
            for line, data in enumerate(lines, 1):
                if line == 1:
                    data = data.removeprefix(b"\xef\xbb\xbf")
                if not data.strip(b" \r\n") or data.startswith(comment):
                    continue
                if b"\0" in data:
                    raise ValueError(
                        f"{path}, line {line}: the text must be UTF-8 without NUL bytes, got binary data or UTF-16; save "
                        "it as UTF-8."
                    )
                if not data.endswith(b"\n") and not (is_whole and is_whole(data)):
                    raise ValueError(
                        f"{path}, line {line}: the last line must end with a line end, or it may be cut; fetch it again, or "
                        "add one if the line is whole."
                    )
                yield line, data.removesuffix(b"\n").removesuffix(b"\r").decode()
        except UnicodeDecodeError as error:
            raise ValueError(
                f"{path}, line {line}: the text must be UTF-8, got {error.object[error.start]:#x}; save it as UTF-8, or "
                "fetch it again if it was never text."
            ) from error
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ValueError(f"{path}, line {line + 1}: the gzip file is damaged or cut; fetch it again.") from error


def split_cells(text, mark, place):
    """The cells of one line, those in quotes as plain CSV has them.

    Parameters
    ----------
    text, mark : str
        The line and what stands between its cells.
    place : str
        File and line, the beginning of the message where quotes are left open or followed by other marks.

    Returns
    -------
    list of str

    Examples
    --------
    >>> split_cells('1;"a;b"', ";", "toy.csv, line 3")
    ['1', 'a;b']
    """
    if '"' not in text:
        return text.split(mark)
    try:
        return next(csv.reader([text], delimiter=mark, strict=True))
    except csv.Error as error:
        raise ValueError(f"{place}: the line must be plain CSV: {error}.") from error


def parse_numbers(fields, place, dtype=np.float32):
    """The fields of one line as numbers, NaN where one is missing (``?``, ``NaN``, ``nan``).

    Parameters
    ----------
    fields : list of str
    place : str
        File and line, the beginning of the message where a field is refused.
    dtype : numpy dtype
        Values are parsed in double precision and rounded once.

    Returns
    -------
    array of dtype, shape (len(fields),)

    Raises
    ------
    ValueError
        If a field is no plain decimal number, or infinite in ``dtype``.

    Examples
    --------
    >>> parse_numbers(["1", "?", "-2.5e-1"], "toy.ts, line 3")
    array([ 1.  ,   nan, -0.25], dtype=float32)
    """
    observed = "".join([field for field in fields if field not in MISSING])
    if " " in observed:
        fields = [field.strip(" ") for field in fields]
        observed = "".join([field for field in fields if field not in MISSING])
    try:
        if not _PLAIN.fullmatch(observed):
            raise ValueError
        doubles = np.array([np.nan if field in MISSING else float(field) for field in fields])
    except ValueError:
        field = next(field for field in fields if field not in MISSING and not _is_number(field))
        raise ValueError(f"{place}: a value must be a number or missing (NaN or ?), got {field[:40]!r}.") from None
    with np.errstate(over="ignore"):
        values = doubles.astype(dtype)
    if np.isinf(values).any():
        field = fields[int(np.argmax(np.isinf(values)))]
        raise ValueError(f"{place}: a value must be at most {np.finfo(dtype).max:.2g} in size, got {field[:40]!r}.")
    return values


def _is_number(field):
    try:
        return bool(_PLAIN.fullmatch(field)) and float(field) is not None
    except ValueError:
        return False


def parse_labels(labels):
    """Labels as int64 where every one is a plain whole number, else all of them as the strings they are.

    Parameters
    ----------
    labels : list of str

    Returns
    -------
    array of int64 or str, shape (len(labels),)

    Notes
    -----
    Only the one plain way to write a whole number counts (``1``, not ``01``, ``+1`` or ``1.0``), so nothing is lost.

    Examples
    --------
    >>> parse_labels(["1", "-1"]), parse_labels(["1", "1.0"])
    (array([ 1, -1]), array(['1', '1.0'], dtype='<U3'))
    """
    is_whole = all(_INTEGER.fullmatch(label) for label in labels)
    return np.array(labels, dtype=np.int64 if is_whole else None)
