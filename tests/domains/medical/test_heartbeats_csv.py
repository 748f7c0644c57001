"""The heartbeat csv: exact, its padding told from its values, or refused by line."""

import gzip

import numpy as np
import pytest

from seqconv.formats import read_heartbeats


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "beats.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_the_zeros_at_the_end_are_no_steps_and_those_inside_stay(write):
    text = "0.9,0,0.5,0,0,0\n1.000000000000000000e+00,0.25,0.5,0.25,0.125,4.000000000000000000e+00\n"
    for data in (text, gzip.compress(text.encode())):
        X, y = read_heartbeats(write(data))
        assert X.shape == (2, 5, 1) and X.dtype == np.float32 and y.tolist() == ["N", "Q"]
        np.testing.assert_array_equal(X[0, :, 0], np.float32([0.9, 0, 0.5, np.nan, np.nan]))
        assert not np.isnan(X[1]).any()


@pytest.mark.parametrize(
    "line, message",
    [
        ("0.5,0.5,0", "each line must have 3 values and a class, got 2"),
        ("0.5,0.5,1,1,0", "each line must have 3 values and a class, got 4"),
        ("0.5,x,0.5,0", "a value must be a number .* got 'x'"),
        ("0.5,,0.5,0", "a value must be a number"),
        ("0.5,NaN,0.5,0", "all values of a beat must be observed, value 2 is missing; leave it out"),
        ("0,0,0,0", "a beat must have a value other than 0"),
        ("0.5,0.5,0.5,5", "the class must be 0 to 4, got '5'"),
        ("0.5,0.5,0.5,0.5", "the class must be 0 to 4, got '0.5'"),
        ("0.5,0.5,0.5,N", "a value must be a number .* got 'N'"),
        ("0.5,0.5,0.5,?", "the class must be 0 to 4, got '?'"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_by_number(write, line, message):
    with pytest.raises(ValueError, match=f"beats.csv, line 2: {message}".replace("'?'", r"'\?'")):
        read_heartbeats(write("0.1,0.2,0.3,0\n" + line + "\n"))


def test_an_empty_or_cut_file_is_refused(write):
    with pytest.raises(ValueError, match="must hold at least one beat"):
        read_heartbeats(write("\n"))
    with pytest.raises(ValueError, match="line 1: each line must have some values"):
        read_heartbeats(write("1\n"))
    with pytest.raises(ValueError, match="the last line must end"):
        read_heartbeats(write("0.1,0.2,0.3,0"))
