"""Lists of records, names in errors and the report of records left out."""

import pathlib
import warnings

import numpy as np
import pytest

from seqconv import SequenceSet
from seqconv.data.case_errors import CaseError, case_error
from seqconv.domains.records import check_each, column_of, list_of, naming, report_left_out


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ("a.wav", TypeError, "X must be a list of clips, got one str; put it into a list"),
        (b"a", TypeError, "got one bytes"),
        (pathlib.Path("a.wav"), TypeError, "got one Posix"),
        ({"a": 1}, TypeError, "got one dict"),
        (iter(["a"]), TypeError, "got one list_iterator"),
        (None, TypeError, "got one NoneType"),
        (np.array(1.0), TypeError, r"got one ndarray of shape \(\)"),
        (SequenceSet(["a"]), TypeError, "got a SequenceSet; give its X"),
        ([], ValueError, "X must be a list of clips, at least one, got none"),
    ],
)
def test_what_is_no_list_is_rejected(X, error, message):
    with pytest.raises(error, match=message):
        list_of("clips", X, is_one=getattr(X, "ndim", None) == 0)


def test_a_single_record_is_rejected_where_its_domain_says_so():
    assert list_of("clips", np.zeros(2)) == [0, 0]
    with pytest.raises(TypeError, match=r"got one ndarray of shape \(2,\)"):
        list_of("clips", np.zeros(2), is_one=True)


@pytest.mark.parametrize(
    "kind", [FileNotFoundError, IsADirectoryError, PermissionError, OSError, TypeError, ValueError]
)
def test_an_error_of_a_record_knows_its_case_and_keeps_its_kind(kind):
    def check(record):
        if record == "bad":
            raise kind("case 7 is bad")
        return record

    with pytest.raises(kind, match="^case 1: case 7 is bad$") as found:
        check_each(["good", "bad"], check)
    assert isinstance(found.value, CaseError) and found.value.case == 1 and found.value.kind is kind


@pytest.mark.parametrize("kind", [FileNotFoundError, PermissionError, OSError, TypeError, ValueError])
def test_a_name_is_put_before_an_error_once(kind):
    with pytest.raises(kind, match="^b: bars are missing$") as found, naming("b"), naming("b"):
        raise kind("bars are missing")
    assert type(found.value) is kind


def test_an_error_that_knows_its_case_needs_no_name():
    with pytest.raises(ValueError, match="^case 2 is empty$"), naming("b"):
        raise case_error(ValueError, 2, "{case} is empty")


def test_what_was_left_out_is_warned_of_at_the_users_line():
    def cases(skipped, n_kept):
        report_left_out("clips", 3, skipped, n_kept, stacklevel=2)

    with pytest.warns(UserWarning, match=r"^2 of 3 clips were left out: a: cut; b: empty\.$") as told:
        cases([("a", "a: cut."), ("b", "b: empty")], 1)
    assert len(told) == 1 and told[0].filename == __file__
    with pytest.warns(UserWarning, match=r'e: cut; and 2 more, all in about.attrs\["skipped"\]\.$'):
        cases([(name, f"{name}: cut.") for name in "abcdefg"], 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cases([], 3)
    with pytest.raises(ValueError, match=r"^at least one of the 3 clips must be usable, got errors for all: a: cut\.$"):
        cases([("a", "a: cut.")], 0)


def test_a_column_has_one_item_a_record():
    assert column_of("y", None, 2) is None and column_of("y", ["a", "b"], 2).tolist() == ["a", "b"]
    for values in (["a"], "ab"):
        with pytest.raises(ValueError, match="y must have one item a recording, 2 in all, got shape"):
            column_of("y", values, 2)
