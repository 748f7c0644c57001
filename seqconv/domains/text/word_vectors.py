"""Files of word vectors: word2vec (text, binary), GloVe and fastText ``.vec``, plain or gzip-compressed."""

import gzip
import os
import re
import zlib
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from seqconv.domains.text.word_vector_rows import (
    BLOCK,
    GZIP_RATIO,
    LONGEST_LINE,
    MOST_DIMS,
    binary_rows,
    is_number,
    text_rows,
)

_HEADER = re.compile(rb"(\d{1,18}) (\d{1,18})")
_SAMPLE = 4_096
# Byte order mark that some editors put before a text: no part of its first word.
_MARK = b"\xef\xbb\xbf"
_FOREIGN = {
    b"\x80": "a Python pickle (gensim's .kv or .model), which can run code: load it yourself and pass the KeyedVectors",
    b"\xba\x16\x4f\x2f": "a fastText .bin model: export its .vec file, or read it with "
    "gensim.models.fasttext.load_facebook_vectors and pass the result",
    b"PK\x03\x04": "a zip archive: unpack it and pass the file inside",
    b"\x93NUMPY": "a NumPy array without its words: save the vectors with save_word2vec_format",
}


def read_word_vectors(path: str | os.PathLike, words: Iterable[str] | None = None) -> tuple[list[str], np.ndarray]:
    """Read the vectors of words from a word2vec, GloVe or fastText file.

    The format is found from the content. A first line of two whole numbers is the header of word2vec (text or binary)
    and of fastText's ``.vec``; a file without it is GloVe's text.

    Parameters
    ----------
    path : str or path
        Local file, plain or gzip-compressed.
    words : iterable of str, optional
        Keep only these words, so that a file larger than the memory can be read. None keeps all.

    Returns
    -------
    words : list of str
        Words kept, in the order of the file. Words that the file lacks are left out.
    vectors : array of float32, shape (len(words), n_dims)
        One row a word.

    Raises
    ------
    ValueError
        If the file is an address, a pickle, an archive or a fastText ``.bin``.
    ValueError
        If the header does not fit the content.
    ValueError
        If a line is ragged, not UTF-8 or cut, or has a value that is not a finite number. The message names file and
        line, in binary files the number of the word.
    TypeError
        If `words` is one string.

    Notes
    -----
    A word that comes twice keeps its first vector. A word may contain spaces, as in GloVe's 840B file. A line whose
    word ends in a number has a value too many and is rejected. With `words`, the values of all other words are counted
    but not read.

    Examples
    --------
    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "tiny.vec")
    >>> with open(path, "w") as file:
    ...     _ = file.write("2 3\\nfree 1 0 0.5\\nlunch 0 1 0\\n")
    >>> read_word_vectors(path, words=["free", "money"])
    (['free'], array([[1. , 0. , 0.5]], dtype=float32))
    """
    if "://" in os.fspath(path):
        raise ValueError(f"word vectors must be in a local file, got the address {path}; download it first.")
    if isinstance(words, str):
        raise TypeError(f"words must be a list of strings, got the one string {words!r}; put it into a list.")
    wanted = None if words is None else {word.encode("utf-8", "surrogatepass") for word in words}
    with _opened(Path(path)) as (file, limit):
        start = len(_MARK) if file.peek(len(_MARK)).startswith(_MARK) else 0
        file.seek(start)
        line = file.readline(LONGEST_LINE)
        header = _HEADER.fullmatch(line.rstrip())
        if not header:
            file.seek(start)
            n_dims = _count_values(line, path)
            return _collect(text_rows(file, n_dims, limit, path, 1), _from_text, wanted, n_dims)
        n_words, n_dims = map(int, header.groups())
        _check_header(n_words, n_dims, limit, path)
        is_binary = _is_binary(file, n_dims)
        file.seek(start + len(line))
        if is_binary:
            rows = binary_rows(file, n_dims, limit, path)
        else:
            rows = text_rows(file, n_dims, limit, path, 2)
        return _collect(_promised(rows, n_words, path), _from_binary if is_binary else _from_text, wanted, n_dims)


