"""Splits by date train on the past and test on what follows, and no label reaches across."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score

from seqconv.data.dated_splits import parts_by_date, walk_forward

DAYS = np.arange(np.datetime64("2015-01-01"), np.datetime64("2015-03-02"))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_no_training_label_reaches_into_the_test_part_or_the_embargo(data):
    n_cases, n_splits = data.draw(st.integers(20, 80)), data.draw(st.integers(1, 4))
    embargo = data.draw(st.integers(0, 3))
    draw = np.random.default_rng(data.draw(st.integers(0, 1000)))
    starts = draw.choice(DAYS, n_cases)  # several tickers: dates come again, in no order
    stops = starts + draw.integers(0, 6, n_cases)
    tested = []
    try:
        for train, test in walk_forward(starts, stops, n_splits, embargo=embargo):
            first = starts[test].min()
            assert len(train) and (stops[train] < first - np.timedelta64(embargo, "D")).all()
            left_out = np.setdiff1d(np.flatnonzero(starts < first), train)
            assert (stops[left_out] >= first - np.timedelta64(embargo, "D")).all()  # no more than needed
            assert (np.diff(train) > 0).all() and (np.diff(test) > 0).all()
            tested += test.tolist()
    except ValueError as error:
        assert "shorter embargo or fewer splits" in str(error) or "distinct dates must be a whole number from 1" in str(
            error
        )
    else:
        assert len(set(tested)) == len(tested) and starts[tested].min() > starts.min()
        assert set(np.flatnonzero(starts >= starts[tested].min())) == set(tested)


def test_all_tickers_of_a_day_are_on_one_side():
    starts = np.repeat(DAYS, 7)
    for _, test in walk_forward(starts, starts + 1, 3):
        assert len(np.unique(starts[test])) * 7 == len(test)


def test_a_rolling_window_trains_on_the_nearest_dates():
    starts = np.arange(12)
    train, _ = list(walk_forward(starts, starts + 2, 2, n_train_dates=3))[1]
    assert train.tolist() == [3, 4, 5]  # 6 and 7 are known at 8 and 9, not before 8


def test_an_embargo_is_in_days_or_in_any_unit():
    for embargo in (3, np.timedelta64(3, "D"), np.timedelta64(72, "h")):
        train, test = next(walk_forward(DAYS, DAYS + 1, 1, embargo=embargo))
        assert train.max() == test.min() - 5
    numbers = np.arange(20.0)
    assert next(walk_forward(numbers, numbers, 1, embargo=2.5))[0].tolist() == list(range(8))


@pytest.mark.parametrize("zone", ["UTC", "America/New_York"])
def test_dates_with_a_time_zone_are_instants(zone):
    starts, stops = (pd.Series(days).dt.tz_localize(zone) for days in (DAYS, DAYS + 3))
    expected = [part.tolist() for split in walk_forward(DAYS, DAYS + 3, 4, embargo=1) for part in split]
    for kind in (pd.Series, pd.DatetimeIndex, list):
        found = walk_forward(kind(starts), kind(stops), 4, embargo=1)
        assert [part.tolist() for split in found for part in split] == expected
    assert parts_by_date(starts, stops, {"train": ("2015", "2015-02")}).tolist().count("train") == 28
    stops[3] = pd.NaT
    with pytest.raises(ValueError, match="must have dates .* case 3 has .* NaT"):
        list(walk_forward(starts, stops))


def test_it_is_a_cross_validation_of_scikit_learn():
    X = np.arange(60.0)[:, None]
    splits = list(walk_forward(DAYS, DAYS + 1, 4))
    assert cross_val_score(LogisticRegression(), X, np.arange(60) % 2, cv=splits).shape == (4,)


def test_parts_hold_the_cases_whose_label_lies_within():
    bounds = {"test": ("2015-02-01", "2015-03-02"), "train": ("2015-01-01", "2015-02-01")}
    parts = parts_by_date(DAYS[:-3], DAYS[3:], bounds)
    known = DAYS[3:]
    assert (known[parts == "train"] < np.datetime64("2015-02-01")).all()
    assert (DAYS[:-3][parts == "test"] >= np.datetime64("2015-02-01")).all()
    assert (parts == "").sum() == 3  # labels of three days that begin in January and end in February


@pytest.mark.parametrize(
    "call, message",
    [
        (
            lambda: list(walk_forward(DAYS, DAYS, 60)),
            "n_splits of 60 distinct dates must be a whole number from 1 to 59, got 60",
        ),
        (
            lambda: list(walk_forward(DAYS, DAYS, 0)),
            "n_splits of 60 distinct dates must be a whole number from 1 to 59, got 0",
        ),
        (lambda: list(walk_forward(DAYS, DAYS, 2.5)), "n_splits .* must be a whole number from 1 to 59, got 2.5"),
        (lambda: list(walk_forward(DAYS, DAYS, True)), "n_splits .* must be a whole number from 1 to 59, got True"),
        (
            lambda: list(walk_forward(DAYS, DAYS, embargo=1.5)),
            "embargo must be whole days or a numpy.timedelta64, got 1.5",
        ),
        (
            lambda: list(walk_forward(DAYS, DAYS, n_train_dates=2.5)),
            "n_train_dates must be None or a whole number of at least 1, got 2.5",
        ),
        (
            lambda: list(walk_forward(DAYS, DAYS - 1)),
            "stop no earlier than it starts, case 0 has 2015-01-01 to 2014-12-31",
        ),
        (
            lambda: list(walk_forward(DAYS, np.full(60, np.datetime64("NaT", "D")))),
            "must have dates .* case 0 has .* NaT",
        ),
        (lambda: list(walk_forward(DAYS, DAYS[1:])), r"one date a case, got shapes \(60,\) and \(59,\)"),
        (lambda: list(walk_forward(DAYS[:0], DAYS[:0])), "one date a case"),
        (lambda: list(walk_forward(DAYS, DAYS, embargo=-1)), "embargo must be at least 0, got -1 days"),
        (
            lambda: list(walk_forward(DAYS, DAYS, 5, embargo=30)),
            "none has a label known before 2015-01-11 less the embargo",
        ),
        (
            lambda: list(walk_forward(DAYS, DAYS, n_train_dates=0)),
            "n_train_dates must be None or a whole number of at least 1, got 0",
        ),
        (lambda: parts_by_date(DAYS, DAYS, {"a": ("2015-02", "2015-01")}), "each part must end after it begins"),
        (lambda: parts_by_date(DAYS, DAYS, {"a": ("2015", "2016"), "b": ("2015-06", "2017")}), "before the next"),
        (lambda: parts_by_date(DAYS, DAYS, {}), "bounds must name at least one part"),
    ],
)
def test_what_cannot_be_split_is_rejected(call, message):
    with pytest.raises(ValueError, match=message):
        call()
