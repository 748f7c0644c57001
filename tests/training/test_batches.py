import numpy as np
import pytest

from seqconv.data.cases import StoredCases
from seqconv.training.batches import bucket, made_ahead, most_steps_of, plan_epoch, sorted_batches, trimmed
from seqconv.training.prediction import filled


def test_a_bucket_is_never_shorter_and_at_most_an_eighth_longer():
    for n in range(1, 5000):
        assert n <= bucket(n) <= max(n + 7, n * 9 / 8)


def test_there_are_few_buckets():
    assert len({bucket(n) for n in range(1, 4097)}) <= 8 + 8 * 6


@pytest.mark.parametrize("unequal", [False, True])
def test_every_case_is_in_an_epoch_and_all_batches_have_one_size(unequal):
    rng = np.random.default_rng(0)
    lengths = rng.integers(5, 90, 203) if unequal else np.full(203, 9)
    rows = np.array(plan_epoch(lengths, 16, np.random.default_rng(1)))
    assert rows.shape == (13, 16)
    counts = np.bincount(rows.ravel())
    assert counts.min() == 1 and counts.max() <= 2


def test_batches_of_unequal_cases_hold_similar_lengths_and_change_from_epoch_to_epoch():
    lengths = np.random.default_rng(0).integers(1, 1000, 640)
    one, other = (np.array(plan_epoch(lengths, 32, np.random.default_rng(seed))) for seed in (0, 1))
    assert np.ptp(lengths[one], axis=1).mean() < 200 < np.ptp(lengths)
    assert {tuple(sorted(batch)) for batch in one} != {tuple(sorted(batch)) for batch in other}


def test_a_few_long_cases_are_batched_apart_and_nothing_is_left_out():
    lengths = np.r_[np.full(500, 100), [9_000, 10_000, 100_000]]
    most = most_steps_of(lengths, 32)
    plans = [plan_epoch(lengths, 32, np.random.default_rng(seed), most) for seed in (0, 1)]
    for plan in plans:
        assert np.unique(np.concatenate(plan)).tolist() == list(range(503))
        assert all(len(rows) == 1 or len(rows) * lengths[rows].max() <= most for rows in plan)
        assert sum(len(rows) == 32 for rows in plan) >= 15
    assert len(plans[0]) == len(plans[1])
    in_order = sorted_batches(lengths, 32, most)
    assert np.concatenate(in_order).tolist() == list(range(503))
    assert all(len(rows) == 1 or len(rows) * lengths[rows].max() <= most for rows in in_order)


def test_cases_of_one_length_are_never_batched_apart():
    lengths = np.full(100, 50_000)
    plan = plan_epoch(lengths, 25, np.random.default_rng(0), most_steps_of(lengths, 25))
    assert [len(rows) for rows in plan] == [25] * 4


def test_trimming_keeps_all_that_is_observed():
    X = np.full((3, 100, 1), np.nan, np.float32)
    lengths = np.array([10, 30, 70])
    for case, n in zip(X, lengths, strict=True):
        case[:n] = 1
    short = trimmed(StoredCases(X), np.array([0, 1]), lengths, 100)
    assert short.shape == (2, 32, 1)
    assert np.isfinite(short).sum() == 40


def test_what_is_made_ahead_comes_in_order_and_an_error_where_it_belongs():
    def make(item):
        if item == 5:
            raise ValueError("case 5")
        return 2 * item

    made = made_ahead(make, range(10))
    assert [next(made) for _ in range(5)] == [0, 2, 4, 6, 8]
    with pytest.raises(ValueError, match="case 5"):
        next(made)


def test_filling_adds_nothing_that_is_observed():
    series, ids = filled(np.ones((2, 5, 1), np.float32), 4), filled(np.ones((2, 5, 3), np.int32), 4)
    assert series.shape == (4, 8, 1) and np.nansum(series) == 10
    assert ids.shape == (4, 8, 8) and ids.sum() == 30
