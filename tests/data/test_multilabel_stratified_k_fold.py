"""Folds with about the same share of each label."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import cross_val_score

from seqconv import SequenceSet
from seqconv.data import MultilabelStratifiedKFold

TABLE = (np.random.default_rng(0).random((60, 4)) < [0.5, 0.3, 0.2, 0.1]).astype(int)
SETS = [{name for name, has in zip("abcd", row, strict=True) if has} for row in TABLE]


@pytest.mark.parametrize("y", [TABLE, TABLE.tolist(), pd.DataFrame(TABLE, columns=list("abcd")), SETS])
def test_every_case_is_tested_once_and_labels_are_even(y):
    seen = np.zeros(60, int)
    for train, test in MultilabelStratifiedKFold(5, shuffle=True, random_state=0).split(np.zeros((60, 1)), y):
        seen[test] += 1
        assert not set(train) & set(test) and len(test) == 12
        assert np.abs(TABLE[test].sum(axis=0) - TABLE.sum(axis=0) / 5).max() < 2
    assert (seen == 1).all()


def test_a_set_brings_its_labels():
    cases = SequenceSet(np.zeros((60, 5)), SETS)
    folds = MultilabelStratifiedKFold(3)
    assert [test.tolist() for _, test in folds.split(cases)] == [
        test.tolist() for _, test in folds.split(cases.X, TABLE)
    ]


def test_it_is_a_cv_of_scikit_learn_and_seeds_differ():
    folds = MultilabelStratifiedKFold(4, shuffle=True, random_state=1)
    assert len(cross_val_score(DummyClassifier(), np.zeros((60, 2)), TABLE, cv=folds)) == folds.get_n_splits() == 4
    first, other = (clone(folds).set_params(random_state=seed) for seed in (0, 1))
    assert [test.tolist() for _, test in first.split(TABLE, TABLE)] != [
        test.tolist() for _, test in other.split(TABLE, TABLE)
    ]


@pytest.mark.parametrize(
    "n_splits, y, message",
    [
        (2, None, "y must be a 0/1 table or sets of labels; for one label a case use StratifiedKFold"),
        (2, np.arange(60) % 2, "use StratifiedKFold"),
        (1, TABLE, "n_splits must be a whole number of at least 2, got 1"),
        (61, TABLE, "n_splits must be at most the number of cases, 60, got 61"),
        (2, 2 * TABLE, "y must be 0 or 1 for each label"),
    ],
)
def test_what_cannot_be_split_is_rejected(n_splits, y, message):
    with pytest.raises(ValueError, match=message):
        next(MultilabelStratifiedKFold(n_splits).split(np.zeros((60, 1)), y))
