"""Files of word vectors: word2vec (text, binary), GloVe and fastText ``.vec``, plain or gzip-compressed."""

import gzip
import os
import re
import zlib
from contextlib import contextmanager
from pathlib import Path

import numpy as np

_HEADER = re.compile(rb"(\d{1,18}) (\d{1,18})")
_MOST_DIMS = 65_536
_LONGEST_WORD = 4_096  # bytes
_LONGEST_LINE = _LONGEST_WORD + 64 * _MOST_DIMS
_BLOCK = 1 << 20
_SAMPLE = 4_096
# A file that unpacks to more than this many times its size holds no measured numbers: it attacks the memory.
_GZIP_RATIO = 100
_MARK = b"\xef\xbb\xbf"  # of the order of bytes, which some editors put before a text: no part of its first word
_FOREIGN = {
    b"\x80": "a Python pickle (gensim's .kv or .model), which can run code: load it yourself and pass the KeyedVectors",
    b"\xba\x16\x4f\x2f": "a fastText .bin model: export its .vec file, or read it with "
    "gensim.models.fasttext.load_facebook_vectors and pass the result",
    b"PK\x03\x04": "a zip archive: unpack it and pass the file inside",
    b"\x93NUMPY": "a NumPy array without its words: save the vectors with save_word2vec_format",
}


def read_word_vectors(path, words=None):
    """Read the vectors of words from a word2vec, GloVe or fastText file.

    The content tells the format, never the name: a first line of two whole numbers is the header of word2vec (text or
    binary) and of fastText's ``.vec``; a file without it is GloVe's text.

    Parameters
    ----------
    path : str or path
        A local file, plain or gzip-compressed.
    words : iterable of str, optional
        Keep only these words, so that a file larger than the memory can be read. None keeps all.

    Returns
    -------
    words : list of str
        The words kept, in the order of the file. Words that the file lacks are left out.
    vectors : array of float32, shape (len(words), n_dims)
        One row a word.

    Raises
    ------
    ValueError
        The file is an address, a pickle, an archive or a fastText ``.bin``; its header promises more than it can hold
        or other than it holds; a line is ragged, not UTF-8, or has a value that is no finite number; the last line of a
        text has no line break, so that it may be cut. The message names file and line, in binary files the number of
        the word.
    TypeError
        `words` is one string.

    Notes
    -----
    A word that comes twice keeps its first vector. A word may contain spaces, as in GloVe's 840B file, unless the part
    before its values is a number, too: that line has a value too many. With `words`, the values of all other words are
    counted but not read.

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
        raise ValueError(f"word vectors are read from a local file, got the address {path}; download it first.")
    if isinstance(words, str):
        raise TypeError(f"words must be several words, got the one string {words!r}; put it into a list.")
    wanted = None if words is None else {word.encode("utf-8", "surrogatepass") for word in words}
    with _opened(Path(path)) as (file, limit):
        start = len(_MARK) if file.peek(len(_MARK)).startswith(_MARK) else 0
        file.seek(start)
        line = file.readline(_LONGEST_LINE)
        header = _HEADER.fullmatch(line.rstrip())
        if not header:
            file.seek(start)
            n_dims = _n_dims(line, path)
            return _collect(_text_rows(file, n_dims, limit, path, 1), _from_text, wanted, n_dims)
        n_words, n_dims = map(int, header.groups())
        _check_header(n_words, n_dims, limit, path)
        is_binary = _is_binary(file, n_dims)
        file.seek(start + len(line))
        if is_binary:
            rows = _binary_rows(file, n_dims, limit, path)
        else:
            rows = _text_rows(file, n_dims, limit, path, 2)
        return _collect(_promised(rows, n_words, path), _from_binary if is_binary else _from_text, wanted, n_dims)


@contextmanager
def _opened(path):
    """The file's unpacked bytes, and how many there may be."""
    if path.exists() and not path.is_file():
        raise ValueError(f"word vectors are read from a file, {path} is none.")
    with open(path, "rb") as raw:
        size = os.fstat(raw.fileno()).st_size
        if raw.peek(2)[:2] != b"\x1f\x8b":
            _refuse_foreign(raw, path)
            yield raw, size
            return
        with gzip.open(raw) as file:
            try:
                _refuse_foreign(file, path)
                yield file, _GZIP_RATIO * size + _BLOCK
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise ValueError(f"{path}: a whole gzip file is required, unpacking failed: {error}.") from error


