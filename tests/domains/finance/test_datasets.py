"""Promises of load_prices, split_prices and the made-up prices and order books."""

import os

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from seqconv.adapters import OrderBookAdapter, PriceAdapter
from seqconv.datasets import load_prices, make_order_book, make_prices, split_prices
from seqconv.domains import home as cache
from seqconv.domains.finance.price_checks import find_fault
from seqconv.domains.finance.prices_csv import PRICE_BAR

BOUNDS = {"train": ("2012-01-01", "2012-05-01"), "test": ("2012-05-01", "2012-07-01")}


def real(name):
    """The real set, or skip: these tests never download."""
    if not os.environ.get("SEQCONV_DATA") or cache.present(f"finance/{name}/AAPL.csv") is None:
        pytest.skip(f"finance/{name} does not lie in the data home (SEQCONV_DATA)")
    return load_prices(name)


@pytest.fixture(scope="module")
def acl18():
    return real("stocknet_acl18")


def test_the_set_of_acl18_has_its_tickers_and_bars(acl18):
    assert len(acl18) == 87 and sum(map(len, acl18.X)) == 71_668
    assert acl18.y is None and acl18.part is None and {"AAPL", "BABA", "AGFS", "XOM"} <= set(acl18.groups)
    dates = np.concatenate([bars["date"] for bars in acl18.X])
    assert str(dates.min())[:10] == "2012-09-04" and str(dates.max())[:10] == "2015-12-31"


def test_the_split_of_acl18_has_the_dates_and_the_counts_of_the_literature(acl18):
    """Xu and Cohen count 2,555 cases for development and 3,720 for the test."""
    parts = split_prices(PriceAdapter().cases(acl18), "stocknet_acl18")
    assert parts.part_is("dev").sum() == 2555 and parts.part_is("test").sum() == 3720
    assert parts.part_is("train").sum() == 20_297  # 42 fewer than theirs: two tickers start late, GMRE is not there
    days = {part: parts[parts.part_is(part)].about["label_stop"] for part in ("train", "dev", "test")}
    spans = {part: (str(dates.min())[:10], str(dates.max())[:10]) for part, dates in days.items()}
    assert spans == {
        "train": ("2014-01-02", "2015-07-31"),
        "dev": ("2015-08-03", "2015-09-30"),
        "test": ("2015-10-01", "2015-12-31"),
    }


def test_the_bars_and_labels_of_a_real_ticker_are_those_of_its_file(acl18):
    table = pd.read_csv(cache.present("finance/stocknet_acl18/AAPL.csv"), parse_dates=["Date"])
    cases = PriceAdapter(n_steps=5, channels=["log_return"]).cases(acl18, dead_zone="keep")
    cases = cases[cases.groups == "AAPL"]
    returns = table["Adj Close"].pct_change()
    by_day = returns.set_axis(table["Date"])
    np.testing.assert_allclose(cases.about["outcome"], by_day[cases.about["label_stop"]], atol=1e-12)
    expected = np.select([by_day >= 0.0055, by_day <= -0.005], ["up", "down"], "none")
    assert cases.y.tolist() == pd.Series(expected, by_day.index)[cases.about["label_stop"]].tolist()


def test_the_set_of_kdd17_is_adjusted_so_that_no_split_is_a_return():
    prices = real("kdd17_2007_2015")
    assert len(prices) == 50 and sum(map(len, prices.X)) == 113_300
    apple = prices.X[prices.groups.tolist().index("AAPL")]
    returns = np.abs(np.diff(np.log(apple["close"])))
    assert returns.max() < 0.25  # it was divided by 7 on 2014-06-09
    gaps = np.abs(np.log(apple["open"][1:] / apple["close"][:-1]))
    assert gaps.max() < 0.25
    parts = split_prices(PriceAdapter().cases(prices), "kdd17_2007_2015")
    assert set(parts.part) == {"train", "dev"}
    assert parts[parts.part_is("train")].about["label_stop"].max() == pd.Timestamp("2014-12-31")


def test_a_missing_file_is_named_with_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("SEQCONV_DATA", str(tmp_path))
    with pytest.raises(OSError, match="AAPL.csv must be in .*finance/kdd17_2007_2015 .* Get it by hand"):
        load_prices("kdd17_2007_2015")


def test_a_broken_file_is_named_with_its_line(monkeypatch, tmp_path):
    monkeypatch.setenv("SEQCONV_DATA", str(tmp_path))
    path = tmp_path / "finance" / "kdd17_2007_2015" / "AAPL.csv"
    path.parent.mkdir(parents=True)
    path.write_text("Date,Open,High,Low,Close,Adj Close\n2015-01-05,1,1,1,-1,1\n")
    with pytest.raises(ValueError, match="AAPL.csv, line 2: close must be a number above 0"):
        load_prices("kdd17_2007_2015")


@pytest.mark.parametrize("name", ["acl18", "../x", "", None])
def test_an_unknown_name_is_refused(name):
    with pytest.raises(ValueError, match="name must be one of stocknet_acl18, kdd17_2007_2015"):
        load_prices(name)


# Splits


