"""Promises of PriceAdapter: causal channels, honest windows, errors by name."""

import json
import pickle
import warnings
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

import seqconv
from seqconv.adapters import PriceAdapter
from seqconv.datasets import make_prices
from seqconv.domains.finance.labels import BarLabels, direction, triple_barrier
from seqconv.domains.finance.price_channels import context_bars, price_channels
from seqconv.domains.finance.prices_csv import PRICE_BAR
from seqconv.encoders import FCN, MiniRocket
from seqconv.formats import read_prices

EVERY = [
    *["log_return", "gap", "body", "range", "position", "elapsed", "momentum_1", "momentum_7"],
    *["average_1", "average_5", "volatility_2", "volatility_9", "relative_volume_1", "relative_volume_6"],
]
PRICES = make_prices(n_tickers=3, n_bars=90, random_state=1)


def fitted(n_steps=8, channels=EVERY):
    return PriceAdapter(n_steps, channels).fit(PRICES.X)


def slow_channel(name, table, t):
    """One channel of one step, from a frame of bars up to it."""
    kind, _, n = name.rpartition("_") if name[-1].isdigit() else (name, "", 0)
    n, now = int(n or 0), table.iloc[t]
    reach = {"log_return": 1, "gap": 1, "elapsed": 1, "momentum": n, "volatility": n, "relative_volume": n}
    if t < reach.get(kind, n - 1 if kind == "average" else 0):
        return np.nan
    before = table.iloc[t - 1] if t else None
    if kind == "log_return":
        return np.log(now.close / before.close)
    if kind == "gap":
        return np.log(now.open / before.close)
    if kind == "elapsed":
        return np.log((now.date - before.date) / pd.Timedelta(days=1))
    if kind == "body":
        return np.log(now.close / now.open)
    if kind == "range":
        return np.log(now.high / now.low)
    if kind == "position":
        return (2 * now.close - now.high - now.low) / (now.high - now.low)
    if kind == "momentum":
        return np.log(now.close / table.close[t - n])
    if kind == "average":
        return np.log(now.close / table.close[t - n + 1 : t + 1].mean())
    if kind == "volatility":
        return np.log(table.close[: t + 1]).diff()[-n:].std(ddof=0)
    return np.log(now.volume / table.volume[t - n : t].mean())


# Channels


def test_every_channel_is_what_a_slow_reading_of_the_frame_gives():
    bars = PRICES.X[0][:25]
    table = pd.DataFrame({name: bars[name] for name in PRICE_BAR.names})
    found = price_channels(bars[None], EVERY)[0]
    for channel, name in enumerate(EVERY):
        expected = [slow_channel(name, table, t) for t in range(25)]
        np.testing.assert_allclose(found[:, channel], expected, rtol=1e-5, atol=1e-7, err_msg=name)
        assert np.isnan(found[:, channel]).sum() == context_bars([name]), name


@pytest.mark.parametrize("name", EVERY)
@settings(deadline=None, max_examples=25)
@given(st.data())
def test_no_look_ahead_in_any_channel(name, data):
    """Whatever becomes of the bars after a step, the step is the same to the last bit."""
    t = data.draw(st.integers(0, 39))
    bars = PRICES.X[0][:40].copy()
    before = price_channels(bars[None], [name])[0, : t + 1]
    draw = np.random.default_rng(data.draw(st.integers(0, 99)))
    for field in PRICE_BAR.names[1:]:
        bars[field][t + 1 :] *= np.exp(draw.normal(size=39 - t))
    bars["date"][t + 1 :] += np.timedelta64(data.draw(st.integers(0, 99)), "D")
    assert price_channels(bars[None], [name])[0, : t + 1].tobytes() == before.tobytes()


