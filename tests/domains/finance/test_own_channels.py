"""Channels of the user's own: columns, and functions that do not look ahead."""

import json
from functools import partial

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

import seqconv
from seqconv.adapters import PriceAdapter
from seqconv.datasets import make_prices
from seqconv.encoders import FCN
from seqconv.formats import read_prices

(BARS,) = make_prices(1, 90, random_state=1).X
TABLE = pd.DataFrame({name: BARS[name] for name in BARS.dtype.names}).assign(funding=np.arange(90) / 100, mood=-1.0)


def slow_average(bars, span=10):
    return pd.Series(bars["close"]).ewm(span=span).mean().to_numpy() / bars["close"] - 1


def with_holes(bars):
    return np.where(np.arange(len(bars)) % 7 == 0, np.nan, bars["volume"])


def cumulative(bars):
    return np.cumsum(np.diff(np.log(bars["close"]), prepend=np.log(bars["close"][0])))


@pytest.mark.parametrize("function", [slow_average, with_holes, cumulative, partial(slow_average, span=5)])
def test_a_causal_function_is_a_channel_in_cases_and_in_records(function):
    name = getattr(function, "__name__", "slow_average")
    adapter = PriceAdapter(8, ["log_return", function]).fit([TABLE])
    assert adapter.channels_ == ["log_return", name]
    cases = adapter.cases({"T": TABLE}, label=None)
    expected = np.asarray(function(BARS), float)[-8:].astype(np.float32)
    for X in (adapter.transform(cases.X)[-1:], adapter.transform([TABLE]), adapter.transform([BARS])):
        np.testing.assert_array_equal(X[0, :, 1], expected)


def next_return(bars):
    return np.r_[np.diff(bars["close"]), np.nan]


def scaled_by_all(bars):
    return (bars["close"] - bars["close"].mean()) / bars["close"].std()


def from_the_end(bars):
    return np.arange(len(bars), 0, -1.0)


def centred(bars):
    return pd.Series(bars["close"]).rolling(5, center=True, min_periods=1).mean().to_numpy()


def filled_back(bars):
    return pd.Series(np.where(np.arange(len(bars)) % 3 == 0, bars["close"], np.nan)).bfill().to_numpy()


@pytest.mark.parametrize("function", [next_return, scaled_by_all, from_the_end, centred, filled_back])
def test_a_function_that_looks_ahead_is_refused_by_name(function):
    message = f"the channel {function.__name__} must be made of bars up to each step, its value at bar .* changes with"
    with pytest.raises(ValueError, match=f"^T: {message}"):
        PriceAdapter(8, ["log_return", function]).cases({"T": TABLE})
    with pytest.raises(ValueError, match=f"case 0: {message}"):
        PriceAdapter(8, ["log_return", function]).fit([TABLE]).transform([TABLE])


def test_columns_of_the_record_are_channels(tmp_path):
    adapter = PriceAdapter(8, ["column:funding", "gap", "column:mood"]).fit([TABLE])
    TABLE.to_csv(tmp_path / "T.csv", index=False)
    bars = read_prices(TABLE, extra_columns=["funding", "mood"])
    for record in (TABLE, tmp_path / "T.csv", bars, adapter.cases({"T": TABLE}, label=None).X[-1]):
        X = adapter.transform([record])[0]
        np.testing.assert_allclose(X[:, 0], np.arange(82, 90) / 100, rtol=1e-6)
        assert (X[:, 2] == -1).all()
    with pytest.raises(ValueError, match="must have the column 'funding', other columns are: mood"):
        adapter.transform([TABLE.drop(columns="funding")])
    with pytest.raises(ValueError, match=r"must have the field 'funding'; read them with extra_columns=\['funding'\]"):
        adapter.transform([BARS])
    assert clone(adapter).set_state(*adapter.get_state()).channels_ == ["column:funding", "gap", "column:mood"]
    assert json.dumps(adapter.get_params())


def test_columns_are_saved_with_the_model_and_functions_are_not(tmp_path):
    def fit(channel):
        adapter = PriceAdapter(8, ["log_return", channel])
        cases = adapter.cases({"T": TABLE})
        return cases, seqconv.SeqConvClassifier(FCN(filters=(4, 4, 4)), adapter=adapter, epochs=1, random_state=0).fit(
            cases.X, cases.y
        )

    cases, model = fit("column:funding")
    model.save(tmp_path / "model")
    loaded = seqconv.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict_proba(cases.X[:9]), model.predict_proba(cases.X[:9]))
    _, model = fit(slow_average)
    with pytest.raises(ValueError, match="channels of adapter holds a .*function, which cannot be saved"):
        model.save(tmp_path / "other")


@pytest.mark.parametrize(
    ("channels", "message"),
    [
        (["gap", lambda bars: bars["close"][1:]], "must return one number a bar, shape .*90.*, got .*89"),
        (["gap", lambda bars: bars["close"] / 0], "must be finite or NaN, bar 0 is infinite"),
        ([slow_average, slow_average], "channels must be distinct names"),
        (["column:", "gap"], "channels must be out of .*, got 'column:'"),
        (["column:close"], "names other than those of the bars, got 'close'"),
        (["columns:funding"], "got 'columns:funding'"),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_channels_of_the_user_are_checked(channels, message):
    with pytest.raises(ValueError, match=message):
        PriceAdapter(8, channels).cases({"T": TABLE})
