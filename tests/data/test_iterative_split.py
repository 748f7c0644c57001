"""The iterative split keeps the share of every label, and the sizes of the parts."""

import numpy as np
import pytest

from seqconv.data.iterative_split import iterative_split


def correlated(n_cases=2000, n_labels=30, seed=0):
    """Labels that come together, some of them rare, as diagnoses are."""
    draw = np.random.default_rng(seed)
    hidden = draw.standard_normal((n_cases, 5)) @ draw.standard_normal((5, n_labels))
    return (hidden / 2 + draw.standard_normal((n_cases, n_labels)) > np.linspace(1, 3.5, n_labels)).astype(int)


@pytest.mark.parametrize("shares", [[0.75, 0.25], [0.9, 0.1], [0.5, 0.5], [0.2] * 5])
@pytest.mark.parametrize("seed", [None, 0, 1])
def test_each_label_is_within_two_cases_of_its_share(shares, seed):
    table = correlated()
    part = iterative_split(table, shares, seed)
    for number, share in enumerate(shares):
        assert (part == number).sum() == pytest.approx(share * len(table), abs=1)
        assert np.abs(table[part == number].sum(axis=0) - share * table.sum(axis=0)).max() < 2


def test_a_random_split_is_much_farther_from_the_shares():
    table = correlated()
    rows = np.random.default_rng(0).permutation(len(table))[:500]
    assert np.abs(table[rows].sum(axis=0) - 0.25 * table.sum(axis=0)).max() > 5


@pytest.mark.parametrize(
    "table", [[[1, 0], [1, 1], [0, 1]] * 33, np.eye(5, dtype=int)[np.arange(203) % 5], [[1, 1]] * 8]
)
def test_regular_orders_and_cases_that_all_have_labels_are_no_trap(table):
    table = np.asarray(table)
    for seed in (None, 0, 1):
        part = iterative_split(table, [0.75, 0.25], seed)
        assert np.abs(table[part == 1].sum(axis=0) - table.sum(axis=0) / 4).max() <= 1


def test_a_label_of_one_case_stays_in_the_large_part():
    table = np.zeros((40, 4), int)
    table[[3, 7, 11, 20], [0, 1, 2, 3]] = 1
    for seed in range(10):
        part = iterative_split(table, [0.9, 0.1], seed)
        assert (part[[3, 7, 11, 20]] == 0).all() and (part == 1).sum() == 4


def test_the_seed_decides():
    table = correlated(200)
    same, again, other = (iterative_split(table, [0.8, 0.2], seed) for seed in (0, 0, 1))
    assert (same == again).all() and (same != other).any()


def test_no_label_at_all_and_labels_of_no_case_are_split_by_size():
    assert np.bincount(iterative_split(np.zeros((10, 3), int), [0.7, 0.3])).tolist() == [7, 3]
