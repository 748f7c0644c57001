"""Lines of text files: numbered lines, strict numbers and exact labels for the readers of the domains."""

import gzip
import os
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

MISSING = frozenset(["?", "NaN", "nan"])
# float() alone would accept 1_0, inf and Arabic digits.
_PLAIN = re.compile(r"[0-9+\-.eE]*")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")


def read_lines(
    path: str | os.PathLike, comment: tuple[bytes, ...] = (), is_whole: Callable[[bytes], bool] | None = None
) -> Iterator[tuple[int, str]]:
    """Yield the lines of a UTF-8 text file, plain or gzip, split at line feeds alone.

    Parameters
    ----------
    path : str or path
    comment : tuple of bytes
        Starts of lines to ignore, whatever their encoding.
    is_whole : callable, optional
        Function from the bytes of a last line without a line end to whether the line is complete.

    Yields
    ------
    line : int
        Number of the line, from 1.
    text : str
        The line without its end (LF or CRLF). Blank lines are left out.

    Raises
    ------
    ValueError
        If a line is not UTF-8 or holds a NUL byte.
    ValueError
        If the last line has no line end, or the compressed file is damaged or cut.

    Notes
    -----
    A last line without a line end may be cut: 0.25 can be the rest of 0.253. It is rejected unless `is_whole` accepts
    it.

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


def parse_numbers(fields: list[str], place: str, dtype: Any = np.float32) -> np.ndarray:
    """Parse the fields of one line as numbers, NaN for missing ones (``?``, ``NaN``, ``nan``).

    Parameters
    ----------
    fields : list of str
    place : str
        File and line, for the message.
    dtype : numpy dtype
        Type of the result; values are parsed in double precision and rounded once.

    Returns
    -------
    array of dtype, shape (len(fields),)

    Raises
    ------
    ValueError
        If a field is not a plain decimal number, or infinite in ``dtype``.

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


def parse_labels(labels: list[str]) -> np.ndarray:
    """Return labels as int64 if all are plain whole numbers, else as strings.

    Parameters
    ----------
    labels : list of str

    Returns
    -------
    array of int64 or str, shape (len(labels),)

    Notes
    -----
    A plain whole number is ``1``, not ``01``, ``+1`` or ``1.0``, so that no label is changed.

    Examples
    --------
    >>> parse_labels(["1", "-1"]), parse_labels(["1", "1.0"])
    (array([ 1, -1]), array(['1', '1.0'], dtype='<U3'))
    """
    is_whole = all(_INTEGER.fullmatch(label) for label in labels)
    return np.array(labels, dtype=np.int64 if is_whole else None)
