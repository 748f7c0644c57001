import warnings

import numpy as np
import pytest

from seqconv.data import ragged_rows
from seqconv.data.cases import StoredCases, ragged_blocks
from seqconv.data.padding import pad_sequences
from seqconv.data.ragged_rows import RaggedRows

RNG = np.random.default_rng(0)
CASES = [RNG.normal(size=(n, 2)).astype(np.float32) for n in (3, 9, 1, 5)]


@pytest.mark.parametrize("index", [slice(None), slice(1, 3), [2, 0, 2], np.array([3])])
@pytest.mark.parametrize("steps", [slice(None), slice(4), slice(100)])
def test_rows_that_are_taken_equal_those_of_the_padded_array(index, steps):
    np.testing.assert_array_equal(RaggedRows(CASES, np.nan)[index, steps], pad_sequences(CASES)[index, steps])


def test_the_whole_is_the_padded_array():
    rows = RaggedRows(CASES, np.nan)
    assert rows.shape == (4, 9, 2) and len(rows) == 4
    np.testing.assert_array_equal(np.asarray(rows), pad_sequences(CASES))


def test_cases_of_the_wanted_type_are_not_copied():
    assert RaggedRows(CASES, np.nan).astype(np.float32).cases[1] is CASES[1]
    assert RaggedRows(CASES, np.nan).astype(np.float64).dtype == np.float64


@pytest.mark.parametrize("n_bytes", [1, 50, 10_000])
def test_blocks_hold_all_rows_in_order_and_no_more_than_asked(n_bytes):
    rows = np.array([3, 0, 0, 2, 1])
    blocks = list(ragged_blocks(RaggedRows(CASES, np.nan), rows, n_bytes))
    assert all(block.nbytes <= n_bytes or len(block) == 1 for block in blocks)
    found = [case[~np.isnan(case).all(axis=1)] for block in blocks for case in block]
    assert len(found) == len(rows)
    for case, row in zip(found, rows, strict=True):
        np.testing.assert_array_equal(case, CASES[row])


def test_ids_are_padded_with_zeros():
    cases = StoredCases(RaggedRows([np.array([7]), np.array([1, 2, 3])], 0), is_ids=True)
    assert cases.take(np.array([0, 1]), 2).tolist() == [[7, 0], [1, 2]]
    assert cases.of(np.array([1])).take(np.array([0]), 9).dtype == np.int32


def test_a_large_array_that_is_nearly_all_padding_is_warned_of(monkeypatch):
    monkeypatch.setattr(ragged_rows, "_LARGE_BYTES", 100)
    rows = RaggedRows([*CASES[2:3] * 30, np.zeros((40, 2), np.float32)], np.nan)
    with pytest.warns(UserWarning, match="of which 94.4% are padding: case 30 has 40 steps, the usual one 1. ") as told:
        rows.padded(stacklevel=1)
    assert told[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        RaggedRows(CASES, np.nan).padded(1)
        monkeypatch.undo()
        assert rows.padded(1).shape == (31, 40, 2)


def test_a_mask_chooses_rows_and_only_first_steps_can_be_taken():
    rows = RaggedRows(CASES, np.nan)
    np.testing.assert_array_equal(rows[np.array([True, False, False, True])], pad_sequences(CASES)[[0, 3]])
    with pytest.raises(IndexError, match="steps must be the first ones"):
        rows[[0], 1:]
