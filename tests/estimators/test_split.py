"""Validation parts that cannot leak: by time, by group, at random."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from scipy.spatial.distance import cdist
from sklearn.model_selection import GridSearchCV, cross_val_score

from seqconv import SeqConvClassifier, SequenceSet
from seqconv.adapters import PriceAdapter
from seqconv.data import WalkForwardSplit
from seqconv.domains.finance.labels import direction
from seqconv.encoders import FCN
from seqconv.estimators.class_targets import ClassTargets
from seqconv.estimators.split import known_times, split

SMALL = FCN(filters=(8,), kernel_sizes=(5,))


def parts(n_cases, y=None, groups=None, fraction=0.2, by=None, times=None):
    targets = ClassTargets()
    encoded = targets.learn(np.arange(n_cases) % 2 if y is None else y, range(n_cases))
    return split(targets, encoded, np.ones(n_cases), groups, fraction, False, 0, by, times)


@pytest.fixture(scope="module")
def walk():
    """Windows of a random walk; labels look 20 bars ahead, so neighbours share nearly all of both."""
    rng = np.random.default_rng(3)
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, 900)))
    before = np.r_[100, close[:-1]]
    bars = pd.DataFrame(
        {
            "Open": before,
            "High": np.maximum(before, close) * 1.002,
            "Low": np.minimum(before, close) * 0.998,
            "Close": close,
            "Volume": rng.integers(1000, 9000, 900),
        },
        index=pd.date_range("2018-01-01", periods=900, freq="B", name="Date"),
    )
    adapter = PriceAdapter(n_steps=20, channels=["log_return", "average_20"])
    return adapter, adapter.cases({"W": bars}, label=partial(direction, horizon_bars=20, up=0, down=0))


@pytest.mark.parametrize("is_set", [True, False])
def test_dated_cases_are_split_by_time_without_overlap(walk, is_set):
    _, cases = walk
    times = known_times(cases.X, cases.about if is_set else None)
    train, watched = parts(len(cases), cases.y, cases.groups, times=times)
    start, stop = (pd.to_datetime(cases.about[name]).to_numpy() for name in ("start", "stop"))
    assert stop[train].max() < start[watched].min()
    assert stop[watched].min() > np.sort(stop)[len(stop) // 2]
    assert len(train) + len(watched) < len(cases)


def remembered(seed, by):
    """Accuracy of the nearest training window on the validation part, of a walk that nothing can predict."""
    level = np.cumsum(np.random.default_rng(seed).normal(size=430))
    last = np.arange(19, 420)
    X = sliding_window_view(level, 20)[: len(last)] - level[last][:, None]  # (n_cases, 20)
    y = level[last + 10] > level[last]
    times = {"start": last - 19, "stop": last + 1, "label_stop": last + 11}
    train, watched = parts(len(y), y, fraction=0.25, by=by, times=times)
    return np.mean(y[train][cdist(X[watched], X[train]).argmin(axis=1)] == y[watched])


def test_on_random_walks_the_validation_part_by_time_shows_chance_and_one_at_random_does_not():
    found = np.array([remembered(seed, "time") for seed in range(60)])
    # Neighbours share nearly all of window and label, so the deviation between walks counts, not that of the cases.
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert abs(found.mean() - 0.5) < 2 * error < 0.05
    assert np.mean([remembered(seed, "case") for seed in range(5)]) > 0.6


def test_the_fit_sets_the_last_days_apart(walk, capsys):
    adapter, cases = walk
    classifier = SeqConvClassifier(SMALL, adapter=adapter, epochs=1, random_state=0, verbose=1).fit(cases)
    assert "overlap these in time and are not used" in capsys.readouterr().out
    assert "val_accuracy" in classifier.history_


def test_it_holds_inside_scikit_learns_searches(walk, monkeypatch):
    from seqconv.estimators import fitting

    adapter, cases = walk
    seen = []

    def spied(*arguments):
        seen.append((arguments[-2], arguments[-1], found := split(*arguments)))
        return found

    monkeypatch.setattr(fitting, "split", spied)
    classifier = SeqConvClassifier(SMALL, adapter=adapter, epochs=1, random_state=0, validation_by="time")
    folds = WalkForwardSplit(2, about=cases.about)
    cross_val_score(classifier, cases.X, cases.y, cv=folds)
    GridSearchCV(classifier, {"epochs": [1]}, cv=folds, refit=False).fit(cases.X, cases.y)
    assert len(seen) == 4
    for by, times, (train, watched) in seen:
        assert by == "time"
        assert not len(watched) or times["stop"][train].max() < times["start"][watched].min()


def test_windows_of_a_record_are_split_by_their_place():
    start = np.arange(0, 400, 2)
    about = pd.DataFrame({"record": "a", "start": start, "stop": start + 10})
    cases = SequenceSet(np.zeros((200, 10, 1)), np.arange(200) % 2, about=about)
    train, watched = parts(200, times=known_times(cases.X, cases.about))
    assert about["stop"][train].max() <= about["start"][watched].min()


@pytest.mark.parametrize("fraction", [None, 0.1])
def test_cases_of_a_record_each_are_split_at_random(fraction):
    about = pd.DataFrame({"record": np.arange(300), "start": 0.0, "stop": 1.0})
    train, watched = parts(300, fraction=fraction, times=known_times([], about))
    assert len(train) == 270 and len(watched) == 30 and watched.min() < 150


def test_cases_cut_from_several_records_are_split_by_record():
    record = np.arange(300) // 4
    about = pd.DataFrame({"record": record, "start": np.arange(300) % 4, "stop": np.arange(300) % 4 + 3})
    train, watched = parts(300, fraction=0.2, times=known_times([], about))
    assert len(watched) == 60 and not set(record[train]) & set(record[watched])
    train, watched = parts(300, fraction=None, times=known_times([], about))
    assert len(train) == 300 and not len(watched)


def test_groups_come_before_places_and_dates_before_groups():
    groups = np.arange(200) // 50
    places = {"start": np.arange(200), "stop": np.arange(200) + 1}
    train, watched = parts(200, groups=groups, fraction=0.25, times=places)
    assert not set(groups[train]) & set(groups[watched])
    days = {name: np.datetime64("2020-01-01") + values for name, values in places.items()}
    train, watched = parts(200, groups=np.arange(200) % 4, fraction=0.25, times=days)
    assert train.max() < watched.min()


@pytest.mark.parametrize("by", ["time", "group", "case"])
def test_the_user_may_choose(by):
    groups = np.arange(200) % 5
    train, watched = parts(200, groups=groups, by=by)
    assert (train.max() < watched.min()) == (by == "time")
    assert bool(set(groups[train]) & set(groups[watched])) == (by != "group")


def test_by_group_needs_groups():
    with pytest.raises(ValueError, match="validation_by='group' needs the groups"):
        parts(200, by="group")


def test_too_few_dates_set_nothing_apart_unless_asked():
    day = {"stop": np.full(300, np.datetime64("2020-01-01"))}
    train, watched = parts(300, fraction=None, times=day)
    assert len(train) == 300 and not len(watched)
    with pytest.raises(ValueError):
        parts(300, fraction=0.2, times=day)
