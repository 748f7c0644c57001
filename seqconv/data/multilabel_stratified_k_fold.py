"""Cross-validation in which every label of a table is in proportion."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state

from seqconv.arguments import flag, whole
from seqconv.data.iterative_split import iterative_split
from seqconv.data.label_tables import is_several_labels, read_labels


class MultilabelStratifiedKFold(BaseEstimator):
    """Folds for scikit-learn with about the same share of each label, where a case may have several.

    Parameters
    ----------
    n_splits : int, default=5
        Number of folds, at least 2.
    shuffle : bool, default=False
        Whether cases are dealt to the folds in a random order.
    random_state : int, RandomState or None, default=None
        Seed of that order.

    Notes
    -----
    Groups are ignored. To keep the cases of a patient together, take ``GroupKFold`` of scikit-learn.

    See Also
    --------
    seqconv.data.splits.split_cases : One split into two parts, between groups where there are any.

    References
    ----------
    Sechidis, Tsoumakas and Vlahavas (2011), "On the Stratification of Multi-Label Data", algorithm 1.

    Examples
    --------
    >>> y = np.array([[1, 0], [1, 1], [0, 1]] * 4)
    >>> for train, test in MultilabelStratifiedKFold(n_splits=2).split(y, y):
    ...     print(y[train].sum(axis=0), y[test].sum(axis=0))
    [4 4] [4 4]
    [4 4] [4 4]
    """

    def __init__(self, n_splits: int = 5, *, shuffle: bool = False, random_state: Any = None):
        self.n_splits = n_splits
        self.shuffle = shuffle
        self.random_state = random_state

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:
        """Return the number of folds; the arguments are ignored."""
        return whole("n_splits", self.n_splits, 2)

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the training and the test part of each fold.

        Parameters
        ----------
        X : SequenceSet, list or array of cases
        y : table of 0 and 1, data frame, or list of sets of labels, optional
            None takes those of a set.
        groups : ignored

        Yields
        ------
        train, test : arrays of int
            Indices, in ascending order.

        Raises
        ------
        ValueError
            If y does not hold several labels a case.
        ValueError
            If there are fewer cases than folds.
        """
        n_splits = self.get_n_splits()
        y = getattr(X, "y", None) if y is None else y
        if y is None or not is_several_labels(y):
            raise ValueError("y must be a 0/1 table or sets of labels; for one label a case use StratifiedKFold.")
        table, _ = read_labels(y)
        if len(table) < n_splits:
            raise ValueError(f"n_splits must be at most the number of cases, {len(table)}, got {n_splits}.")
        is_shuffled = flag("shuffle", self.shuffle)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1)) if is_shuffled else None
        fold = iterative_split(table, [1 / n_splits] * n_splits, seed)
        for number in range(n_splits):
            yield np.flatnonzero(fold != number), np.flatnonzero(fold == number)
