"""Promises of the label rules, each held against a slow loop."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqconv.domains.finance.labels import BarLabels, direction, smoothed_move, triple_barrier

BARS = np.dtype([("open", "f8"), ("high", "f8"), ("low", "f8"), ("close", "f8")])


def walk(seed, n_bars=80, spread=0.01):
    draw = np.random.default_rng(seed)
    bars = np.empty(n_bars, BARS)
    bars["close"] = 50 * np.exp(np.cumsum(spread * draw.normal(size=n_bars)))
    bars["open"] = np.roll(bars["close"], 1) * np.exp(spread * draw.normal(size=n_bars))
    bars["high"] = np.maximum(bars["open"], bars["close"]) * np.exp(spread * draw.random(n_bars))
    bars["low"] = np.minimum(bars["open"], bars["close"]) / np.exp(spread * draw.random(n_bars))
    return bars


def slow_direction(close, horizon, up, down):
    for t in range(len(close)):
        if t + horizon >= len(close):
            yield "", -1, np.nan
        else:
            r = close[t + horizon] / close[t] - 1
            yield "up" if r >= up else "down" if r <= down else "none", t + horizon, r


def slow_barriers(bars, horizon, upper, lower, n):
    close, is_bars = (bars["close"], True) if bars.dtype.names else (bars, False)
    for t in range(len(close)):
        width = 1.0
        if n is not None:
            width = np.sqrt(np.mean(np.log(close[t - n + 1 : t + 1] / close[t - n : t]) ** 2)) if t >= n else np.nan
        if t + horizon >= len(close) or not width > 0:
            yield "", -1, np.nan
            continue
        for k in range(t + 1, t + horizon + 1):
            low, high = (bars["low"][k], bars["high"][k]) if is_bars else (close[k], close[k])
            opened = bars["open"][k] / close[t] - 1 if is_bars else 0
            if is_bars and opened >= upper * width:
                yield "up", k, opened
                break
            if low <= close[t] * (1 + lower * width):
                yield "down", k, min(lower * width, opened) if is_bars else close[k] / close[t] - 1
                break
            if high >= close[t] * (1 + upper * width):
                yield "up", k, upper * width if is_bars else close[k] / close[t] - 1
                break
        else:
            yield "none", t + horizon, close[t + horizon] / close[t] - 1


def slow_move(mid, horizon, threshold, before):
    for t in range(len(mid)):
        if t + horizon >= len(mid) or t < before - 1:
            yield "", -1, np.nan
        else:
            move = np.mean(mid[t + 1 : t + 1 + horizon]) / np.mean(mid[t - before + 1 : t + 1]) - 1
            yield "up" if move > threshold else "down" if move < -threshold else "none", t + horizon, move


def same(found, rows):
    label, known, outcome = zip(*rows, strict=True)
    assert found.label.tolist() == list(label) and found.known.tolist() == list(known)
    np.testing.assert_allclose(found.outcome, outcome, atol=1e-13)


@pytest.mark.parametrize("horizon", [1, 3, 79, 80, 200])
def test_direction_is_the_slow_loop(horizon):
    close = walk(0)["close"]
    same(direction(close, horizon, 0.01, -0.008), slow_direction(close, horizon, 0.01, -0.008))
    assert direction(walk(0), horizon).label.tolist() == direction(close, horizon).label.tolist()


@pytest.mark.parametrize("horizon", [1, 5, 79, 80])
@pytest.mark.parametrize("n", [None, 10])
@pytest.mark.parametrize("has_highs", [True, False])
def test_triple_barrier_is_the_slow_loop(horizon, n, has_highs):
    limits = (0.02, -0.015) if n is None else (1.5, -2.0)
    for seed in range(3):
        bars = walk(seed) if has_highs else walk(seed)["close"]
        same(triple_barrier(bars, horizon, *limits, n), slow_barriers(bars, horizon, *limits, n))


@pytest.mark.parametrize("horizon, before", [(1, 1), (5, 1), (5, 5), (3, 20), (79, 1), (79, 2), (80, 1)])
def test_smoothed_move_is_the_slow_loop(horizon, before):
    mid = walk(1)["close"]
    same(smoothed_move(mid, horizon, 0.004, before), slow_move(mid, horizon, 0.004, before))


def test_the_dead_zone_of_the_literature_has_both_its_edges():
    close = np.array([1000.0, 1005.5])
    assert direction(close).label[0] == "up"
    assert direction(close[:1].tolist() + [1005.49]).label[0] == "none"
    assert direction([1000, 995]).label[0] == "down" and direction([1000, 995.01]).label[0] == "none"
    assert direction([2, 2], up=0, down=0).label[0] == "up"


PRICES = st.integers(1, 10**6).map(lambda n: n * 100_000)  # a hundredth of a thousandth is a whole number of units


@settings(deadline=None, max_examples=100)
@given(PRICES, st.sampled_from([0.01, 1, 1e-7, 1e6]), st.integers(1, 999))
def test_a_move_of_exactly_the_threshold_is_one_at_any_level_of_prices(start, unit, thousandths):
    def prices(change):  # written in decimals, as in a file: neither they nor the threshold are exact in binary
        return [start * unit, round(start * (1000 + change) / 1000) * unit]

    share = thousandths / 1000
    for change, side in ((thousandths, "up"), (-thousandths, "down")):
        close = prices(change)
        assert direction(close, up=share, down=-share).label[0] == side
        assert triple_barrier(close, 1, share, -share, volatility_bars=None).label[0] == side
        assert smoothed_move(close, 1, share).label[0] == "none"
        for before in (1, 3):  # means of equal prices
            mid = [close[0]] * before + [close[1]] * 7
            assert smoothed_move(mid, 7, share, before).label[before - 1] == "none"
    for change in (thousandths - 0.01, -thousandths + 0.01):
        close = prices(change)
        assert direction(close, up=share, down=-share).label[0] == "none"
        assert triple_barrier(close, 1, share, -share, volatility_bars=None).label[0] == "none"
    assert smoothed_move(prices(thousandths + 0.01), 1, share).label[0] == "up"
    assert smoothed_move(prices(-thousandths - 0.01), 1, share).label[0] == "down"


def test_a_threshold_met_exactly_in_the_cases_that_rounding_broke():
    assert direction([100, 100.5], up=0.005, down=-0.005).label[0] == "up"
    assert smoothed_move([10, 10.02], 1, 0.002).label[0] == smoothed_move([100, 100.5], 1, 0.005).label[0] == "none"
    assert triple_barrier([100, 110.0], 1, 0.1, -0.1, volatility_bars=None).label[0] == "up"
    opens_at = np.array([(100, 100, 100, 100), (110, 111, 80, 90)], BARS)
    assert triple_barrier(opens_at, 1, 0.1, -0.1, volatility_bars=None).label[0] == "up"
    assert direction([100, 1], up=1e9, down=-2).label[0] == "none"  # no price falls so far


def test_a_bar_that_meets_both_barriers_counts_as_down():
    bars = np.array([(10, 10, 10, 10), (10, 12, 8, 10)], BARS)
    found = triple_barrier(bars, 1, 0.1, -0.1, volatility_bars=None)
    assert found.label.tolist() == ["down", ""] and found.outcome[0] == -0.1


def test_who_opens_beyond_a_barrier_gets_the_open_and_not_the_barrier():
    bars = np.array([(100, 100, 100, 100), (80, 81, 79, 80)], BARS)
    found = triple_barrier(bars, 1, 0.02, -0.02, volatility_bars=None)
    assert found.label[0] == "down" and found.outcome[0] == pytest.approx(-0.2)
    bars = np.array([(100, 100, 100, 100), (110, 111, 90, 90)], BARS)  # meets both, but opens beyond the upper one
    found = triple_barrier(bars, 1, 0.02, -0.02, volatility_bars=None)
    assert found.label[0] == "up" and found.outcome[0] == pytest.approx(0.1)
    without = np.array(bars[["high", "low", "close"]].tolist(), [(name, "f8") for name in ("high", "low", "close")])
    found = triple_barrier(without, 1, 0.02, -0.02, volatility_bars=None)
    assert found.label[0] == "down" and found.outcome[0] == -0.02


def test_prices_that_stand_still_move_nowhere():
    still = np.full(50, 10.1)
    assert set(smoothed_move(still, 7, threshold=0).label[:-7]) == {"none"}
    assert set(triple_barrier(still, 5, volatility_bars=10).label) == {""}


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 10), st.integers(0, 59))
def test_what_comes_after_a_label_was_known_does_not_change_it(seed, horizon, t):
    bars = walk(seed, 60)
    for rule in (
        direction,
        lambda b, h: triple_barrier(b, h, 1.0, -1.0, 5),
        lambda b, h: smoothed_move(b["close"], h, 0.001, 3),
    ):
        found = rule(bars, horizon)
        last = found.known[t] if found.label[t] else t
        changed = bars.copy()
        for name in BARS.names:
            changed[name][last + 1 :] *= 3
        again = rule(changed, horizon)
        assert [column[t] for column in again][:2] == [column[t] for column in found][:2]
        np.testing.assert_array_equal(again.outcome[t], found.outcome[t])


def test_lists_series_and_bars_are_taken():
    import pandas as pd

    close = walk(2)["close"]
    for prices in (close.tolist(), pd.Series(close), close.astype("f4").astype(float)):
        assert isinstance(direction(prices), BarLabels) and len(direction(prices).label) == 80


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: direction([1, 0, 2]), "each close must be finite and above 0, bar 1 has 0"),
        (lambda: direction([1, np.nan]), "bar 1 has nan"),
        (lambda: triple_barrier([1, 2, np.inf]), "bar 2 has inf"),
        (lambda: smoothed_move([1, -2]), "each mid-price must be finite and above 0, bar 1 has -2"),
        (lambda: direction([[1, 2]]), r"shape \(n_bars,\), got shape \(1, 2\)"),
        (lambda: direction([1, 2], 0), "horizon_bars must be a whole number of at least 1, got 0"),
        (lambda: direction([1, 2], 1.5), "horizon_bars must be a whole number"),
        (lambda: direction([1, 2], True), "horizon_bars must be a whole number"),
        (lambda: direction([1, 2], up=-1, down=1), "down must not be above up, got down=1 and up=-1"),
        (lambda: triple_barrier([1, 2], upper=0), "upper must be above and lower below 0, got 0 and -2.0"),
        (lambda: triple_barrier([1, 2], lower=np.nan), "upper must be above and lower below 0"),
        (lambda: triple_barrier([1, 2, 3], 1, volatility_bars=0), "volatility_bars must be a whole number"),
        (lambda: smoothed_move([1, 2], threshold=-1), "threshold must be at least 0, got -1"),
        (lambda: smoothed_move([1, 2], before_bars=0), "before_bars must be a whole number"),
    ],
)
def test_what_cannot_be_labelled_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
