"""Fewer cases of common classes and long recordings."""

import numpy as np

from seqconv.arguments import whole
from seqconv.data.label_tables import is_several_labels, read_labels
from seqconv.data.sequence_set import SequenceSet


def thin_cases(cases: SequenceSet, n_most: int, random_state: int = 0) -> SequenceSet:
    """Keep at most `n_most` cases of each class of each group, drawn at random.

    A common class or a long recording then does not dominate the training.

    Parameters
    ----------
    cases : SequenceSet
        Cases with `y`. Without groups, all cases are one group. Where a case may have several labels, the cases with
        exactly the same labels are one class.
    n_most : int
        Largest number of cases to keep of each class of each group, at least 1.
    random_state : int, default=0
        Seed.

    Returns
    -------
    SequenceSet
        The kept cases, in the order of `cases`.

    Raises
    ------
    ValueError
        If the set has no y.
        If `n_most` is below 1.

    Examples
    --------
    >>> from seqconv.data import SequenceSet
    >>> beats = SequenceSet(list("abcdef"), y=list("NNNNNV"), groups=["Ann"] * 3 + ["Bob"] * 3)
    >>> thin_cases(beats, 1).y.tolist()
    ['N', 'N', 'V']
    """
    n_most = whole("n_most", n_most, 1)
    if cases.y is None:
        raise ValueError("the set must have y to count the cases of each class, it has none.")
    groups = np.zeros(len(cases)) if cases.groups is None else np.asarray(cases.groups)
    draw, kept = np.random.default_rng(random_state), []
    y = np.unique(read_labels(cases.y)[0], axis=0, return_inverse=True)[1] if is_several_labels(cases.y) else cases.y
    for group in np.unique(groups):
        for label in np.unique(y):
            rows = np.flatnonzero((groups == group) & (y == label))
            kept.append(rows if len(rows) <= n_most else draw.choice(rows, n_most, replace=False))
    return cases[np.sort(np.concatenate(kept))]