@pytest.mark.parametrize("field", PRICE_BAR.names)
def test_changing_every_bar_after_a_case_ends_changes_nothing_in_the_case(field):
    """The proof through the whole way: files changed after a date give the same cases up to it."""
    adapter = fitted()
    changed = [bars.copy() for bars in PRICES.X]
    for bars in changed:
        if field == "date":
            bars["date"][60:] += np.timedelta64(30, "D")
        else:
            bars[field][60:] *= 1.5 if field in ("high", "volume") else 0.7
            bars["high"] = np.max([bars[name] for name in ("open", "high", "low", "close")], axis=0)
            bars["low"] = np.min([bars[name] for name in ("open", "high", "low", "close")], axis=0)
    old, new = (adapter.cases(records, label=None) for records in (PRICES.X, changed))
    end = PRICES.X[0]["date"][59]
    rows = np.flatnonzero((old.about["stop"] <= end).to_numpy())
    assert 3 * 30 < len(rows) < len(old)
    X_old, X_new = (adapter.transform(cases[rows].X) for cases in (old, new))
    assert X_old.tobytes() == X_new.tobytes() and np.isfinite(X_old).all()
    assert adapter.transform(old.X).tobytes() != adapter.transform(new.X).tobytes()


def test_labels_speak_only_of_bars_behind_the_case():
    cases = fitted().cases(PRICES, label=partial(direction, horizon_bars=3), dead_zone="keep")
    bars = dict(zip(PRICES.groups, PRICES.X, strict=True))
    for case, row in zip(cases.X, cases.about.itertuples(), strict=True):
        dates = bars[row.record]["date"]
        last = np.searchsorted(dates, row.stop.to_datetime64())
        assert case["date"][-1] == row.stop and case["date"][-8] == row.start
        assert row.label_start == dates[last + 1] and row.label_stop == dates[last + 3]
        assert row.outcome == bars[row.record]["close"][last + 3] / case["close"][-1] - 1


def test_one_case_alone_is_the_same_among_others_whatever_their_lengths():
    adapter = fitted()
    records = [*adapter.cases(PRICES).X[:5], PRICES.X[1][:4], PRICES.X[2]]
    together = adapter.transform(records)
    for record, row in zip(records, together, strict=True):
        alone = adapter.transform([record])[0]
        assert alone.tobytes() == row[: len(alone)].tobytes() and np.isnan(row[len(alone) :]).all()


def test_only_the_last_bars_of_a_record_are_steps_and_context_is_nan_only_where_there_is_none():
    adapter = fitted(8, ["volatility_9", "range"])
    X = adapter.transform([PRICES.X[0], PRICES.X[0][-17:], PRICES.X[0][-12:], PRICES.X[0][-3:]])
    assert X.shape == (4, 8, 2) and X.dtype == np.float32
    np.testing.assert_array_equal(X[0], X[1])
    assert np.isnan(X[2, :5, 0]).all() and np.isfinite(X[2, 5:, 0]).all() and np.isfinite(X[2, :, 1]).all()
    np.testing.assert_array_equal(X[3, :3, 1], X[0, 5:, 1])
    assert np.isnan(X[3, 3:]).all()


def test_currency_splits_and_later_dividends_change_nothing():
    adapter = fitted()
    scaled = PRICES.X[0].copy()
    for name in ("open", "high", "low", "close"):
        scaled[name] *= 7.3
    np.testing.assert_allclose(adapter.transform([scaled]), adapter.transform([PRICES.X[0]]), atol=1e-6)


def test_nothing_traded_is_not_observed():
    bars = PRICES.X[0].copy()
    bars["volume"][-2] = 0
    X = PriceAdapter(3, ["relative_volume_1", "range"]).fit([bars]).transform([bars])[0]
    assert np.isnan(X[:, 0]).tolist() == [False, True, True] and np.isfinite(X[:, 1]).all()


def test_a_bar_without_range_has_the_middle_position():
    bars = PRICES.X[0][:2].copy()
    bars["open"] = bars["high"] = bars["low"] = bars["close"]
    assert PriceAdapter(2, ["position"]).fit([bars]).transform([bars]).tolist() == [[[0], [0]]]


def test_the_position_stays_in_its_range_where_rounding_carries_a_close_out_of_the_bar():
    bars = PRICES.X[0][:2].copy()
    bars["close"] = bars["high"] * 1.004
    bars["low"], bars["open"] = bars["high"] * 0.9999, bars["high"]
    assert PriceAdapter(2, ["position"]).fit([bars]).transform([bars]).tolist() == [[[1], [1]]]


