"""Shares of cases in which every label of a table is in proportion."""

from collections.abc import Sequence

import numpy as np


def iterative_split(table: np.ndarray, shares: Sequence[float], random_state: int | None = 0) -> np.ndarray:
    """Deal cases to parts, so that the share of each label is near the same in all parts.

    Parameters
    ----------
    table : array of 0 and 1, shape (n_cases, n_labels)
    shares : sequence of float
        Share of the cases that each part gets, summing to 1.
    random_state : int, optional
        Seed of the order in which cases are dealt. None keeps the order of the table.

    Returns
    -------
    array of int, shape (n_cases,)
        Part of each case. The sizes of the parts are the shares, rounded.

    Notes
    -----
    The label with the fewest remaining cases is dealt first, as rare ones can be balanced by their own cases alone.

    Differs: each case goes to the part that is most behind in all labels of the case, among those dealt so far. The
    paper takes the part with the largest number still to come, which fills a large part first. What is behind counts
    less for a frequent label, by the root of its number of cases. A part that has its number of cases gets no more.
    Cases with the same labels are dealt one after the other, those with many labels first.

    References
    ----------
    Sechidis, Tsoumakas and Vlahavas (2011), "On the Stratification of Multi-Label Data", algorithm 1.

    Examples
    --------
    >>> table = np.array([[1, 0], [1, 1], [0, 1]] * 4)
    >>> part = iterative_split(table, [0.75, 0.25])
    >>> table[part == 0].sum(axis=0).tolist(), table[part == 1].sum(axis=0).tolist()
    ([6, 6], [2, 2])
    """
    # A last column that all cases have keeps the sizes of the parts even.
    table = np.c_[np.asarray(table, bool), np.ones(len(table), bool)]
    n_cases, n_labels = table.shape
    draw = None if random_state is None else np.random.default_rng(random_state)
    order = _by_label_set(table, _order(n_cases, draw), draw)
    favour, counts = _order(len(shares), draw).tolist(), table.sum(axis=0)
    # Plain lists, as a step changes a few numbers only.
    shares, weight = np.asarray(shares, np.float64), (1 / np.sqrt(np.maximum(counts, 1))).tolist()
    room = np.diff(np.round(np.cumsum([0.0, *shares]) * n_cases)).astype(int).tolist()
    shares, labels_of = shares.tolist(), [np.flatnonzero(row).tolist() for row in table]
    behind = [[0.0] * n_labels for _ in shares]  # [part][label]
    parts, left = [-1] * n_cases, counts.tolist()
    while any(left):
        label = min((one for one in range(n_labels) if left[one]), key=left.__getitem__)
        for case in order[table[order, label]].tolist():
            if parts[case] >= 0:
                continue
            labels = labels_of[case]
            for part, share in enumerate(shares):
                for one in labels:
                    behind[part][one] += share
            free = [part for part in range(len(shares)) if room[part] > 0]
            keys = [(sum(behind[part][one] * weight[one] for one in labels), favour[part], part) for part in free]
            parts[case] = part = max(keys)[-1]
            room[part] -= 1
            for one in labels:
                behind[part][one] -= 1
                left[one] -= 1
    return np.array(parts, dtype=int)


def _order(n_items, draw):
    return np.arange(n_items) if draw is None else draw.permutation(n_items)


def _by_label_set(table, order, draw):
    """Return the order with cases of the same labels together: where they alternate, a part would get all of one kind."""
    sets, code = np.unique(table, axis=0, return_inverse=True)
    ranks = _order(len(sets), draw)[code.ravel()]
    return order[np.lexsort([ranks[order], -table.sum(axis=1)[order]])]
