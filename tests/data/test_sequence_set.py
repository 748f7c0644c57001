"""SequenceSet keeps the fields of each case together."""

import pickle

import numpy as np
import pandas as pd
import pytest

from seqconv.data import SequenceSet
from seqconv.data.mapped_rows import MappedRows


def make_set():
    return SequenceSet(
        X=["a", "b", "c", "d"], y=["x", "y", "x", "y"], groups=[1, 1, 2, 2], about=[{"i": i} for i in range(4)],
        part=["train", "train", "dev", "test"],
    )  # fmt: skip


@pytest.mark.parametrize(
    "index, expected",
    [
        (1, ["b"]),
        (-1, ["d"]),
        (np.int64(2), ["c"]),
        (slice(1, 3), ["b", "c"]),
        (slice(None, None, -1), ["d", "c", "b", "a"]),
        ([3, 0, 0], ["d", "a", "a"]),
        (np.array([2, 1]), ["c", "b"]),
        ([True, False, False, True], ["a", "d"]),
        (np.array([False, True, True, False]), ["b", "c"]),
        ([], []),
    ],
)
def test_every_index_gives_a_set_whose_fields_still_belong_together(index, expected):
    s = make_set()
    chosen = s[index]
    where = ["abcd".index(x) for x in expected]
    assert isinstance(chosen, SequenceSet) and len(chosen) == len(expected)
    assert chosen.X == expected
    assert chosen.y.tolist() == s.y[where].tolist()
    assert chosen.groups.tolist() == s.groups[where].tolist()
    assert [row["i"] for row in chosen.about] == where
    assert chosen.part.tolist() == s.part[where].tolist()


def test_fields_not_given_stay_none():
    chosen = SequenceSet(np.zeros((3, 2)))[1:]
    assert (chosen.y, chosen.groups, chosen.about, chosen.part) == (None, None, None, None)


def test_a_data_frame_in_about_is_cut_by_position():
    about = pd.DataFrame({"record": ["r1", "r2", "r3"]}, index=[7, 8, 9])
    assert SequenceSet([1, 2, 3], about=about)[[2, 0]].about["record"].tolist() == ["r3", "r1"]


def test_arrays_and_memory_maps_are_kept_and_sliced_without_a_copy(tmp_path):
    path = tmp_path / "x.npy"
    np.save(path, np.arange(24, dtype=np.float32).reshape(4, 3, 2))
    X = np.load(path, mmap_mode="r")
    s = SequenceSet(X, y=np.arange(4))
    assert s.X is X
    assert isinstance(s[1:3].X, np.memmap) and np.shares_memory(s[1:3].X, X)
    assert np.array_equal(s[[3, 1]].X, X[[3, 1]])


def test_other_choices_of_a_memory_map_read_nothing(tmp_path):
    path = tmp_path / "x.npy"
    np.save(path, np.arange(24, dtype=np.float32).reshape(4, 3, 2))
    X = np.load(path, mmap_mode="r")
    some = SequenceSet(X, part=["a", "b", "a", "a"])
    chosen = some[some.part_is("a")].X
    assert isinstance(chosen, MappedRows) and chosen.array is X
    assert (chosen.shape, chosen.ndim, chosen.dtype) == ((3, 3, 2), 3, np.float32)
    assert np.array_equal(chosen, X[[0, 2, 3]]) and np.array_equal(chosen[1:, :2], X[[2, 3], :2])
    again = some[[-1, 0]][[1]].X
    assert isinstance(again, MappedRows) and again.array is X and np.array_equal(again, X[[0]])
    assert isinstance(some[[3, 0]][1:].X, MappedRows)


@pytest.mark.parametrize(
    "index",
    [
        np.s_[1],
        np.s_[-1, 2],
        np.s_[1:, :2],
        np.s_[..., 0],
        np.s_[:2, [0, 1]],
        np.s_[[2, 0], [0, 1]],
        np.s_[:, :, [True, False]],
        np.s_[[True, False, True]],
        np.s_[np.array([0, 2]), 1:, 0],
        np.s_[None],
    ],
)
def test_chosen_cases_of_a_memory_map_are_indexed_as_an_array_is(index, tmp_path):
    path = tmp_path / "x.npy"
    np.save(path, np.arange(24, dtype=np.float32).reshape(4, 3, 2))
    chosen = SequenceSet(np.load(path, mmap_mode="r"))[[3, 0, 1]].X
    np.testing.assert_array_equal(chosen[index], np.asarray(chosen)[index])


