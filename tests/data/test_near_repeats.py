import warnings

import numpy as np
import pytest

from seqconv import SequenceSet
from seqconv.data.near_repeats import count_near_repeats
from seqconv.data.splits import split_cases


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Invoice 17", "invoice 8"),
        ("a  b", "a b\n"),
        ("call 0800-123 NOW", "Call 0900-4 now"),
        ("the same", "the same"),
    ],
)
def test_texts_equal_but_for_case_digits_and_blanks_are_counted(text, other):
    assert count_near_repeats([text, "x"], ["y", other, other]) == 2


@pytest.mark.parametrize(("text", "other"), [("invoice", "invoice 8"), ("a b!", "a b"), (None, None), (3, 3)])
def test_other_texts_are_not(text, other):
    assert count_near_repeats([text], [other]) == 0


def test_a_split_of_texts_warns_of_them_with_their_number():
    texts = [f"invoice {i} is wrong" for i in range(10)] + [f"text {letter}" for letter in "abcdefghij"]
    with pytest.warns(UserWarning, match=r"\d of 5 texts set apart are also in the rest") as told:
        split_cases(SequenceSet(texts, list("xy") * 10), random_state=1)
    assert told[0].filename == __file__


def test_a_split_of_other_cases_does_not():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        split_cases(SequenceSet([f"text {letter}" for letter in "abcdefghij"], list("xy") * 5))
        split_cases(SequenceSet(np.zeros((8, 3)), list("xy") * 4))
        split_cases(SequenceSet([np.zeros(3)] * 8, list("xy") * 4))