@pytest.mark.parametrize("horizon", [1, 10])
def test_labels_that_reach_into_the_next_part_are_purged(horizon):
    from functools import partial

    from seqconv.domains.finance.labels import direction

    rule = partial(direction, horizon_bars=horizon, up=0, down=0)
    cases = PriceAdapter(5).cases(make_prices(3, 130), label=rule)
    parts = split_prices(cases, BOUNDS)
    train, test = (parts[parts.part_is(part)].about for part in ("train", "test"))
    boundary = pd.Timestamp("2012-05-01")
    assert (train["label_stop"] < boundary).all() and (test["label_start"] >= boundary).all()
    assert len(parts) == len(cases) - 3 * (horizon - 1)  # only those, of each ticker


def test_what_cannot_be_split_is_refused():
    adapter, prices = PriceAdapter(5), make_prices(2, 130)
    with pytest.raises(ValueError, match="PriceAdapter.cases with a label"):
        split_prices(adapter.cases(prices, label=None), BOUNDS)
    with pytest.raises(ValueError, match="the part 'test' must hold a case from 2015-01-01 to 2016-01-01"):
        split_prices(adapter.cases(prices), {"train": BOUNDS["train"], "test": ("2015-01-01", "2016-01-01")})
    with pytest.raises(ValueError, match="name must be one of"):
        split_prices(adapter.cases(prices), "acl17")


# Made-up


def test_made_up_prices_are_possible_and_come_from_the_seed():
    prices = make_prices(3, 200, random_state=4)
    assert all(bars.dtype == PRICE_BAR and find_fault(bars) is None for bars in prices.X)
    for bars in prices.X:
        assert (bars["high"] >= np.maximum(bars["open"], bars["close"])).all()
        assert (bars["low"] <= np.minimum(bars["open"], bars["close"])).all()
        assert np.is_busday(bars["date"].astype("M8[D]")).all()
    assert all(a.tobytes() == b.tobytes() for a, b in zip(make_prices(3, 200, random_state=4).X, prices.X, strict=True))
    assert make_prices(3, 200, random_state=5).X[0].tobytes() != prices.X[0].tobytes()
    np.random.seed(3)
    expected = np.random.rand()
    np.random.seed(3)
    make_prices(2, 9)
    make_order_book(1, 9)
    assert np.random.rand() == expected


@pytest.mark.parametrize("signal", [0.0, 1.0])
def test_the_rule_is_in_the_prices_and_neither_move_nor_volume_alone_tells_it(signal):
    found = []
    for bars in make_prices(20, 750, signal=signal).X:
        returns, volume = np.diff(np.log(bars["close"])), np.log(bars["volume"][1:] / 1e6)
        follows = returns[1:] > 0
        found.append([np.mean((signs[:-1] > 0) == follows) for signs in (returns * volume, returns, volume)])
    rule, momentum, volume = np.mean(found, axis=0)
    assert abs(rule - (0.84 if signal else 0.5)) < 0.02 and abs(momentum - 0.5) < 0.02 and abs(volume - 0.5) < 0.02


@pytest.mark.parametrize("signal", [True, False])
def test_the_course_of_the_sizes_alone_tells_the_jumps_of_the_made_up_book(signal):
    courses, jumps, before = [], [], []
    for table in make_order_book(24, 1000, signal=signal).X:
        sizes = [np.log(table[f"bid_size_{i}"] / table[f"ask_size_{i}"]).to_numpy() for i in range(1, 6)]
        lean, mid = np.mean(sizes, axis=0), (table["ask_price_1"] + table["bid_price_1"]).to_numpy() / 2
        moves = np.round(100 * np.diff(mid))
        ends = np.flatnonzero(np.abs(moves) > 5)  # the last snapshot before each jump
        assert set(np.diff(ends)) <= set(range(50, 71)) and (np.abs(moves[ends]) == 10).all()
        ends = ends[ends > 75]
        courses += [lean[end - 39 : end + 1] for end in ends]
        before += [mid[end] - mid[end - 75] for end in ends]  # the jump before is among it
        jumps += (moves[ends] > 0).tolist()
    courses, jumps, before = np.array(courses), np.array(jumps), np.array(before)
    course = ((courses[:, 2:] - courses[:, :-2]) ** 3).sum(axis=1) < 0  # slowly up and quickly down
    assert np.mean(course == jumps) > 0.95 if signal else abs(np.mean(course == jumps) - 0.5) < 0.1
    half = len(jumps) // 2
    for X in (courses, courses[:, -1:], before[:, None]):
        linear = LogisticRegression().fit(X[:half], jumps[:half])
        assert abs(linear.score(X[half:], jumps[half:]) - 0.5) < 0.14
    assert abs(np.mean((courses[:, -1] > 0) == jumps) - 0.5) < 0.1


def test_made_up_books_are_possible_and_come_from_the_seed():
    books = make_order_book(2, 50, 3, random_state=4)
    assert len(books) == 2 and books.groups.tolist() == ["2012-01-02", "2012-01-03"]
    assert OrderBookAdapter(5, 3).fit(books.X).transform(books.X).shape == (2, 5, 17)
    for a, b in zip(make_order_book(2, 50, 3, random_state=4).X, books.X, strict=True):
        pd.testing.assert_frame_equal(a, b)


@pytest.mark.parametrize(
    "call",
    [
        *[lambda: make_prices(0), lambda: make_prices(2, 1), lambda: make_prices(signal=-1)],
        *[lambda: make_order_book(0), lambda: make_order_book(1, 1), lambda: make_order_book(1, 9, 0)],
    ],
)
def test_numbers_out_of_range_are_refused(call):
    with pytest.raises(ValueError, match="must be a (whole number of at least [12]|number from 0 to below 100), got"):
        call()