def test_locate_gives_the_dates_between_which_a_step_happened():
    adapter = fitted(8, ["log_return"])
    (spans,) = adapter.locate([PRICES.X[0]])
    assert spans.shape == (8, 2) and spans.dtype == "M8[ns]"
    np.testing.assert_array_equal(spans[:, 1], PRICES.X[0]["date"][-8:])
    np.testing.assert_array_equal(spans[:, 0], PRICES.X[0]["date"][-9:-1])
    assert [len(found) for found in adapter.locate([PRICES.X[0][:3]])] == [3]


# Cases


def test_windows_are_views_so_that_many_cost_nothing():
    (bars,) = make_prices(n_tickers=1, n_bars=20_060).X
    cases = PriceAdapter(30).cases([bars], label=None)
    assert len(cases) == 20_060 - 49 and all(np.shares_memory(case, bars) for case in cases.X)


def test_every_window_with_context_and_label_is_there_once():
    cases = fitted(8, ["volatility_9"]).cases(PRICES, dead_zone="keep")
    assert len(cases) == 3 * (90 - 9 - 8 + 1 - 1) and {len(case) for case in cases.X} == {17}
    assert not cases.about.duplicated(["record", "stop"]).any()
    assert cases.groups.tolist() == cases.about["record"].tolist() == np.repeat(PRICES.groups, 73).tolist()
    assert set(cases.y) == {"up", "down", "none"}
    dropped = fitted(8, ["volatility_9"]).cases(PRICES)
    assert len(dropped) == (cases.y != "none").sum() and dropped.y.tolist() == cases.y[cases.y != "none"].tolist()
    unlabelled = fitted(8, ["volatility_9"]).cases(PRICES, label=None)
    assert unlabelled.y is None and len(unlabelled) == 3 * 74 and unlabelled.about["label_stop"].isna().all()
    assert len(fitted(8, ["volatility_9"]).cases(PRICES, label=None, stride_bars=5)) == 3 * 15


def test_rules_see_the_bars_and_may_be_the_users_own():
    barriers = partial(triple_barrier, horizon_bars=4, volatility_bars=10)
    cases = fitted().cases(PRICES, label=barriers, dead_zone="keep")
    assert {"up", "down", "none"} == set(cases.y) and (cases.about["label_stop"] > cases.about["stop"]).all()

    def tuesday(bars):
        is_known = np.arange(len(bars)) + 1 < len(bars)
        return BarLabels(np.where(is_known, "up", ""), np.where(is_known, np.arange(len(bars)) + 1, -1), bars["close"])

    assert set(fitted().cases(PRICES, label=tuesday).y) == {"up"}


@pytest.mark.parametrize(
    "rule, error, message",
    [
        (lambda bars: bars["close"], TypeError, "label must return BarLabels of all 90 steps"),
        (lambda bars: BarLabels(*(column[1:] for column in direction(bars))), TypeError, "BarLabels of all 90 steps"),
        (
            lambda bars: direction(bars)._replace(known=np.arange(90)),
            ValueError,
            "the later step at which it was known",
        ),
    ],
)
def test_a_rule_that_peeks_or_gives_something_else_is_refused(rule, error, message):
    with pytest.raises(error, match=message):
        fitted().cases(PRICES, label=rule)


def test_tickers_come_from_keys_groups_or_file_names(tmp_path):
    table = pd.DataFrame({name: PRICES.X[0][name] for name in PRICE_BAR.names})
    table.to_csv(tmp_path / "BRK-B.csv.gz", index=False)
    adapter = fitted()
    from_path = adapter.cases([tmp_path / "BRK-B.csv.gz"])
    assert set(from_path.groups) == {"BRK-B"}
    assert set(adapter.cases({"KO": table}).groups) == {"KO"} and set(adapter.cases([table], ["T"]).groups) == {"T"}
    np.testing.assert_allclose(adapter.transform(from_path.X), adapter.transform(adapter.cases([table]).X), atol=1e-6)


