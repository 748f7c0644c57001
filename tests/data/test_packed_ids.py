import numpy as np
import pytest

from seqconv.data.cases import StoredCases
from seqconv.data.packed_ids import PackedIds

UNITS, LENGTHS = np.array([0, 2, 1, 1, 0], np.int32), np.array([2, 1, 2])
TABLE = np.array([[5, 6, 0], [7, 0, 0], [8, 9, 1]], np.int32)
OWN = np.array([0, 3, 0, 0, 4], np.int32)
DENSE = np.array([[[5, 0, 0], [8, 3, 1]], [[7, 0, 0], [0, 0, 0]], [[7, 0, 0], [5, 4, 0]]], np.int32)
PACKED = PackedIds(UNITS, LENGTHS, TABLE, OWN, place=1)


@pytest.mark.parametrize(
    "key",
    [
        slice(None),
        slice(1, 3),
        np.array([2, 0, 2]),
        np.array([], int),
        (np.array([1, 2]), slice(None, 1)),
        (slice(None), slice(None, 9)),
    ],
    ids=str,
)
def test_an_index_gives_what_it_gives_of_the_array(key):
    np.testing.assert_array_equal(PACKED[key], DENSE[key])
    assert PACKED[key].dtype == np.int32


def test_steps_of_one_id_have_no_axis_of_pieces():
    packed = PackedIds(UNITS, LENGTHS, TABLE[:, 0])
    np.testing.assert_array_equal(packed[:], [[5, 8], [7, 0], [7, 5]])
    assert packed.shape == (3, 2) and len(packed) == 3


def test_many_cases_are_filled_in_blocks():
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 5, 10_000)
    packed = PackedIds(rng.integers(0, 3, lengths.sum()).astype(np.int32), lengths, TABLE)
    starts = lengths.cumsum() - lengths
    for case in (0, 4095, 4096, 9_999):
        units = packed.units[starts[case] : starts[case] + lengths[case]]
        np.testing.assert_array_equal(packed[:][case, : lengths[case]], TABLE[units])
        assert not packed[:][case, lengths[case] :].any()


def test_they_are_stored_as_an_array_is():
    ours, theirs = (StoredCases(ids, is_ids=True).of(np.array([2, 0])) for ids in (PACKED, DENSE))
    np.testing.assert_array_equal(ours.take(np.array([1, 0]), 1), theirs.take(np.array([1, 0]), 1))
    np.testing.assert_array_equal(np.concatenate(list(ours.in_blocks())), np.concatenate(list(theirs.in_blocks())))