def _refuse_foreign(file, path):
    start = file.peek(8)[:8]
    if not start:
        raise ValueError(f"{path}: word vectors are required, the file is empty.")
    for signature, what in _FOREIGN.items():
        if start.startswith(signature):
            raise ValueError(f"{path}: word vectors are read in open text or binary form, this is {what}.")


def _check_header(n_words, n_dims, limit, path):
    if n_words == 0 or not 0 < n_dims <= _MOST_DIMS:
        raise ValueError(
            f"{path}, line 1: words of 1 to {_MOST_DIMS} values are required, the header says {n_words} {n_dims}."
        )
    if n_words * 2 * n_dims > limit:  # a value takes two bytes of text at least, four in binary
        raise ValueError(
            f"{path}, line 1: the header promises {n_words} words of {n_dims} values, more than the file can hold."
        )


def _n_dims(line, path):
    """Number of values in a GloVe line: the numbers at its right, at least one part left over for the word."""
    word = line.split()
    while len(word) > 1 and _is_number(word[-1]):
        word.pop()
    n_dims = len(line.split()) - len(word)
    if not 0 < n_dims <= _MOST_DIMS or (len(word) > 1 and any(map(_is_number, word))):
        raise ValueError(f"{path}, line 1: a header or a word and its values are required, got {line[:60]!r}.")
    return n_dims


def _is_number(field):
    try:
        float(field)
    except ValueError:
        return False
    return True


def _is_binary(file, n_dims):
    """Whether what follows the header is no line of text, and holds bytes that text does not hold."""
    sample = file.readline(_LONGEST_LINE)
    fields = sample.split()
    if len(fields) > n_dims and all(map(_is_number, fields[-n_dims:])):
        return False
    sample = (sample + file.read(_SAMPLE))[:_SAMPLE]
    if re.search(rb"[\x00-\x08\x0e-\x1f]", sample):
        return True
    try:
        sample.decode()
    except UnicodeDecodeError as error:
        return error.start < len(sample) - 3  # nearer to the end, the sample may have cut a letter
    return False


def _text_rows(file, n_dims, limit, path, number):
    """(place, word, bytes of the values) of every line."""
    n_read = 0
    while line := file.readline(_LONGEST_LINE):
        n_read = _count_bytes(n_read, line, limit, path)
        place = f"{path}, line {number}"
        is_whole = line.endswith(b"\n")
        if not is_whole and len(line) < _LONGEST_LINE:  # nothing else tells 4.1 from a 4.12 that was cut
            raise ValueError(
                f"{place}: the file ends in the middle of this line; fetch it again, or end it with a line break if it "
                "is whole."
            )
        line = line.rstrip()
        n_spaces = line.count(b" ")
        word = line.partition(b" ")[0] if n_spaces == n_dims else line.rsplit(b" ", n_dims)[0]
        has_too_many = n_spaces > n_dims and _is_number(word.rpartition(b" ")[2])
        if not is_whole or n_spaces < n_dims or has_too_many or not word or word != word.strip():
            raise ValueError(f"{place}: a word and {n_dims} values are required, got {line[:60]!r}.")
        yield place, word, line[len(word) + 1 :]
        number += 1


def _binary_rows(file, n_dims, limit, path):
    """(place, word, bytes of the values) of every record: a word, a space, float32 values, perhaps a line's end."""
    buffer, start, number, n_read = b"", 0, 1, 0
    while True:
        if len(buffer) - start < _LONGEST_WORD + 4 * n_dims:
            block = file.read(_BLOCK)
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
        raise ValueError(f"{path}: word vectors are required, the file unpacks to over {_GZIP_RATIO} times its size.")
    return n_read


def _promised(rows, n_words, path):
    """The rows, refused where their number is not the header's."""
    count = 0
    for count, row in enumerate(rows, 1):
        if count > n_words:
            raise ValueError(f"{row[0]}: the header promises {n_words} words, the file has more; correct the header.")
        yield row
    if count < n_words:
        raise ValueError(f"{path}: the header promises {n_words} words, the file ends after {count}; fetch it whole.")


def _from_text(values):
    if b"_" in values:  # Python reads 1_0 as 10
        raise ValueError
    return np.array([float(value) for value in values.split(b" ")])


def _from_binary(values):
    return np.frombuffer(values, "<f4")


def _collect(rows, parse, wanted, n_dims):
    """Words and vectors of the first row of every wanted word."""
    kept = set()
    words, matrix = [], bytearray()  # grows with what was read, not by what a header promises
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
