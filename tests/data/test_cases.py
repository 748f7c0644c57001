"""Some of the cases, stored or decoded."""

import numpy as np
import pytest

from seqconv.data.cases import DecodedCases, StoredCases

X = np.arange(2 * 5 * 3, dtype=np.int32).reshape(5, 3, 2)
KINDS = {
    "stored": lambda: StoredCases(X, is_ids=True),
    "decoded": lambda: DecodedCases(5, lambda rows: X[rows], is_ids=True),
}


@pytest.mark.parametrize("make", KINDS.values(), ids=KINDS)
def test_some_of_some_cases_are_the_right_ones(make):
    some = make().of(np.array([4, 1, 2])).of(np.array([2, 0]))
    assert len(some) == 2 and some.dtype == np.int32
    np.testing.assert_array_equal(some.take(np.array([1, 0]), 2), X[[4, 2], :2])
    np.testing.assert_array_equal(np.concatenate(list(some.in_blocks())), X[[2, 4]])
