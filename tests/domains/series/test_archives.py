"""Promises of the archive readers: exact, or refused by line."""

import gzip
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqconv.formats import read_ts, read_tsv

HEADER = "# made up\n@problemName Toy\n@timeStamps false\n@univariate false\n@classLabel true 1 10 Banana\n@data\n"


@pytest.fixture
def write(tmp_path):
    def write(text, name="Toy.ts"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def tsv_text(X, labels):
    return "".join("\t".join([label, *map(number_text, row)]) + "\n" for label, row in zip(labels, X, strict=True))


def ts_text(X, labels, header="@data\n"):
    rows = (":".join(",".join(map(number_text, channel)) for channel in case.T) for case in X)
    return header + "".join(f"{row}:{label}\n" for row, label in zip(rows, labels, strict=True))


def number_text(value):
    return "NaN" if np.isnan(value) else repr(float(value))


# ---------------------------------------------------------------------------------------------------- exact


def test_a_tsv_file_gives_cases_steps_and_one_channel(write):
    X, y = read_tsv(write("1\t0.5\t-2e-3\t.5\n-1\t1.\t+2\t3E2\n"))
    assert X.dtype == np.float32 and X.shape == (2, 3, 1)
    assert np.array_equal(X[:, :, 0], np.array([[0.5, -2e-3, 0.5], [1, 2, 300]], np.float32))
    assert y.dtype == np.int64 and y.tolist() == [1, -1]


def test_a_ts_file_gives_channels_last(write):
    X, y = read_ts(write(HEADER + "1,2,3:4,5,6:Banana\n7,8,9:0,0,?:10\n"))
    assert X.dtype == np.float32 and X.shape == (2, 3, 2)
    assert X[0].tolist() == [[1, 4], [2, 5], [3, 6]]
    assert np.isnan(X[1, 2, 1]) and X[1, 2, 0] == 9
    assert y.tolist() == ["Banana", "10"]


def test_nan_at_the_end_is_no_step_and_nan_inside_is_missing(write):
    X, _ = read_tsv(write("1\t1\tNaN\t3\tNaN\n2\tNaN\t1\tNaN\tNaN\n"))
    assert [case.shape for case in X] == [(3, 1), (2, 1)]
    assert np.isnan(X[0][:, 0]).tolist() == [False, True, False]
    assert np.isnan(X[1][:, 0]).tolist() == [True, False]


def test_a_step_stays_while_any_channel_is_observed(write):
    X, _ = read_ts(write(HEADER + "1,2,?:4,?,?:1\n1,2,3:?,?,?:1\n"))
    assert [case.shape for case in X] == [(2, 2), (3, 2)]


def test_missing_values_inside_leave_one_array(write):
    X, _ = read_tsv(write("1\t1\tNaN\t3\n2\tNaN\t1\t5\n"))
    assert X.shape == (2, 3, 1) and np.isnan(X).sum() == 2


def test_a_case_without_any_observed_value_keeps_its_steps(write):
    X, _ = read_tsv(write("1\tNaN\tNaN\tNaN\n2\t1\t2\tNaN\n"))
    assert [len(case) for case in X] == [3, 2] and np.isnan(X[0]).all()
    X, _ = read_ts(write("@classLabel true a\n@data\n?,?:a\n?,?:a\n"))
    assert X.shape == (2, 2, 1) and np.isnan(X).all()


@pytest.mark.parametrize("promise", ["@equalLength true", "@seriesLength 3", "@equalLength true\n@seriesLength 3"])
def test_a_promised_length_is_kept_where_values_are_missing_at_the_end(write, promise):
    X, _ = read_ts(write(f"{promise}\n" + HEADER + "1,2,?:3,?,?:1\n4,?,?:?,?,?:1\n?,?,?:?,?,?:1\n"))
    assert X.shape == (3, 3, 2)
    assert np.isnan(X).sum(axis=(1, 2)).tolist() == [3, 5, 6]


def test_a_header_that_says_missing_may_hold_missing_values_or_none(write):
    for header in ("", "@missing true\n"):
        assert np.isnan(read_ts(write(header + HEADER + "1,?,3:4,5,NaN:1\n"))[0]).sum() == 2
    for header in ("@missing TRUE\n", "@missing false\n"):
        assert not np.isnan(read_ts(write(header + HEADER + "1,2:3,4:1\n"))[0]).any()


def test_filling_behind_the_end_of_unequal_cases_is_not_missing(write):
    X, _ = read_ts(write("@missing false\n@equalLength false\n" + HEADER + "1,?:3,?:1\n1,2:3,4:1\n"))
    assert [case.shape for case in X] == [(1, 2), (2, 2)]


def test_words_of_the_header_that_several_classes_share_are_no_repetition(write):
    y = read_ts(write("@classLabel true left arm right arm arm\n@data\n1:left arm\n2:right arm\n3:arm\n"))[1]
    assert y.tolist() == ["left arm", "right arm", "arm"]


def test_unequal_lengths_give_a_list(write):
    X, y = read_ts(write(HEADER + "1,2,3:4,5,6:1\n7:8:10\n"))
    assert [case.shape for case in X] == [(3, 2), (1, 2)] and y.tolist() == [1, 10]


def test_gzip_crlf_byte_order_mark_blank_lines_and_comments_change_nothing(write):
    plain = HEADER + "1,2:3,4:1\n5,6:7,8:10\n"
    expected, _ = read_ts(write(plain))
    noisy = "\ufeff" + plain.replace("\n", "\r\n").replace("5,6", "# a word\r\n%\r\n5,6") + "\r\n\r\n"
    for data in (gzip.compress(plain.encode()), noisy.encode(), gzip.compress(noisy.encode())):
        X, y = read_ts(write(data))
        assert np.array_equal(X, expected) and y.tolist() == [1, 10]


def test_comments_may_have_any_encoding(write):
    X, _ = read_ts(write(b"#119\x96127\n" + HEADER.encode() + b"1,2:3,4:1\n"))
    assert X.shape == (1, 2, 2)


@pytest.mark.parametrize("target", ["@targetLabel true", "@targetlabel TRUE"])
def test_regression_targets_are_floats(write, target):
    X, y = read_ts(write(f"{target}\n@data\n1,2:0.1\n3,4:-2e5\n"))
    assert X.shape == (2, 2, 1) and y.dtype == np.float64 and y.tolist() == [0.1, -2e5]


@pytest.mark.parametrize("header", ["", "@classLabel false\n", "@targetLabel false\n"])
def test_without_labels_y_is_none(write, header):
    X, y = read_ts(write(f"{header}@data\n1,2:3,4\n"))
    assert X.shape == (1, 2, 2) and y is None


def test_header_keys_may_be_written_either_way(write):
    header = "@DIMENSIONS 2\n@equallength TRUE\n@serieslength 2\n@classlabel\ttrue  a  b\n@data\n"
    assert read_ts(write(header + "1, 2:3,4 :a\n"))[1].tolist() == ["a"]


@pytest.mark.parametrize("labels", [["1", "01"], ["1", "1.0"], ["1", "+1"], ["0", "-0"], ["1", "1e0"], ["1", "١"]])
def test_what_is_no_plain_whole_number_leaves_all_labels_of_the_file_as_they_stand(write, labels):
    X = np.zeros((2, 2, 1))
    header = f"@classLabel true {' '.join(labels)}\n@data\n"
    assert read_tsv(write(tsv_text(X[:, :, 0], labels)))[1].tolist() == labels
    assert read_ts(write(ts_text(X, labels, header)))[1].tolist() == labels


def test_a_whole_number_beyond_int64_stays_text(write):
    label = "9" * 5000
    assert read_tsv(write(f"{label}\t1\n"))[1].tolist() == [label]


letters = st.characters(exclude_categories=("Cs",), exclude_characters="\n\r\t\0 \ufeff")
odd = st.sampled_from(["nan", "NaN", "?", "Banana", "1.0", "1", "-1", "inf", "é", "İ", "ß", "類", "a\xa0b", "\x85"])
word = st.one_of(odd, st.text(letters, min_size=1, max_size=6).filter(str.strip))
phrase = st.one_of(word, st.just("a b"), st.lists(word, min_size=2, max_size=3).map(" ".join))
value = st.one_of(st.just(float("nan")), st.floats(width=32, allow_infinity=False))
kept = settings(derandomize=True, max_examples=150, deadline=None)


@kept
@given(st.lists(st.tuples(phrase, st.lists(value, min_size=3, max_size=3)), min_size=1, max_size=5))
def test_what_was_written_as_tsv_is_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("tsv") / "t.tsv"
    rows = [(label, np.array([*values, 1.0])) for label, values in rows]
    labels = [label for label, _ in rows]
    path.write_bytes(tsv_text([values for _, values in rows], labels).encode())
    X, y = read_tsv(path)
    assert [str(label) for label in y.tolist()] == labels
    assert np.array_equal(X[:, :, 0], np.array([values for _, values in rows], np.float32), equal_nan=True)


@kept
@given(st.lists(st.tuples(phrase.filter(lambda s: ":" not in s), st.lists(value, min_size=3, max_size=3)), min_size=1))
def test_what_was_written_as_ts_is_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("ts") / "t.ts"
    labels = [label for label, _ in rows]
    X = np.array([[[v, 2.0] for v in [*values, 1.0]] for _, values in rows])
    path.write_bytes(ts_text(X, labels, f"@classLabel true {' '.join(dict.fromkeys(labels))}\n@data\n").encode())
    read, y = read_ts(path)
    assert [str(label) for label in y.tolist()] == labels
    assert np.array_equal(read, X.astype(np.float32), equal_nan=True)


# ---------------------------------------------------------------------------------------------------- refused


BAD_NUMBERS = ["1e999", "-1e999", "3.5e38", "1_0", "inf", "-inf", "Infinity", "nan2", "-nan", "NAN", "0x1", "1,5", "",
               " ", "1 0", "٣", "1e", ".", "--1", "1-2", "true"]  # fmt: skip


@pytest.mark.parametrize("field", BAD_NUMBERS)
def test_a_field_that_is_no_finite_number_is_refused_by_line(write, field):
    with pytest.raises(ValueError, match="Toy.tsv, line 2: .* value"):
        read_tsv(write(f"1\t1\t2\n1\t1\t{field}\n", "Toy.tsv"))
    if "," not in field:
        with pytest.raises(ValueError, match="Toy.ts, line 8: .* value"):
            read_ts(write(HEADER + f"1,2:3,4:1\n1,2:3,{field}:1\n"))


@pytest.mark.parametrize(
    "text, line, message",
    [
        ("1\t1\t2\n1\t1\n", 2, "must have 2 values as the first, got 1"),
        ("1\t1\t2\n1\t1\t2\t3\n", 2, "must have 2 values as the first, got 3"),
        ("\t1\t2\n", 1, "a class label must come first"),
        ("  \t1\t2\n", 1, "a class label must come first"),
        ("1\n", 1, "values must follow the label"),
        ("1\t1\t2\n2\t1\t2", 2, "last line must end with a line end"),
        ("1\t1\t2\t\n", 1, "a value must be a number"),
    ],
)
def test_a_broken_tsv_line_is_refused_with_its_number(write, text, line, message):
    with pytest.raises(ValueError, match=f"Toy.tsv, line {line}: .*{message}"):
        read_tsv(write(text, "Toy.tsv"))


@pytest.mark.parametrize(
    "text, line, message",
    [
        (HEADER + "1,2:3,4:banana\n", 7, "one of the declared .*, got 'banana'"),
        (HEADER + "1,2:3,4:baNaNa\n", 7, "one of the declared"),
        (HEADER + "1,2:3,4:\n", 7, "one of the declared .*, got ''"),
        (HEADER + "1,2,3\n", 7, "a label must come last"),
        (HEADER + "1,2:3,4:1\n1,2:1\n", 8, "must have 2 channels, got 1"),
        (HEADER + "1,2:3,4,5:1\n", 7, r"equally many values, got \[2, 3\]"),
        ("@dimensions 2\n" + HEADER + "1,2:1\n", 8, "must have 2 channels, got 1"),
        ("@equalLength true\n" + HEADER + "1,2:1\n1:1\n", 9, "must have 2 steps"),
        ("@seriesLength 3\n" + HEADER + "1,2:1\n", 8, "must have 3 steps"),
        ("@univariate true\n@data\n1,2:3,4\n", 3, "must have 1 channels"),
        ("@univariate true\n@dimension 2\n@data\n1\n", 3, "@univariate true means one channel"),
        ("@timeStamps true\n@data\n", 1, "remove the time stamps"),
        ("@clasLabel true a\n@data\n", 1, "a header must be one of"),
        ("1,2:3\n", 1, "a header must be one of"),
        ("@data 1,2:a\n", 1, "a header must be one of"),
        ("@univariate maybe\n@data\n", 1, "must be true or false"),
        ("@univariate\n@data\n", 1, "must be true or false"),
        ("@dimension 0\n@data\n", 1, "whole number of at least 1"),
        ("@dimension 1_0\n@data\n", 1, "whole number of at least 1"),
        ("@dimension 2\n@dimensions 2\n@data\n", 2, "declared once"),
        ("@classLabel true\n@data\n", 1, "must name the classes"),
        ("@classLabel true a\n@targetLabel true\n@data\n", 3, "got true for both"),
        ("@missing banana\n@data\n", 1, "@missing must be true or false, got 'banana'"),
        ("@missing\n@data\n", 1, "@missing must be true or false"),
        ("@missing false\n" + HEADER + "1,2:3,4:1\n1,?:3,4:1\n", 9, "as @missing false says, .* correct the header"),
        ("@missing false\n@equalLength true\n@data\n1,2\n1,NaN\n", 5, "as @missing false says"),
        ("@missing false\n@data\n?,?\n", 3, "as @missing false says"),
        ("@univariate true\n@classLabel true 1 2 1\n@data\n1,2:1\n", 2, "declared once, '1' is declared again"),
        ("@classLabel true a b a c\n@data\n1,2:b\n1,2:b a\n1,2:a\n1:b c\n", 6, "one of the declared"),
        ("@classLabel true a b c c\n@data\n1,2:a b\n", 1, "declared once, 'c' is declared again"),
        ("@targetLabel true\n@data\n1,2:?\n", 3, "a target value must be a number"),
        ("@targetLabel true\n@data\n1,2:1e999\n", 3, "value must be at most"),
        ("@targetLabel true\n@data\n1,2:a\n", 3, "must be a number"),
        (HEADER + "1,2:3,4:1\n1,2:3,4:1", 8, "last line must end with a line end"),
    ],
)
def test_a_broken_ts_line_is_refused_with_its_number(write, text, line, message):
    with pytest.raises(ValueError, match=f"Toy.ts, line {line}: .*{message}"):
        read_ts(write(text))


@pytest.mark.parametrize("text", ["", "\n\n", "# only words\n", HEADER, HEADER.replace("@data\n", "")])
def test_a_file_without_a_case_is_refused(write, text):
    with pytest.raises(ValueError, match="must hold at least one case"):
        read_ts(write(text))


def test_an_empty_tsv_file_is_refused(write):
    with pytest.raises(ValueError, match="must hold at least one case"):
        read_tsv(write("\n"))


def test_text_that_is_not_utf8_is_refused_by_line(write):
    with pytest.raises(ValueError, match="line 2: the text must be UTF-8, got 0xe9"):
        read_tsv(write(b"1\t1\n\xe9\t1\n"))


def test_an_undeclared_label_is_not_split_out_of_a_header_word(write):
    with pytest.raises(ValueError, match="one of the declared"):
        read_ts(write("@classLabel true a\xa0b\n@data\n1,2:a\n"))


@pytest.mark.parametrize("read, text", [
    (read_ts, HEADER + "1,2.5:3,4:1\n10,20:3,1:10\n5,6:7,1:Banana\n"),
    (read_ts, "@classLabel true 1 2 a b\n@data\n1,2:1,2:2\n3,4:1,2:a b\n"),
    (read_ts, "@targetLabel true\n@data\n1,2:12.5\n3,4:0.25\n"),
    (read_tsv, "1\t0.25\t10\tNaN\n10\t3\t1e10\t-1\n"),
])  # fmt: skip
def test_a_file_cut_anywhere_is_refused_or_read_up_to_its_last_whole_line(write, read, text):
    whole, y_whole = read(write(text))
    n_header_lines = text.count("\n") - len(whole)
    for n_characters in range(len(text)):
        cut = text[:n_characters]
        path = write(cut)
        n_cases = cut.count("\n") - n_header_lines
        if cut.endswith("\n") and n_cases > 0:
            X, y = read(path)
            assert len(X) == len(y) == n_cases
            assert [str(label) for label in y.tolist()] == [str(label) for label in y_whole.tolist()[:n_cases]]
        else:
            with pytest.raises(ValueError, match=re.escape(str(path))):
                read(path)


def test_a_compressed_file_cut_anywhere_is_refused(write):
    data = gzip.compress((HEADER + "1,2:3,4:1\n5,6:7,8:10\n" * 50).encode())
    for n_bytes in range(2, len(data)):
        with pytest.raises(ValueError, match="Toy.ts"):
            read_ts(write(data[:n_bytes]))


def test_a_damaged_compressed_file_is_refused_or_unchanged(write):
    text = HEADER + "".join(f"{i},2:3,{i * i}:1\n" for i in range(60))
    whole, _ = read_ts(write(text))
    data = gzip.compress(text.encode())
    draw = np.random.default_rng(0)
    n_refused = 0
    for _ in range(150):
        broken = bytearray(data)
        broken[draw.integers(2, len(data))] ^= 1 << draw.integers(8)
        try:
            X, _ = read_ts(write(bytes(broken)))
        except ValueError:
            n_refused += 1
        else:
            assert np.array_equal(X, whole)
    assert n_refused > 100


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing.ts"):
        read_ts(tmp_path / "nothing.ts")
