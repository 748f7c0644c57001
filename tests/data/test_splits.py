"""Splits between groups, by case with a warning, and by time."""

import warnings

import numpy as np
import pandas as pd
import pytest

from seqconv.data import SequenceSet
from seqconv.data.case_times import case_times
from seqconv.data.splits import split_cases, thin_cases
from seqconv.data.time_split import rows_by_time


@pytest.fixture
def beats():
    groups = np.repeat(["Ann", "Bob", "Cy", "Di"], 10)
    return SequenceSet(np.arange(40.0)[:, None], np.tile(["N", "V"], 20), groups)


def test_groups_are_kept_whole_where_there_are_any(beats):
    for seed in range(5):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            rest, apart = split_cases(beats, 0.25, random_state=seed)
        assert not set(rest.groups) & set(apart.groups) and len(apart) == 10 and len(rest) == 30
    assert sorted([*rest.X[:, 0], *apart.X[:, 0]]) == list(range(40))


def test_a_random_split_of_groups_warns(beats):
    with pytest.warns(UserWarning, match="4 of 4 groups, such as Ann, are on both sides .* split by='group'") as caught:
        rest, apart = split_cases(beats, 0.25, by="case")
    assert caught[0].filename == __file__
    assert np.unique(apart.y, return_counts=True)[1].tolist() == [5, 5] and len(rest) == 30


