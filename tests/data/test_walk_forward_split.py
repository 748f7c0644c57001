"""Promises of WalkForwardSplit: scikit-learn's protocol, and no label that reaches into the test part."""

import datetime

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.dummy import DummyClassifier
from sklearn.model_selection import GridSearchCV, check_cv, cross_val_score

from seqconv.adapters import PriceAdapter
from seqconv.data import SequenceSet, WalkForwardSplit
from seqconv.data.dated_splits import walk_forward
from seqconv.datasets import make_prices

CASES = PriceAdapter(n_steps=5, channels=["log_return"]).cases(make_prices(3, 80), dead_zone="keep")
STOPS, KNOWN = (CASES.about[name].to_numpy() for name in ("stop", "label_stop"))


def as_lists(splits):
    return [(train.tolist(), test.tolist()) for train, test in splits]


@pytest.mark.parametrize(
    "split, X, groups",
    [
        (WalkForwardSplit(4), CASES, None),
        (WalkForwardSplit(4), CASES.X, CASES.about),
        (WalkForwardSplit(4, about=CASES.about), CASES.X, None),
        (WalkForwardSplit(4, about=CASES.about), CASES.X, CASES.groups),
        (WalkForwardSplit(4, about={"stop": STOPS, "label_stop": KNOWN}), np.zeros((len(CASES), 5, 1)), None),
        (WalkForwardSplit(4, purge=1), CASES.X, None),  # dates of the records, labels of the next bar
    ],
    ids=["set", "groups", "table", "groups that are tickers", "dict", "records"],
)
def test_times_are_found_wherever_they_are(split, X, groups):
    assert as_lists(split.split(X, None, groups)) == as_lists(walk_forward(STOPS, KNOWN, 4))
    assert split.get_n_splits(X) == 4


def test_steps_are_bars_and_times_are_times():
    days = pd.bdate_range("2015-01-01", periods=40).to_numpy("M8[ns]")
    about = pd.DataFrame({"stop": np.repeat(days, 2)})
    X = np.zeros((80, 1))
    week = datetime.timedelta(days=7)
    for purge, embargo in ((5, 0), (week, 0), (0, 5), (np.timedelta64(0, "D"), pd.Timedelta(week)), (2, 3)):
        for train, test in WalkForwardSplit(3, purge=purge, embargo=embargo, about=about).split(X):
            first = np.searchsorted(days, about["stop"][test].min().to_datetime64())
            assert about["stop"][train].max() == days[first - 6]  # one week is five bars here


def test_without_dates_the_order_is_that_of_time():
    splits = as_lists(WalkForwardSplit(2, purge=2).split(np.zeros((12, 3, 1))))
    assert splits == [([0, 1], [4, 5, 6, 7]), ([0, 1, 2, 3, 4, 5], [8, 9, 10, 11])]
    rolling = WalkForwardSplit(2, purge=0, n_train_dates=3).split(np.zeros((12, 3, 1)))
    assert [len(train) for train, _ in rolling] == [3, 3]


def test_labels_of_other_zones_are_known_before_the_first_decision():
    zones = {"NY": "America/New_York", "TK": "Asia/Tokyo", "LN": "Europe/London"}
    hours = pd.date_range("2024-01-02 09:30", periods=100, freq="h")
    stops = [time.tz_localize(zone) for zone in zones.values() for time in hours]
    known = [time + pd.Timedelta(hours=1) for time in stops]
    for kind in (pd.Series, lambda times: pd.Series(times, dtype=object)):
        about = pd.DataFrame({"stop": kind(stops), "label_stop": kind(known)})
        for train, test in WalkForwardSplit(4, about=about).split(stops):
            assert max(known[i] for i in train) < min(stops[i] for i in test)


def test_scikit_learn_takes_it():
    split = WalkForwardSplit(4, about=CASES.about)
    scores = cross_val_score(DummyClassifier(), CASES.X, CASES.y, cv=split)
    assert scores.shape == (4,)
    expected = cross_val_score(DummyClassifier(), CASES.X, CASES.y, cv=list(walk_forward(STOPS, KNOWN, 4)))
    np.testing.assert_array_equal(scores, expected)
    by_groups = cross_val_score(DummyClassifier(), CASES.X, CASES.y, cv=WalkForwardSplit(4), groups=CASES.about)
    np.testing.assert_array_equal(by_groups, expected)
    search = GridSearchCV(DummyClassifier(), {"strategy": ["prior", "uniform"]}, cv=split)
    assert clone(search).fit(CASES.X, CASES.y).n_splits_ == 4
    assert check_cv(split) is split and repr(WalkForwardSplit(3)).startswith("WalkForwardSplit(")


@pytest.mark.parametrize(
    "split, X, message",
    [
        (WalkForwardSplit(2), np.zeros((9, 1)), "purge must be how long after a case its label is known"),
        (WalkForwardSplit(2), CASES.X, "purge must be how long after"),
        (
            WalkForwardSplit(2, about=CASES.about),
            CASES.X[:9],
            f"one row a case, 9 in all, got {len(CASES)}; give a Seq",
        ),
        (WalkForwardSplit(2, purge=-1), np.zeros((9, 1)), "purge must be a whole number of at least 0, got -1"),
        (WalkForwardSplit(2, purge=datetime.timedelta(1)), np.zeros((9, 1)), "purge must be a number of steps"),
        (WalkForwardSplit(2, purge=1, embargo=np.timedelta64(1, "D")), np.zeros((9, 1)), "embargo must be a number of"),
        (WalkForwardSplit(2, purge=1, embargo=1.5), np.zeros((9, 1)), "embargo must be a whole number"),
        (WalkForwardSplit(0, purge=1), np.zeros((9, 1)), "n_splits .* must be a whole number from 1"),
        (WalkForwardSplit(9, purge=1), np.zeros((9, 1)), "n_splits of 9 distinct dates"),
        (WalkForwardSplit(2, purge=8), np.zeros((9, 1)), "each split needs a training case"),
        (WalkForwardSplit(2), SequenceSet(list("abc"), about=[1, 2, 3]), "purge must be how long"),
    ],
)
def test_what_cannot_be_split_is_rejected(split, X, message):
    with pytest.raises(ValueError, match=message):
        list(split.split(X))