def test_chosen_cases_of_a_memory_map_are_walked_through_and_pickled_without_the_rest(tmp_path):
    path = tmp_path / "x.npy"
    np.save(path, np.arange(40_000, dtype=np.float32).reshape(100, 200, 2))
    X = np.load(path, mmap_mode="r")
    some = SequenceSet(X, about=X[:, 0, 0])[[3, 0]]
    assert isinstance(some.about, np.ndarray)
    assert [case.tolist() for case in some.X] == [X[3].tolist(), X[0].tolist()]
    data = pickle.dumps(some)
    assert len(data) < 10_000
    np.testing.assert_array_equal(pickle.loads(data).X, X[[3, 0]])


def test_a_list_of_unequal_cases_stays_a_list_of_the_same_arrays():
    X = [np.zeros((2, 1)), np.zeros((5, 1))]
    assert SequenceSet(X)[[1]].X[0] is X[1]


@pytest.mark.parametrize("field", ["y", "groups", "about", "part"])
def test_a_field_of_another_length_is_rejected_by_name(field):
    with pytest.raises(ValueError, match=f"^{field} must have one item a case: X has 3 cases, {field} has 2"):
        SequenceSet(["a", "b", "c"], **{field: ["1", "2"]})


def test_labels_of_two_kinds_are_not_melted_into_one():
    with pytest.raises(TypeError, match="y must hold strings only or numbers only"):
        SequenceSet(["a", "b"], y=[1, "1"])


def test_numbers_of_two_kinds_are_labels():
    assert SequenceSet(["a", "b"], y=[1, 2.5]).y.tolist() == [1, 2.5]


@pytest.mark.parametrize("X", ["a message", b"bytes", 3, None, {"a"}])
def test_what_is_no_list_or_array_is_rejected(X):
    with pytest.raises(TypeError, match="X must be a list or an array of cases"):
        SequenceSet(X)


@pytest.mark.parametrize(
    "index, error, text",
    [
        (4, IndexError, "an index must be below the number of cases, got case 4 of 4"),
        ([0, -5], IndexError, "case -5"),
        ([True, False], IndexError, "a mask must have one item a case, 4 in all"),
        (1.0, TypeError, "an index must be"),
        ("train", TypeError, "an index must be"),
        ([[0], [1]], TypeError, "an index must be"),
    ],
)
def test_a_wrong_index_is_rejected(index, error, text):
    with pytest.raises(error, match=text):
        make_set()[index]


def test_part_is_selects_one_part_of_the_split():
    s = make_set()
    assert s.part_is("train").tolist() == [True, True, False, False]
    assert s[s.part_is("dev")].X == ["c"]


def test_a_fold_is_selected_by_its_number():
    assert SequenceSet(["a", "b", "c"], part=[1, 2, 1]).part_is(1).tolist() == [True, False, True]


def test_a_part_that_is_not_there_is_rejected_with_those_that_are():
    with pytest.raises(ValueError, match=r"one of \['dev', 'test', 'train'\], got 'trian'"):
        make_set().part_is("trian")
    with pytest.raises(ValueError, match="no official split"):
        SequenceSet(["a"]).part_is("train")


def test_a_set_is_frozen_and_pickles():
    s = make_set()
    with pytest.raises(AttributeError):
        s.y = None
    assert pickle.loads(pickle.dumps(s)).X == s.X


def test_several_outputs_a_case_are_one_label_row_a_case():
    s = SequenceSet(["a", "b", "c"], y=[[0, 1], [1, 1], [0, 0]])
    assert s[[2, 1]].y.tolist() == [[0, 0], [1, 1]]


def test_printing_a_set_says_its_size_not_its_content():
    assert repr(make_set()) == "SequenceSet(n_cases=4, X=list, y=<U1, groups=int64, about=list, part=<U5)"