def test_bad_tickers_are_skipped_with_one_warning_that_lists_them(tmp_path):
    (tmp_path / "BAD.csv").write_text("Date,Open,High,Low,Close\n2015-01-05,1,1,1,-1\n")
    records = {
        "GOOD": PRICES.X[0],
        "BAD": tmp_path / "BAD.csv",
        "GONE": tmp_path / "GONE.csv",
        "SHORT": PRICES.X[0][:5],
    }
    records |= {"ODD": 3}
    with pytest.warns(UserWarning) as told:
        cases = fitted().cases(records, errors="skip")
    assert set(cases.groups) == {"GOOD"} and len(told) == 1
    assert [name for name, _ in cases.about.attrs["skipped"]] == ["BAD", "GONE", "SHORT", "ODD"]
    text = str(told[0].message)
    assert text.startswith("4 of 5 records were left out: ") and told[0].filename == __file__
    for part in (
        "BAD.csv, line 2: close must be",
        "GONE: prices",
        "SHORT: a case needs 17 bars, 9 of them",
        "ODD: prices must be a path, a data frame or the bars of read_prices, got 3",
    ):
        assert part in text
    with pytest.raises(ValueError, match="BAD.csv, line 2"):
        fitted().cases(records)
    with pytest.raises(FileNotFoundError, match="^GONE: prices must be a file that exists, got .*GONE.csv"):
        fitted().cases({"GONE": records["GONE"]})
    with pytest.raises(ValueError, match="at least one of the 1 records must be usable, got errors for all: SHORT"):
        fitted().cases({"SHORT": records["SHORT"]}, errors="skip")


@pytest.mark.parametrize("ticker", ["5", "b", "bars", "case", 5])
@pytest.mark.parametrize("errors", ["raise", "skip"])
def test_the_ticker_of_an_error_is_told_though_its_letters_be_in_the_message(ticker, errors, tmp_path):
    for record in (PRICES.X[0][:5], broken(close=np.nan), tmp_path / "b5.csv"):
        if errors == "raise":
            with pytest.raises((ValueError, OSError), match=f"^{ticker}[:,] "):
                fitted().cases([PRICES.X[0], record], ["GOOD", ticker])
        else:
            with pytest.warns(UserWarning, match=f"1 of 2 records were left out: {ticker}[:,] "):
                fitted().cases([PRICES.X[0], record], ["GOOD", ticker], errors="skip")


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"dead_zone": "leave"}, ValueError, "dead_zone must be 'drop' or 'keep', got 'leave'"),
        ({"errors": "ignore"}, ValueError, "errors must be 'raise' or 'skip'"),
        ({"stride_bars": 0}, ValueError, "stride_bars must be a whole number of at least 1, got 0"),
        ({"groups": ["a"]}, ValueError, "one ticker a record, 3 in all, got 1"),
        ({"groups": ["a", "b", "a"]}, ValueError, "each ticker must come once, records 0 and 2 are both 'a'"),
        ({"records": []}, ValueError, "at least one price record"),
        (
            {"records": "AAPL.csv"},
            TypeError,
            "a list or dict of price records, or a folder of files, got .* of type str",
        ),
        ({"records": pd.DataFrame({"a": [1]})}, ValueError, "the frame must begin with a line of names"),
        ({"label": partial(direction, up=9, down=-9)}, ValueError, "at least one case must remain"),
    ],
)
def test_arguments_of_cases_are_checked(arguments, error, message):
    with pytest.raises(error, match=message):
        fitted().cases(**({"records": PRICES} | arguments))


# Bad records


def broken(**changes):
    bars = PRICES.X[1].copy()
    for name, value in changes.items():
        bars[name][-3] = value
    return bars