def test_without_groups_cases_are_drawn_in_proportion_and_nothing_is_said(beats):
    plain = SequenceSet(beats.X, beats.y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, apart = split_cases(plain, 0.25)
    assert np.unique(apart.y, return_counts=True)[1].tolist() == [5, 5]
    assert split_cases(plain, 0.25)[1].X.tolist() == apart.X.tolist()
    for y in (None, np.arange(40.0), ["a"] + ["b"] * 39):  # nothing to keep in proportion
        rest, apart = split_cases(SequenceSet(beats.X, y), 0.25)
        assert (len(rest), len(apart)) == (30, 10)
    with pytest.raises(ValueError, match="by='group' needs groups in the set"):
        split_cases(plain, by="group")


@pytest.mark.parametrize("groups", [None, range(40)], ids=["no groups", "each a group"])
def test_a_random_split_of_excerpts_of_a_recording_warns(beats, groups):
    about = pd.DataFrame({"record": np.repeat(["a", "b"], 20), "start": range(40), "stop": range(1, 41)})
    told = "2 of 2 records, such as a, are on both sides .* split by='time', or give groups"
    with pytest.warns(UserWarning, match=told) as caught:
        split_cases(SequenceSet(beats.X, beats.y, groups, about), 0.25, by="case")
    assert len(caught) == 1 and caught[0].filename == __file__


def test_a_random_split_of_a_case_a_recording_says_nothing(beats):
    about = pd.DataFrame({"record": range(40), "stop": range(40)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        split_cases(SequenceSet(beats.X, beats.y, about=about), 0.25)


def test_excerpts_of_groups_that_are_shared_warn_once(beats):
    about = pd.DataFrame({"record": beats.groups, "start": range(40), "stop": range(1, 41)})
    with pytest.warns(UserWarning, match="4 of 4 groups") as caught:
        split_cases(SequenceSet(beats.X, beats.y, beats.groups, about), 0.25, by="case")
    assert len(caught) == 1


def test_by_time_the_last_cases_of_each_group_are_set_apart(beats):
    rest, apart = split_cases(beats, 0.3, by="time")
    assert apart.X[:, 0].tolist() == [7, 8, 9, 17, 18, 19, 27, 28, 29, 37, 38, 39] and len(rest) == 28
    _, apart = split_cases(SequenceSet(beats.X), 0.1, by="time")
    assert apart.X[:, 0].tolist() == [36, 37, 38, 39]
    with pytest.raises(ValueError, match="1 case.* too few"):
        split_cases(SequenceSet(["a"]), by="time")


def windows(n_windows, stride, length=10, unit=None, **columns):
    """Windows of two records, as the adapters tell of them."""
    start = np.tile(np.arange(n_windows) * stride, 2)
    stop = start + length
    if unit:
        start, stop = (np.datetime64("2015-01-01") + values.astype(f"m8[{unit}]") for values in (start, stop))
    record = np.repeat(["A", "B"], n_windows)
    about = pd.DataFrame({"record": record, "start": start, "stop": stop} | columns)
    return SequenceSet(np.arange(2.0 * n_windows)[:, None], groups=record, about=about)


def test_by_time_no_step_is_on_both_sides():
    cases = windows(40, 1)
    with pytest.warns(UserWarning, match="18 of 60 cases share steps with a case set apart and are left out") as told:
        rest, apart = split_cases(cases, 0.25, by="time")
    assert told[0].filename == __file__ and len(apart) == 20 and len(rest) == 42
    for record in "AB":
        parts = (part.about[part.about["record"] == record] for part in (rest, apart))
        steps = [{i for row in part.itertuples() for i in range(row.start, row.stop)} for part in parts]
        assert not steps[0] & steps[1] and max(steps[0]) + 1 == min(steps[1])  # and no more is lost than must be
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(split_cases(windows(40, 10), 0.25, by="time")[0]) == 60
        assert len(split_cases(windows(40, 0.1, 0.1), 0.25, by="time")[0]) == 60  # seconds that touch
    with pytest.raises(ValueError, match="none does. Set fewer apart"):
        split_cases(windows(8, 1), 0.25, by="time")


def test_by_time_dates_are_shared_and_labels_reach_as_far_as_they_were_known():
    with pytest.warns(UserWarning, match="2 of 60 cases"):  # the last day of one is the first of the next
        split_cases(windows(40, 10, unit="D"), 0.25, by="time")
    stop = np.tile(np.arange(40) * 10 + 35, 2)
    with pytest.warns(UserWarning, match="6 of 60 cases"):
        split_cases(windows(40, 10, label_stop=np.where(np.arange(80) % 2, stop, stop + 1)), 0.25, by="time")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        split_cases(windows(40, 10, label_stop=np.full(80, -1)), 0.25, by="time")


def dated_windows():
    """Windows of five days of a ticker until 20 January, of one until 5 March and of one from February on."""
    start = np.concatenate(
        [np.arange(n) + np.datetime64(day) for n, day in ((16, "2015-01-01"), (60, "2015-01-01"), (33, "2015-02-01"))]
    )
    record = np.repeat(["A", "B", "C"], [16, 60, 33])
    about = pd.DataFrame({"record": record, "start": start, "stop": start + 4, "label_stop": start + 6})
    return SequenceSet(np.arange(109.0)[:, None], groups=record, about=about)


@pytest.mark.parametrize("zone", [None, "America/New_York"])
def test_by_time_dates_are_cut_at_one_day_for_all_tickers(zone):
    cases = dated_windows()
    for name in ("start", "stop", "label_stop"):
        cases.about[name] = cases.about[name].dt.tz_localize(zone)
    with pytest.warns(UserWarning, match="of 81 cases share days"):
        rest, apart = split_cases(cases, 0.25, by="time")
    assert set(rest.groups) == {"A", "B", "C"} and set(apart.groups) == {"B", "C"} and len(apart) == 28
    assert rest.about["label_stop"].max() < apart.about["stop"].min()
    with pytest.raises(ValueError, match=r"1 date\(s\) are too few to set 0.25 of the cases apart"):
        split_cases(cases[[0, 16]], by="time")


@pytest.mark.parametrize("by", [None, "group", "case"])
def test_days_on_both_sides_of_another_split_are_told(by):
    told = "days from 2015-0.-.. to 2015-03-0. are on both sides .* split by='time'"
    with pytest.warns(UserWarning, match=told) as caught:
        split_cases(dated_windows()[16:], 0.5, by=by)
    assert len(caught) == 1 and caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cases = dated_windows()
        split_cases(cases[cases.about["record"] != "B"], 0.5)  # one ended before the other began
        split_cases(windows(40, 10), 0.5)


def test_a_ticker_that_was_halted_takes_no_other_with_it():
    day = pd.bdate_range("2015-01-01", periods=200).to_numpy()
    about = pd.DataFrame({"record": "whole", "start": day[:-10], "stop": day[10:]})
    halted = pd.DataFrame({"record": "halted", "start": day[[0, 1]], "stop": day[[5, 180]]})  # one window over the halt
    about = pd.concat([about, halted], ignore_index=True)
    with pytest.warns(UserWarning, match="share days"):
        rest, apart = split_cases(SequenceSet(np.zeros((192, 3)), about=about), 0.2, by="time")
    assert len(rest) > 130 and rest.about["stop"].max() < apart.about["stop"].min()
    about.loc[3, "stop"] = pd.NaT
    with pytest.raises(ValueError, match="case 3 has none"):
        split_cases(SequenceSet(np.zeros((192, 3)), about=about), 0.2, by="time")


def test_walk_forward_is_known_from_here():
    from seqconv.data import dated_splits, splits

    assert splits.walk_forward is dated_splits.walk_forward


@pytest.mark.parametrize(
    "options, message",
    [
        ({"by": "patient"}, "by must be 'group', 'case' or 'time', got 'patient'"),
        ({"fraction": 0}, "fraction must be a number above 0 and below 1, got 0"),
        ({"fraction": 1}, "fraction must be a number above 0 and below 1, got 1"),
    ],
)
def test_what_is_out_of_range_is_rejected(beats, options, message):
    with pytest.raises(ValueError, match=message):
        split_cases(beats, **options)
    with pytest.raises(ValueError, match="at least 2 groups"):
        split_cases(beats[:10])


def test_thinning_keeps_at_most_so_many_of_each_class_of_each_group(beats):
    thin = thin_cases(beats, 3)
    assert len(thin) == 24 and (np.diff(thin.X[:, 0]) > 0).all()
    assert thin_cases(beats, 100).X.tolist() == beats.X.tolist()
    assert thin_cases(beats, 3, random_state=1).X.tolist() != thin.X.tolist() == thin_cases(beats, 3).X.tolist()
    assert len(thin_cases(SequenceSet(beats.X, beats.y), 3)) == 6
    with pytest.raises(ValueError, match="n_most must be a whole number of at least 1, got 0"):
        thin_cases(beats, 0)
    with pytest.raises(ValueError, match="the set must have y"):
        thin_cases(SequenceSet(beats.X), 3)


# rows_by_time


def test_rows_by_time_is_the_split_by_time_without_a_set():
    cases = windows(40, 1)
    train, validation = rows_by_time(cases.about, 0.25)
    with pytest.warns(UserWarning, match="18 of 60"):
        rest, apart = split_cases(cases, 0.25, by="time")
    pairs = ((train, rest), (validation, apart))
    assert all(cases.about.iloc[rows].equals(part.about) for rows, part in pairs)
    same = {name: cases.about[name].to_numpy() for name in ("record", "start", "stop")}
    assert [part.tolist() for part in rows_by_time(same, 0.25)] == [train.tolist(), validation.tolist()]
    del same["record"]
    by_groups = rows_by_time(same, 0.25, groups=cases.about["record"])
    assert [part.tolist() for part in by_groups] == [train.tolist(), validation.tolist()]


def test_rows_by_time_keeps_to_the_rows_given_and_to_labels_known_in_time():
    days = np.arange(np.datetime64("2015-01-01"), np.datetime64("2015-02-10"))
    about = {"start": days, "stop": days, "label_stop": days + 3}
    rows = np.arange(0, 40, 2)[::-1]
    train, validation = rows_by_time(about, 0.2, rows)
    assert set(train) | set(validation) < set(rows) and (np.diff(train) < 0).all()
    assert sorted(validation) == [32, 34, 36, 38] and days[train].max() + 3 < days[validation].min()
    assert sorted(train) == list(range(0, 29, 2))
    with pytest.raises(ValueError, match="a case must end before those set apart start"):
        rows_by_time(about | {"label_stop": days + 300}, 0.2)
    with pytest.raises(ValueError, match="about must have the column 'stop'"):
        rows_by_time({"start": days}, 0.2)


def test_rows_by_time_of_exchanges_in_several_zones_is_in_instants():
    zones = ("America/New_York", "Asia/Tokyo")
    hours = pd.date_range("2024-01-02 09:30", periods=60, freq="h")
    stops = pd.Series([time.tz_localize(zone) for zone in zones for time in hours], dtype=object)
    known = stops + pd.Timedelta(hours=1)
    about = pd.DataFrame({"record": np.repeat(zones, 60), "start": stops, "stop": stops, "label_stop": known})
    train, validation = rows_by_time(about, 0.25)
    assert max(known[train]) < min(stops[validation])


def test_dates_of_records_are_enough_to_set_the_last_apart():
    dates = np.arange(np.datetime64("2015-01-01"), np.datetime64("2015-02-10"))
    bars = np.array(list(zip(dates, dates.astype(float), strict=True)), [("date", "M8[D]"), ("close", "f8")])
    records = [bars[i : i + 5] for i in range(36)]
    train, validation = rows_by_time(case_times(records), 0.25)
    assert validation.tolist() == list(range(27, 36))
    assert train.tolist() == list(range(23))  # no bar is in both parts


def test_a_split_by_group_looks_for_one_with_each_class_in_both_parts():
    groups = np.repeat(np.arange(12), 4)
    y = np.where(groups < 8, "pump", np.where(groups < 10, "fan", "saw"))
    for seed in range(10):
        rest, apart = split_cases(SequenceSet(np.zeros((48, 3)), y, groups), 0.25, random_state=seed)
        assert set(rest.y) == set(apart.y) == {"pump", "fan", "saw"} and not set(rest.groups) & set(apart.groups)
    alone = np.where(groups < 11, "pump", "saw")
    with pytest.warns(UserWarning, match="class 'saw' is in one part of the split alone"):
        split_cases(SequenceSet(np.zeros((48, 3)), alone, groups), 0.25)


def test_paths_that_differ_in_digits_are_no_repeats(recwarn):
    split_cases(SequenceSet([f"clips/rec_{i:03d}.wav" for i in range(20)], np.arange(20) % 2), 0.25)
    assert not recwarn.list
