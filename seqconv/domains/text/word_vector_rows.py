"""Rows of files of word vectors: place, word and the bytes of the values, of a text or a binary file."""

from collections.abc import Iterator
from typing import BinaryIO

MOST_DIMS = 65_536
# In bytes.
_LONGEST_WORD = 4_096
LONGEST_LINE = _LONGEST_WORD + 64 * MOST_DIMS
# A file that unpacks to more than this many times its size is an attack on the memory.
GZIP_RATIO = 100
BLOCK = 1 << 20


def is_number(field: bytes) -> bool:
    """Return whether Python reads the field as a number."""
    try:
        float(field)
    except ValueError:
        return False
    return True


def text_rows(file: BinaryIO, n_dims: int, limit: int, path: str, number: int) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield (place, word, bytes of the values) of every line.

    Parameters
    ----------
    file : binary file
    n_dims : int
        Number of values in a line.
    limit : int
        Most bytes of the file.
    path : str or path
        Name of the file, for messages.
    number : int
        Number of the first line.

    Raises
    ------
    ValueError
        If a line is ragged or too long, or the last one has no line end.
    """
    n_read = 0
    while line := file.readline(LONGEST_LINE):
        n_read = _count_bytes(n_read, line, limit, path)
        place = f"{path}, line {number}"
        is_whole = line.endswith(b"\n")
        # Without a line end, 4.1 can be the rest of a 4.12 that was cut.
        if not is_whole and len(line) < LONGEST_LINE:
            raise ValueError(
                f"{place}: the last line must end with a line break, or it may be cut; fetch it again, or add one if "
                "the line is whole."
            )
        line = line.rstrip()
        n_spaces = line.count(b" ")
        word = line.partition(b" ")[0] if n_spaces == n_dims else line.rsplit(b" ", n_dims)[0]
        has_too_many = n_spaces > n_dims and is_number(word.rpartition(b" ")[2])
        if not is_whole or n_spaces < n_dims or has_too_many or not word or word != word.strip():
            raise ValueError(f"{place}: a word and {n_dims} values are required, got {line[:60]!r}.")
        yield place, word, line[len(word) + 1 :]
        number += 1


def binary_rows(file: BinaryIO, n_dims: int, limit: int, path: str) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield (place, word, bytes of the values) of every record: a word, a space, float32 values, perhaps a line's end.

    Parameters
    ----------
    file, n_dims, limit, path
        See `text_rows`.

    Raises
    ------
    ValueError
        If a record is cut.
    """
    buffer, start, number, n_read = b"", 0, 1, 0
    while True:
        if len(buffer) - start < _LONGEST_WORD + 4 * n_dims:
            block = file.read(BLOCK)
            n_read = _count_bytes(n_read, block, limit, path)
            buffer, start = buffer[start:] + block, 0
        if len(buffer) - start < 2 and not buffer[start:].strip():
            return
        place = f"{path}, word {number}"
        space = buffer.find(b" ", start, start + _LONGEST_WORD)
        word = buffer[start:space].lstrip(b"\n")
        stop = space + 1 + 4 * n_dims
        if space < 0 or not word or stop > len(buffer):
            raise ValueError(f"{place}: a word, a space and {n_dims} float32 values are required, the file breaks off.")
        yield place, word, buffer[space + 1 : stop]
        start, number = stop, number + 1


def _count_bytes(n_read, block, limit, path):
    n_read += len(block)
    if n_read > limit:
        raise ValueError(f"{path}: word vectors are required, the file unpacks to over {GZIP_RATIO} times its size.")
    return n_read
