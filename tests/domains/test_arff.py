"""ARFF tables: exact, or refused by line."""

import gzip

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqconv.formats import read_arff

HEADER = "@RELATION EEG\r\n% a comment\r\n@ATTRIBUTE AF3 NUMERIC\r\n@attribute 'F 7' real\r\n@ATTRIBUTE eyes {open, shut}\r\n\r\n@DATA\r\n"


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "eyes.arff"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_numbers_missing_values_and_classes_are_read(write):
    for data in (
        HEADER + "1.5,-2e1,open\r\n?, NaN ,'shut'\r\n",
        gzip.compress((HEADER + "1.5,-2e1,open\n?,?,shut\n").encode()),
    ):
        table = read_arff(write(data))
        np.testing.assert_array_equal(table.values, [[1.5, -20], [np.nan, np.nan]])
        assert table.names == ["AF3", "F 7"] and table.labels.tolist() == ["open", "shut"]


def test_without_a_class_there_is_none(write):
    table = read_arff(write("@attribute a integer\n@data\n1\n2\n"))
    assert table.labels is None and table.values.tolist() == [[1], [2]]


def test_ranges_tabs_and_comments_behind_values_are_read(write):
    head = "@relation 'a % b' % of us\n@attribute 'x %' numeric [0,1] % a share\n@attribute y real(0, 5]\n"
    data = (
        head
        + "@attribute c {open, 'shut'} % class\n  % more\n@data % rows\n0.5\t2\topen\n1,\t3,shut % tired\n \t% none\n"
    )
    table = read_arff(write(data))
    assert table.names == ["x %", "y"] and table.values.tolist() == [[0.5, 2], [1, 3]]
    assert table.labels.tolist() == ["open", "shut"]
    assert read_arff(write(HEADER + "1\t2\tshut")).labels.tolist() == ["shut"]
    with pytest.raises(ValueError, match="line 8: the last line must end"):
        read_arff(write(HEADER + "1\t2\tshu"))
    with pytest.raises(ValueError, match="line 8: each row must have 3 values, got 1"):
        read_arff(write(HEADER + "1 2 open\n"))


@given(values=st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=2))
def test_numbers_are_exact(tmp_path_factory, values):
    path = tmp_path_factory.mktemp("arff") / "x.arff"
    path.write_text("@attribute a real\n@attribute b real\n@data\n" + ",".join(map(repr, values)) + "\n")
    assert read_arff(path).values.tolist() == [values]


def test_a_last_line_without_end_is_whole_if_it_ends_with_a_class(write):
    assert read_arff(write(HEADER + "1,2,shut")).labels.tolist() == ["shut"]
    for text in ("1,2,shu", "1,2", "1,2,"):
        with pytest.raises(ValueError, match="line 8: the last line must end with a line end"):
            read_arff(write(HEADER + text))
    with pytest.raises(ValueError, match="line 3: the last line must end"):
        read_arff(write("@attribute a real\n@data\n1.25"))
    with pytest.raises(ValueError, match="line 4: the last line must end"):  # 1 may be the beginning of 10
        read_arff(write("@attribute a real\n@attribute c {1,10}\n@data\n2,1"))


@pytest.mark.parametrize(
    "line, message",
    [
        ("1,2", "each row must have 3 values, got 2"),
        ("1,2,open,4", "each row must have 3 values, got 4"),
        ("{0 1, 2 open}", "each row must have 3 values, got a sparse row"),
        ("1,x,open", "a value must be a number or missing .* got 'x'"),
        ("1,inf,open", "a value must be a number"),
        ("1,1e999,open", "a value must be at most"),
        ("1,2,Open", "eyes must be one of open, shut, got 'Open'"),
        ("1,2,?", "eyes must be one of open, shut, got '?'"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_by_line(write, line, message):
    with pytest.raises(ValueError, match=f"eyes.arff, line 9: {message}".replace("?'", r"\?'")):
        read_arff(write(HEADER + "1,2,open\n" + line + "\n"))


@pytest.mark.parametrize(
    "text, message",
    [
        ("@attribute a string\n@data\nx\n", "the header must be .*String attributes"),
        ("@attribute a date 'yyyy'\n@data\n2024\n", "a numeric attribute is required"),
        ("@attribute a {x}\n@attribute b {y}\n@attribute c real\n@data\n", "must hold at least one row"),
        ("@attribute a real\n@attribute a real\n@data\n", "the header must be .*'a' occurs more than once"),
        ("@attribute a {x,y}\n@data\nx\n", "a numeric attribute is required before @data"),
        ("@attribute real\n@data\n", "the header must be @relation"),
        ("1,2\n", "must hold at least one row after a line @data"),
        ("a real\n@data\n1\n", "the header must be .*got 'a real'"),
        ("@attribute a real\n@data\n", "must hold at least one row"),
        ("@attribute a real\n", "must hold at least one row"),
        (b"@attribute a real\n@data\n\xff\n", "line 3: the text must be UTF-8"),
        (gzip.compress(b"@attribute a real\n@data\n1\n", mtime=0)[:-9], "damaged or cut"),
    ],
)
def test_a_file_of_another_kind_is_refused(write, text, message):
    with pytest.raises(ValueError, match=f"eyes.arff.*{message}"):
        read_arff(write(text))


def test_dates_are_left_out_and_told(write):
    path = write(
        "@relation r\n@attribute day date 'yyyy'\n@attribute b real\n@attribute c {x,y}\n@data\n2024,1,x\n?,2,y\n"
    )
    with pytest.warns(UserWarning, match="eyes.arff: left out are day;"):
        table = read_arff(path)
    assert table.values.tolist() == [[1], [2]] and table.names == ["b"] and table.labels.tolist() == ["x", "y"]


def test_blanks_in_quotes_around_a_class_do_not_count(write):
    table = read_arff(
        write("@relation r\n@attribute age real\n@attribute s {'  yes', 'no  '}\n@data\n18,'no  '\n24,'  yes'\n")
    )
    assert table.labels.tolist() == ["no", "yes"] and table.values.tolist() == [[18], [24]]


def test_of_several_nominal_attributes_the_last_is_the_class(write):
    text = "@attribute sex {f, m}\n@attribute a real\n@attribute c {'x, y', z}\n@data\nf,1,'x, y'\n?,2,z\n"
    with pytest.warns(UserWarning, match="eyes.arff: left out are sex;"):
        table = read_arff(write(text))
    assert table.names == ["a"] and table.values.tolist() == [[1], [2]] and table.labels.tolist() == ["x, y", "z"]
    with pytest.raises(ValueError, match="line 6: sex must be one of f, m, got 'q'"):
        read_arff(write(text.replace("?,2", "q,2")))
    with pytest.raises(ValueError, match="line 5: quotes must enclose a whole value"):
        read_arff(write(text.replace("'x, y'\n?", "'x, y\n?")))


@pytest.mark.parametrize("row", ["1,2,open,4", "1,inf,open", "1,1e999,open", "1_0,2,open", "1,2,?"])
def test_rows_that_scipy_takes_without_an_error_are_rejected(write, row):
    from scipy.io import arff

    path = write(HEADER + row + "\n")
    assert len(arff.loadarff(path)[0]) == 1
    with pytest.raises(ValueError, match="eyes.arff, line 8"):
        read_arff(path)
