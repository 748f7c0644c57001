"""Errors of cases keep their kind and cause, travel between processes and compose with numbers from outside."""

import copy
import pickle
import traceback

import numpy as np
import pytest

from seqconv.data.case_errors import RECORD_ERRORS, CaseError, case_error, of_case, renumbered


@pytest.mark.parametrize(
    "kind, kept",
    [
        *((kind, kind) for kind in RECORD_ERRORS),
        (UnicodeDecodeError, ValueError),
        (FileExistsError, OSError),
        (ConnectionResetError, OSError),
    ],
)
def test_the_kind_is_kept(kind, kept):
    error = case_error(kind, np.int64(3), "{case} is empty.")
    assert isinstance(error, CaseError) and isinstance(error, kept) and error.kind is kept
    assert type(error.case) is int and str(error) == "case 3 is empty."
    others = [other for other in RECORD_ERRORS if not issubclass(kept, other)]
    assert not isinstance(error, tuple(others))


@pytest.mark.parametrize("kind", [KeyError, Exception, MemoryError])
def test_a_kind_that_no_record_raises_is_rejected(kind):
    with pytest.raises(TypeError, match=f"kind must be one of RECORD_ERRORS, got {kind.__name__}"):
        case_error(kind, 0, "{case}")


@pytest.mark.parametrize("kind", RECORD_ERRORS)
@pytest.mark.parametrize("copied", [lambda error: pickle.loads(pickle.dumps(error)), copy.copy])
def test_a_copy_is_equal_and_can_be_renumbered(kind, copied):
    error = copied(case_error(kind, 3, "{case} has {braces}, 100 %."))
    assert type(error) is type(case_error(kind, 0, ""))
    assert (str(error), error.case) == ("case 3 has {braces}, 100 %.", 3)
    with pytest.raises(kind, match="case 9 has"), renumbered([0, 0, 0, 9]):
        raise error


def test_the_repr_tells_kind_and_message():
    assert repr(case_error(OSError, 1, "{case} is gone.")) == "CaseOSError('case 1 is gone.')"


@pytest.mark.parametrize(
    "error",
    [
        ValueError("the clip is empty."),
        TypeError("no text."),
        FileNotFoundError(2, "No such file", "a.wav"),
        IsADirectoryError(21, "Is a directory", "a"),
        PermissionError(13, "Permission denied", "a"),
        OSError("disk"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    ],
)
def test_an_error_of_a_record_names_its_case_and_keeps_its_cause(error):
    with pytest.raises(type(error) if type(error) in RECORD_ERRORS else ValueError) as caught, of_case(5):
        raise error
    assert isinstance(caught.value, CaseError) and caught.value.case == 5
    assert str(caught.value) == f"case 5: {error}"
    assert caught.value.__cause__ is error
    assert "direct cause" in "".join(traceback.format_exception(caught.value))


def test_an_error_that_knows_its_case_passes_unchanged():
    error = case_error(ValueError, 2, "{case} is empty.")
    with pytest.raises(ValueError) as caught, of_case(7):
        raise error
    assert caught.value is error and str(error) == "case 2 is empty."


@pytest.mark.parametrize("kind", [KeyError, ZeroDivisionError, KeyboardInterrupt, StopIteration])
def test_an_error_that_no_record_raises_passes_unchanged(kind):
    error = kind("x")
    with pytest.raises(kind) as caught, renumbered([1]), of_case(0):
        raise error
    assert caught.value is error


def test_numbers_of_nested_blocks_compose():
    outer, inner = renumbered([10, 20, 30, 40]), renumbered(np.array([0, 3]))
    with pytest.raises(ValueError, match="^case 40: bad") as caught, outer, inner, of_case(1):
        raise ValueError("bad")
    assert caught.value.case == 40 and type(caught.value.case) is int
    assert str(caught.value.__cause__) == "bad"


@pytest.mark.parametrize("case", [-1, 2, 99])
def test_a_case_outside_the_numbers_keeps_its_own(case):
    with pytest.raises(ValueError, match=f"^case {case} is empty"), renumbered([7, 8]):
        raise case_error(ValueError, case, "{case} is empty.")


def test_blocks_without_an_error_do_nothing():
    with renumbered([]), of_case(0):
        pass


def test_a_case_may_be_named_more_than_once():
    with pytest.raises(ValueError, match="^case 8 has 1 channel, others 2; leave case 8 out"), renumbered([8]):
        raise case_error(ValueError, 0, "{case} has 1 channel, others 2; leave {case} out.")