@contextmanager
def _opened(path):
    """Open the file and give its unpacked bytes and their largest number."""
    if path.exists() and not path.is_file():
        raise ValueError(f"word vectors must be in a file, got {path}, which is not one.")
    with open(path, "rb") as raw:
        size = os.fstat(raw.fileno()).st_size
        if raw.peek(2)[:2] != b"\x1f\x8b":
            _reject_foreign(raw, path)
            yield raw, size
            return
        with gzip.open(raw) as file:
            try:
                _reject_foreign(file, path)
                yield file, GZIP_RATIO * size + BLOCK
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise ValueError(f"{path}: a whole gzip file is required, unpacking failed: {error}.") from error


def _reject_foreign(file, path):
    start = file.peek(8)[:8]
    if not start:
        raise ValueError(f"{path}: word vectors are required, the file is empty.")
    for signature, what in _FOREIGN.items():
        if start.startswith(signature):
            raise ValueError(f"{path}: word vectors must be in open text or binary form, this is {what}.")


def _check_header(n_words, n_dims, limit, path):
    if n_words == 0 or not 0 < n_dims <= MOST_DIMS:
        raise ValueError(
            f"{path}, line 1: words of 1 to {MOST_DIMS} values are required, the header says {n_words} {n_dims}."
        )
    # A value takes at least two bytes of text, four in binary.
    if n_words * 2 * n_dims > limit:
        raise ValueError(
            f"{path}, line 1: the header promises {n_words} words of {n_dims} values, more than the file can hold."
        )


def _count_values(line, path):
    """Return the number of values in a GloVe line: the numbers at its end, with at least one part left for the word."""
    word = line.split()
    while len(word) > 1 and is_number(word[-1]):
        word.pop()
    n_dims = len(line.split()) - len(word)
    if not 0 < n_dims <= MOST_DIMS or (len(word) > 1 and any(map(is_number, word))):
        raise ValueError(f"{path}, line 1: a header or a word and its values are required, got {line[:60]!r}.")
    return n_dims


def _is_binary(file, n_dims):
    """Return whether the content after the header is not a line of text, and holds bytes that text does not."""
    sample = file.readline(LONGEST_LINE)
    fields = sample.split()
    if len(fields) > n_dims and all(map(is_number, fields[-n_dims:])):
        return False
    sample = (sample + file.read(_SAMPLE))[:_SAMPLE]
    if re.search(rb"[\x00-\x08\x0e-\x1f]", sample):
        return True
    try:
        sample.decode()
    except UnicodeDecodeError as error:
        # Nearer to the end, the sample may have cut a letter.
        return error.start < len(sample) - 3
    return False


def _promised(rows, n_words, path):
    """Yield the rows; raise if their number differs from the header's."""
    count = 0
    for count, row in enumerate(rows, 1):
        if count > n_words:
            raise ValueError(f"{row[0]}: the header promises {n_words} words, the file has more; correct the header.")
        yield row
    if count < n_words:
        raise ValueError(f"{path}: the header promises {n_words} words, the file ends after {count}; fetch it whole.")


def _from_text(values):
    # Python reads 1_0 as 10.
    if b"_" in values:
        raise ValueError
    return np.array([float(value) for value in values.split(b" ")])


def _from_binary(values):
    return np.frombuffer(values, "<f4")


def _collect(rows, parse, wanted, n_dims):
    """Return words and vectors of the first row of every wanted word."""
    kept = set()
    # The matrix grows with the rows that are read, whatever a header says.
    words, matrix = [], bytearray()
    for place, word, values in rows:
        if word in kept or (wanted is not None and word not in wanted):
            continue
        kept.add(word)
        try:
            words.append(word.decode())
        except UnicodeDecodeError as error:
            raise ValueError(f"{place}: a word in UTF-8 is required, got {word[:60]!r}.") from error
        try:
            with np.errstate(over="ignore"):
                row = parse(values).astype(np.float32)
        except ValueError:
            row = np.array(np.nan)
        if not np.isfinite(row).all():
            raise ValueError(f"{place}: {n_dims} finite numbers are required for {words[-1]!r}, got {values[:60]!r}.")
        matrix += row.tobytes()
    return words, np.frombuffer(matrix, np.float32).reshape(-1, n_dims)
