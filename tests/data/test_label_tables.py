"""Tables of labels: from frames, sets and lists, by name."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from seqconv.data.label_tables import has_label_lists, kept_labels, label_names, label_table, read_labels

NAMES = np.array(["AFIB", "CLBBB", "NORM"])
TABLE = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 0, 0]])
LISTS = [["AFIB"], ["CLBBB", "AFIB"], ["NORM"], []]
FRAME = pd.DataFrame(TABLE, columns=NAMES)

FORMS = {
    "array": TABLE,
    "list of rows": TABLE.tolist(),
    "booleans": TABLE.astype(bool),
    "floats": TABLE.astype(float),
    "sparse": scipy.sparse.csr_array(TABLE),
    "frame": FRAME,
    "frame in another order": FRAME[["NORM", "AFIB", "CLBBB"]],
    "frame of booleans": FRAME.astype(bool),
    "frame of nullable integers": FRAME.astype("Int64"),
    "frame without names": pd.DataFrame(TABLE),
    "sets": [set(labels) for labels in LISTS],
    "frozen sets": [frozenset(labels) for labels in LISTS],
    "lists": LISTS,
    "tuples": [tuple(labels) for labels in LISTS],
    "arrays of texts": [np.array(labels, dtype=object) for labels in LISTS],
    "series of lists": pd.Series(LISTS, index=list("wxyz")),
    "object array of sets": np.array([set(labels) for labels in LISTS], dtype=object),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_table(form):
    assert label_table(FORMS[form], NAMES).tolist() == TABLE.tolist()
    table, classes = read_labels(FORMS[form])
    if classes.dtype.kind == "U":
        assert label_table(FORMS[form], classes).tolist() == table.tolist()
        assert sorted(classes) == sorted(NAMES)


def test_names_are_those_of_columns_in_their_order_or_of_labels_sorted():
    assert label_names(FRAME[["NORM", "AFIB", "CLBBB"]]).tolist() == ["NORM", "AFIB", "CLBBB"]
    assert label_names(LISTS).tolist() == NAMES.tolist()
    assert label_names([{426783006}, {59118001}]).tolist() == [59118001, 426783006]
    assert label_names(pd.get_dummies(pd.Series([7, 9, 7]))).tolist() == [7, 9]
    for unnamed in (TABLE, pd.DataFrame(TABLE), TABLE[:, :1], ["a", "b"], FRAME[["AFIB"]]):
        assert label_names(unnamed) is None


def test_lists_of_one_length_stay_lists():
    pairs = [["a", "b"], ["b", "c"]]
    assert has_label_lists(pairs) and kept_labels(pairs).shape == (2,)
    assert label_table(pairs, np.array(["a", "b", "c"])).tolist() == [[1, 1, 0], [0, 1, 1]]


@pytest.mark.parametrize("y", [["a", "b"], [1, 2], [[0, 1], [1, 0]], np.array([["a", "b"]]), [], [[], []], "ab", None])
def test_what_holds_no_lists_of_labels(y):
    assert not has_label_lists(y)


@pytest.mark.parametrize(
    "y, message",
    [
        (FRAME[["AFIB", "CLBBB"]], r"columns of y must be the labels \['AFIB', .*it lacks 'NORM'"),
        (FRAME.assign(LQTS=1), "it has 'LQTS'"),
        (FRAME.rename(columns={"NORM": "norm"}), "it lacks 'NORM' and it has 'norm'"),
        (pd.concat([FRAME, FRAME[["NORM"]]], axis=1), "one is there twice"),
        (TABLE[:, :2], r"y must have 3 labels a case, got shape \(4, 2\)"),
        (2 * TABLE, r"y must be 0 or 1 for each label, got \[2, 0, 0\] in case 0"),
        (FRAME.astype("Int64").mask(FRAME > 0), r"got \[nan, 0, 0\] in case 0"),
        (FRAME.replace({0: "no", 1: "yes"}), r"got \['yes', 'no', 'no'\] in case 0"),
        ([["AFIB"], ["WPW"]], "y must have the labels .*'NORM'.*, got 'WPW' in case 1"),
    ],
)
def test_other_labels_are_named(y, message):
    with pytest.raises(ValueError, match=message):
        label_table(y, NAMES)


@pytest.mark.parametrize(
    "y, message",
    [
        (pd.concat([FRAME, FRAME], axis=1), "each column of y must have a name of its own, got 'AFIB' again"),
        (FRAME.rename(columns={"NORM": 3}), "named by strings or by whole numbers"),
        ([{"a", 1}, {"b"}], "labels in y must be all strings or all whole numbers"),
        ([{"a"}, {None}], "y must have no missing label, got NaN or None in case 1"),
        ([set(), set()], "y must have a label in some case"),
        ([["0", "1"], ["1", "1"]], "the strings '0' and '1'; convert them"),
    ],
)
def test_names_that_are_none_are_rejected(y, message):
    with pytest.raises(ValueError, match=message):
        label_names(y)
