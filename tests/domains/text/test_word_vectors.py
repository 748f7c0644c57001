import gzip
import os
import pickle
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from seqconv.domains.text.word_vector_rows import LONGEST_LINE
from seqconv.domains.text.word_vectors import read_word_vectors

WORDS = ["free", "</s>", "naïve", "日本", "12", "nan", "10_000", "\u00a0", "don't"]
VECTORS = np.random.default_rng(0).normal(size=(len(WORDS), 7)).astype(np.float32)


def _lines(end=""):
    pairs = zip(WORDS, VECTORS, strict=True)
    return "".join(f"{word} {' '.join(repr(float(v)) for v in row)}{end}\n" for word, row in pairs).encode()


def _records(end):
    return b"".join(word.encode() + b" " + row.tobytes() + end for word, row in zip(WORDS, VECTORS, strict=True))


HEADER = f"{len(WORDS)} 7\n".encode()
FORMATS = {
    "word2vec text": HEADER + _lines(),
    "word2vec text with spaces at the ends, as the C tool writes": HEADER + _lines(" "),
    "text with line ends of Windows": (HEADER + _lines()).replace(b"\n", b"\r\n"),
    "word2vec binary, as gensim writes": HEADER + _records(b""),
    "word2vec binary, as the C tool writes": HEADER + _records(b"\n"),
    "GloVe": _lines(),
}


@pytest.fixture
def write(tmp_path):
    def write(content, name="vectors.txt"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_every_format_is_read_exactly_whatever_its_name(write, content, packed):
    words, vectors = read_word_vectors(write(gzip.compress(content) if packed else content, "misleading.bin"))
    assert words == WORDS
    assert vectors.dtype == np.float32 and vectors.flags.writeable
    np.testing.assert_array_equal(vectors, VECTORS)


@pytest.mark.parametrize("binary", [False, True])
def test_what_gensim_writes_is_read_and_what_gensim_reads_is_equal(tmp_path, binary):
    from gensim.models import KeyedVectors

    theirs = KeyedVectors(300)
    theirs.add_vectors([f"w{i}" for i in range(50)], np.random.default_rng(1).normal(size=(50, 300)).astype(np.float32))
    path = tmp_path / "v"
    theirs.save_word2vec_format(path, binary=binary)
    words, vectors = read_word_vectors(path)
    assert words == theirs.index_to_key
    np.testing.assert_array_equal(vectors, KeyedVectors.load_word2vec_format(path, binary=binary).vectors)


def test_binary_values_that_look_like_spaces_and_line_ends_are_values(write):
    row = np.concatenate([np.frombuffer(b"\n\n\n\n    ", "<f4"), VECTORS[0], np.frombuffer(b"\n\n\n\n", "<f4")])
    words, vectors = read_word_vectors(write(b"2 10\na " + row.tobytes() + b"b " + row.tobytes()))
    assert words == ["a", "b"]
    np.testing.assert_array_equal(vectors, [row, row])


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS)
def test_only_the_words_asked_for_are_kept_in_the_order_of_the_file(write, content):
    words, vectors = read_word_vectors(write(content), words=["日本", "absent", "free", "\udc80"])
    assert words == ["free", "日本"]
    np.testing.assert_array_equal(vectors, VECTORS[[0, 3]])


def test_no_word_found_gives_an_empty_matrix_of_the_files_width(write):
    words, vectors = read_word_vectors(write(FORMATS["GloVe"]), words=["absent"])
    assert words == [] and vectors.shape == (0, 7)


def test_words_with_spaces_are_parsed_from_the_right(write):
    words, vectors = read_word_vectors(write(b". . . 1 2\nat name@domain.com 3 4\n, 5 6\n7 8 9\n"))
    assert words == [". . .", "at name@domain.com", ",", "7"]
    assert vectors.tolist() == [[1, 2], [3, 4], [5, 6], [8, 9]]


@pytest.mark.parametrize("header", [b"", b"3 2\n"])
def test_a_word_that_comes_twice_keeps_its_first_vector_and_leaves_no_row_of_zeros(write, header):
    words, vectors = read_word_vectors(write(header + b"a 1 2\nb 3 4\na 5 6\n"))
    assert words == ["a", "b"] and vectors.tolist() == [[1, 2], [3, 4]]