@pytest.mark.parametrize(
    "record, error, message",
    [
        (broken(close=np.nan), ValueError, r"case 1, bar 14 \(2012-05-02T00:00:00\): close must be a number above 0"),
        (broken(open=0), ValueError, "case 1, bar 14 .*: open must be"),
        (broken(high=1e-9), ValueError, "case 1, bar 14 .*: high must not be below low"),
        (broken(close=1e3), ValueError, "case 1, bar 14 .*: close must be between low and high, got 1000 with"),
        (broken(open=1e-3), ValueError, "case 1, bar 14 .*: open must be between low and high"),
        (broken(volume=-1), ValueError, "case 1, bar 14 .*: volume must be 0 or more"),
        (".", IsADirectoryError, "case 1: prices must be a file, got the folder .; give the files in it"),
        (broken(date="NaT"), ValueError, "case 1, bar 14 .*: a bar must have a date"),
        (broken(date="2012-01-02"), ValueError, "case 1, bar 14 .*: each date must come once and in order"),
        (PRICES.X[1][:0], ValueError, "case 1: .* got none; leave it out"),
        (pd.DataFrame({"close": [1.0]}), ValueError, "case 1: the frame must begin with a line of names"),
        ("missing.csv", FileNotFoundError, "case 1: .* that exists, got missing.csv"),
        ("https://example.org/T.csv", ValueError, "case 1: .* must be a local file, got 'https"),
        (np.zeros((5, 5)), TypeError, "case 1: .* got an array of float64"),
        (None, TypeError, "case 1: .* got None"),
    ],
)
def test_a_bad_record_is_refused_by_case(record, error, message):
    with pytest.raises(error, match=message):
        fitted().transform([PRICES.X[0], record])


def test_a_record_without_volume_is_refused_only_where_a_channel_needs_it():
    table = pd.DataFrame({name: PRICES.X[0][name] for name in PRICE_BAR.names})
    for volume in (None, 0, np.nan, [0, np.nan] * 45):
        silent = table.drop(columns="volume") if volume is None else table.assign(volume=volume)
        with pytest.raises(ValueError, match="case 0: a channel needs volume, and no bar has one above 0"):
            fitted().transform([silent])
        for record in (silent, read_prices(silent)):
            with pytest.raises(ValueError, match="^T: a channel needs volume"):
                fitted().cases({"T": record})
        assert np.isfinite(fitted(8, ["gap"]).transform([silent])).all()
    assert len(fitted().cases([table.assign(volume=[7] + [0] * 89)]))


def test_tickers_that_have_no_case_are_told_of():
    flat = broken()
    for name in ("open", "high", "low", "close"):
        flat[name] = 1
    late = partial(direction, horizon_bars=80)  # no bar with context has a label
    with pytest.warns(UserWarning, match=r"2 of 3 tickers have no case, .* dead zone: F, 5\.$") as told:
        cases = fitted().cases({"F": flat, "G": PRICES.X[0], 5: flat})
    assert len(told) == 1 and told[0].filename == __file__ and set(cases.groups) == {"G"}
    with pytest.warns(UserWarning, match="1 of 2 tickers have no case"):
        fitted().cases({"S": PRICES.X[0][:90], "L": make_prices(1, 200).X[0]}, label=late, dead_zone="keep")


@pytest.mark.parametrize("X", ["T.csv", PRICES.X[0], pd.DataFrame({"a": [1]}), {"T": 1}, 3])
def test_what_is_no_list_is_refused(X):
    with pytest.raises(TypeError, match="X must be a list of price records"):
        PriceAdapter().fit(X)


@pytest.mark.parametrize(
    "parameters, message",
    [
        ({"n_steps": 0}, "n_steps must be a whole number from 1"),
        ({"n_steps": 2.5}, "n_steps must be"),
        ({"channels": []}, "channels must be distinct names"),
        ({"channels": "gap"}, "channels must be distinct names"),
        ({"channels": ["gap", "gap"]}, "channels must be distinct names"),
        ({"channels": ["gap", "momentum"]}, "channels must be out of .*, got 'momentum'"),
        ({"channels": ["gap_3"]}, "got 'gap_3'"),
        ({"channels": ["volatility_1"]}, "got 'volatility_1'"),
        ({"channels": ["average_0"]}, "got 'average_0'"),
        ({"channels": ["average_99999"]}, "got 'average_99999'"),
        ({"channels": [None]}, "got None"),
        ({"date_order": "YDM"}, "date_order must be None"),
        ({"stream": "yes"}, "stream must be True or False, got 'yes'"),
    ],
)
def test_parameters_are_refused_by_name_at_fit(parameters, message):
    for call in (lambda a: a.fit(PRICES.X), lambda a: a.cases(PRICES), lambda a: a.set_state({"channels": []}, {})):
        with pytest.raises((ValueError, TypeError), match=message):
            call(PriceAdapter(**parameters))


