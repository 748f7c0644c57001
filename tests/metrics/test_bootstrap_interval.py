"""The bootstrap covers what it says, draws whole blocks and leaves the random state alone."""

import warnings

import numpy as np
import pytest
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.metrics import roc_auc_score

from seqconv.metrics import bootstrap_interval


def test_the_interval_covers_the_truth_as_often_as_it_says():
    draw = np.random.default_rng(3)
    intervals = [bootstrap_interval(np.mean, draw.normal(size=60), n_resamples=200, random_state=i) for i in range(200)]
    covered = np.mean([low < 0 < high for low, high in intervals])
    assert 0.89 <= covered <= 0.98


def test_cases_of_a_block_are_drawn_together_and_arrays_alike():
    seen = []
    y, blocks = np.arange(7), np.array(["b", "a", "b", "c", "a", "b", "c"])

    def statistic(first, second):
        np.testing.assert_array_equal(second, [first, -first])
        seen.append(np.bincount(first, minlength=7))
        return first.mean()

    with pytest.raises(AssertionError):
        bootstrap_interval(statistic, y, np.stack([y, y], axis=1), blocks=blocks)  # the statistic's own error
    bootstrap_interval(lambda a, b: statistic(a, b.T), y, np.stack([y, -y], axis=1), blocks=blocks, n_resamples=50)
    for counts in seen:
        for block in "abc":
            assert len(set(counts[blocks == block])) == 1
    assert len({tuple(counts) for counts in seen}) > 5


def test_days_that_move_as_one_make_the_interval_wider():
    day_returns = np.random.default_rng(4).normal(size=30)
    returns, days = np.repeat(day_returns, 20), np.repeat(np.arange(30), 20)
    single = bootstrap_interval(np.mean, returns, random_state=0)
    blocked = bootstrap_interval(np.mean, returns, blocks=days, random_state=0)
    assert blocked[1] - blocked[0] > 3 * (single[1] - single[0])


def test_the_seed_decides_and_the_global_random_state_is_left_as_found():
    values = np.random.default_rng(5).normal(size=40)
    np.random.seed(7)
    before = np.random.get_state()[1].copy()
    first = bootstrap_interval(np.median, values, n_resamples=100, random_state=1)
    assert np.array_equal(np.random.get_state()[1], before)
    assert first == bootstrap_interval(np.median, values, n_resamples=100, random_state=1)
    assert first != bootstrap_interval(np.median, values, n_resamples=100, random_state=2)
    low, high = bootstrap_interval(np.median, values, n_resamples=100, level=0.5, random_state=1)
    assert first[0] < low < high < first[1]


def test_resamples_of_one_class_are_left_out_counted_and_said_once():
    y, score = np.array([1, 0, 0, 0, 0, 0]), np.array([0.9, 0.1, 0.95, 0.2, 0.3, 0.4])
    with pytest.warns(UndefinedMetricWarning) as told:
        low, high = bootstrap_interval(_auc, y, score, n_resamples=300, random_state=0)
    assert len(told) == 1
    n_out = int(str(told[0].message).split(" of 300 resamples are left out")[0])
    assert abs(n_out / 300 - (5 / 6) ** 6) < 0.1 and 0 <= low < high <= 1
    with pytest.warns(UndefinedMetricWarning, match="9 of 9"):
        assert np.isnan(bootstrap_interval(lambda _: np.nan, y, n_resamples=9)).all()


def _auc(y, score):
    if len(set(y)) == 1:
        warnings.warn("one class", UndefinedMetricWarning, stacklevel=1)
        return np.nan
    return roc_auc_score(y, score)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: bootstrap_interval(np.mean), "at least one array"),
        (lambda: bootstrap_interval(np.mean, [1.0]), "at least 2 cases or blocks .* got 1"),
        (lambda: bootstrap_interval(np.mean, [1.0, 2.0], blocks=["a", "a"]), "at least 2 cases or blocks .* got 1"),
        (lambda: bootstrap_interval(np.mean, [1.0, 2.0], blocks=["a"]), "inconsistent numbers of samples"),
        (
            lambda: bootstrap_interval(np.mean, [1.0, 2.0], level=95),
            "level must be a number above 0 and below 1, got 95",
        ),
        (
            lambda: bootstrap_interval(np.mean, [1.0, 2.0], n_resamples=0),
            "n_resamples must be a whole number of at least 1, got 0",
        ),
    ],
)
def test_bad_input_is_rejected_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