BROKEN = {
    "a value missing": (b"3 2\na 1 2\nb 3\nc 4 5\n", "line 3: a word and 2 values"),
    "a value too many": (b"3 2\na 1 2\nb 3 4 5\nc 4 5\n", "line 3: a word and 2 values"),
    "a value too many without header": (b"a 1 2\nb 3 4 5\n", "line 2: a word and 2 values"),
    "no number": (b"2 2\na 1 2\nb 3 x\n", "line 3: 2 finite numbers"),
    "no number in the first line": (b"a 1 x 3\nb 1 2 3\n", "line 1"),
    "an underscore in a number": (b"2 2\na 1 2\nb 3 1_0\n", "line 3: 2 finite numbers"),
    "an underscore in the first line": (b"a 1_0 2\n", "line 1: 2 finite numbers"),
    "nan": (b"2 2\na 1 2\nb nan 4\n", "line 3: 2 finite numbers"),
    "inf": (b"a 1 inf\n", "line 1: 2 finite numbers"),
    "beyond float32": (b"2 2\na 1 2\nb 1e39 4\n", "line 3: 2 finite numbers"),
    "an empty line": (b"2 2\na 1 2\n\nb 3 4\n", "line 3: a word"),
    "no word": (b"2 2\na 1 2\n 3 4\n", "line 3: a word"),
    "two spaces": (b"2 2\na 1 2\nb  3 4\n", "line 3: a word"),
    "not UTF-8": (b"2 2\na 1 2\n\xe9t\xe9 3 4\n", "line 3: a word in UTF-8"),
    "fewer words than promised": (b"3 2\na 1 2\nb 3 4\n", "promises 3 words, the file ends after 2"),
    "more words than promised": (b"1 2\na 1 2\nb 3 4\n", "line 3: the header promises 1 words, the file has more"),
    "no words": (b"0 300\n", "line 1: words of 1"),
    "no values": (b"3 0\n", "line 1: words of 1"),
    "too many values": (b"1 1000000\n", "line 1: words of 1"),
    "text": (b"It was a dark and stormy night.\n", "line 1: a header or a word"),
    "nothing": (b"", "empty"),
    "nan in binary": (b"1 2\na " + np.array([1, np.nan], "<f4").tobytes(), "word 1: 2 finite numbers"),
    "cut inside the last number": (b"2 2\na 1 2\nb 3 4.12", "line 3: the last line must end with a line break"),
    "cut inside the last number without header": (
        b"a 1 2\nb 3 4.12",
        "line 2: the last line must end with a line break",
    ),
    "cut inside the only number": (b"a 1.25", "line 1: the last line must end with a line break"),
    "cut between two numbers": (b"2 2\na 1 2\nb 3", "line 3: .* fetch it again, or add one if"),
    "a longer line than can be": (b"1 1\na 1." + b"0" * LONGEST_LINE, "line 2: a word and 1 values"),
    "half a record": (HEADER + _records(b"")[:-3], "word 9: .* breaks off"),
    "half the records": (HEADER + _records(b"")[: 4 * len(_records(b"")) // 9], "breaks off"),
    "half a gzip file": (gzip.compress(HEADER + _lines())[:-30], "whole gzip file"),
    "a damaged gzip file": (gzip.compress(HEADER + _lines())[:-6] + b"\0" * 6, "whole gzip file"),
}


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN)
def test_broken_files_are_refused_by_file_and_line(write, content, message):
    path = write(content)
    with pytest.raises(ValueError, match=message) as refusal:
        read_word_vectors(path)
    assert str(path) in str(refusal.value)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("wanted", [None, ["free"]], ids=["all words", "the first word"])
@pytest.mark.parametrize("name", [name for name in FORMATS if "binary" not in name])
def test_a_text_file_cut_in_its_last_lines_is_refused_or_read_up_to_its_last_whole_line(write, name, wanted, packed):
    content = FORMATS[name]
    for n_bytes in range(len(content) - 250, len(content)):
        cut = content[:n_bytes]
        path = write(gzip.compress(cut, 1) if packed else cut)
        if name == "GloVe" and cut.endswith(b"\n"):
            n_words = 1 if wanted else cut.count(b"\n")
            words, vectors = read_word_vectors(path, wanted)
            assert words == WORDS[:n_words]
            np.testing.assert_array_equal(vectors, VECTORS[:n_words])
        else:
            with pytest.raises(ValueError, match=re.escape(str(path))):
                read_word_vectors(path, wanted)


def test_the_values_of_other_words_are_not_read_but_their_lines_must_be_whole(write):
    path = write(b"3 2\na 1 2\nb nan 4\nc 5 6\n")
    assert read_word_vectors(path, words=["a", "c"])[0] == ["a", "c"]
    with pytest.raises(ValueError, match="line 3"):
        read_word_vectors(write(b"3 2\na 1 2\nb 4\nc 5 6\n"), words=["a", "c"])


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("header", [b"2000000000 300\n", b"999999999999999999 1\n", b"3000000 65536\n"])
def test_a_header_that_promises_more_than_the_bytes_is_refused_before_allocation(write, header, packed, monkeypatch):
    content = header + b"a " + b"0.5 " * 300 + b"\n"
    monkeypatch.setattr(np, "frombuffer", None)  # nothing gets as far as an array
    with pytest.raises(ValueError, match="line 1: the header promises"):
        read_word_vectors(write(gzip.compress(content) if packed else content))


def test_a_small_gzip_file_that_unpacks_to_a_flood_is_refused(write):
    flood = b"".join(b"%d 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n" % (i % 2) for i in range(60_000))
    with pytest.raises(ValueError, match="100 times its size"):
        read_word_vectors(write(gzip.compress(flood)))


def test_pickles_and_other_foreign_files_are_refused_with_what_to_do(write, tmp_path):
    for content, message in {
        pickle.dumps({"free": [1.0]}): "pickle",
        gzip.compress(pickle.dumps({"free": [1.0]})): "pickle",
        (793712314).to_bytes(4, "little") + b"\x0c\0\0\0": "load_facebook_vectors",
    }.items():
        with pytest.raises(ValueError, match=message):
            read_word_vectors(write(content))
    with zipfile.ZipFile(tmp_path / "glove.zip", "w") as archive:
        archive.writestr("glove.txt", FORMATS["GloVe"])
    with pytest.raises(ValueError, match="unpack it"):
        read_word_vectors(tmp_path / "glove.zip")
    np.save(tmp_path / "v.npy", VECTORS)
    with pytest.raises(ValueError, match="NumPy"):
        read_word_vectors(tmp_path / "v.npy")


def test_addresses_folders_and_one_string_of_words_are_refused(write, tmp_path):
    with pytest.raises(ValueError, match="download it first"):
        read_word_vectors("https://example.org/vectors.txt.gz")
    with pytest.raises(ValueError, match="which is not one"):
        read_word_vectors(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_word_vectors(tmp_path / "absent.txt")
    with pytest.raises(TypeError, match="put it into a list"):
        read_word_vectors(write(FORMATS["GloVe"]), words="free")


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS)
def test_a_damaged_file_gives_finite_vectors_or_the_declared_error(write, content):
    rng = np.random.default_rng(0)
    for _ in range(150):
        mutant = bytearray(content)
        for place in rng.integers(len(mutant), size=rng.integers(1, 4)):
            mutant[place] = rng.integers(256)
        mutant = bytes(mutant[: rng.integers(1, 2 * len(mutant))])
        try:
            words, vectors = read_word_vectors(write(gzip.compress(mutant) if rng.random() < 0.2 else mutant))
        except ValueError:
            continue
        assert vectors.shape[0] == len(words) == len(set(words)) and np.isfinite(vectors).all()


def test_a_real_word2vec_file_is_read():
    path = Path(os.environ.get("SEQCONV_DATA", "")) / "text" / "word2vec_top1000" / "word2vec_top1000.txt.gz"
    if "SEQCONV_DATA" not in os.environ or not path.exists():
        pytest.skip("SEQCONV_DATA has no text/word2vec_top1000")
    words, vectors = read_word_vectors(path)
    assert len(words) == 1000 and vectors.shape == (1000, 300) and words[:2] == ["in", "for"]
    some, rows = read_word_vectors(path, words=["for"])
    assert some == ["for"]
    np.testing.assert_array_equal(rows[0], vectors[1])


@pytest.mark.parametrize("header", ["", "2 2\n"])
def test_a_byte_order_mark_is_no_part_of_the_first_word(tmp_path, header):
    (tmp_path / "vectors").write_text(f"{header}free 5 4\nlunch 1 0\n", encoding="utf-8-sig")
    words, vectors = read_word_vectors(tmp_path / "vectors")
    assert words == ["free", "lunch"] and vectors.tolist() == [[5, 4], [1, 0]]