def test_unfitted_use_is_refused():
    for call in (PriceAdapter().transform, PriceAdapter().locate):
        with pytest.raises(NotFittedError):
            call(PRICES.X)
    with pytest.raises(NotFittedError):
        PriceAdapter().get_state()


# As part of an estimator


def test_state_through_json_gives_the_same_adapter_and_forged_ones_are_refused():
    adapter = fitted()
    state, arrays = adapter.get_state()
    copy = PriceAdapter(**json.loads(json.dumps(adapter.get_params()))).set_state(json.loads(json.dumps(state)), arrays)
    assert copy.transform(PRICES.X).tobytes() == adapter.transform(PRICES.X).tobytes()
    for forged in ({}, {"channels": ["gap"]}, {"channels": EVERY, "more": 1}, [], {"channels": EVERY[::-1]}):
        with pytest.raises(ValueError, match="the state must be the channels of the adapter alone"):
            clone(adapter).set_state(forged, {})
    with pytest.raises(ValueError, match="the state must be"):
        clone(adapter).set_state(state, {"x": np.zeros(1)})
    assert pickle.loads(pickle.dumps(adapter)).transform(PRICES.X).shape == (3, 8, len(EVERY))
    assert not hasattr(adapter, "n_tokens_") and adapter.channels_ == EVERY


def test_an_estimator_owns_trains_saves_and_loads_it(tmp_path):
    cases = PriceAdapter(8, ["log_return", "relative_volume_6"]).cases(PRICES)
    model = seqconv.SeqConvClassifier(
        FCN(filters=(4, 4, 4)), adapter=PriceAdapter(8, ["log_return", "relative_volume_6"]), epochs=1, random_state=0
    ).fit(cases)
    model.save(tmp_path / "model")
    loaded = seqconv.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict_proba(cases.X[:9]), model.predict_proba(cases.X[:9]))
    table = pd.DataFrame({name: PRICES.X[0][name] for name in PRICE_BAR.names})
    assert loaded.predict([table]).shape == (1,)  # the whole history: what comes next?
    with pytest.raises(ValueError, match="case 1, bar 11 .*: close must be"):
        loaded.predict([cases.X[0], broken(close=-1)])


def test_of_evenly_spaced_bars_no_warning_is_given_and_other_channels_are_named():
    bars = [one.copy() for one in PRICES.X]
    for one in bars:
        one["date"] = np.datetime64("2024-01-01T00:00", "ns") + np.arange(len(one)) * np.timedelta64(1, "h")

    def told(channels):
        adapter = PriceAdapter(8, channels)
        cases = adapter.cases(bars)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            model = seqconv.SeqConvClassifier(MiniRocket(84), adapter=adapter).fit(cases)
        assert model.adapter_.channel_names() == model.adapter_.channels_
        return [str(one.message) for one in caught]

    assert told(PriceAdapter().channels) == []
    (message,) = told(["log_return", "elapsed", level])
    assert message.startswith("channel 2 ('level') is constant (1) in the training part")


def level(bars):
    return np.ones(len(bars))


def test_a_fit_that_transforms_batch_by_batch_is_the_fit_in_memory():
    cases = PriceAdapter(8).cases(PRICES)

    def fitted(stream):
        return seqconv.SeqConvClassifier(
            FCN(filters=(4, 4, 4)), adapter=PriceAdapter(8, stream=stream), epochs=2, random_state=0
        ).fit(cases)

    np.testing.assert_allclose(fitted(True).predict_proba(cases.X), fitted(False).predict_proba(cases.X), atol=1e-5)
