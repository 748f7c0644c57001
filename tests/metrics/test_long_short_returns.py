"""Returns after costs equal those of a slow loop, and overlaps are found."""

import numpy as np
import pandas as pd
import pytest

from seqconv.metrics import long_short_returns


def test_returns_after_costs_are_those_of_the_loop():
    draw = np.random.default_rng(6)
    days, tickers = (
        values.ravel() for values in np.meshgrid(np.arange("2015-01", "2015-02", dtype="M8[D]"), list("ABC"))
    )
    kept = draw.permutation(len(days))[:70]  # some tickers lack some days, in any order
    days, tickers = days[kept], tickers[kept]
    positions, returns = draw.integers(-1, 2, 70), draw.normal(0, 0.02, 70)
    found_days, net = long_short_returns(positions, returns, pd.Series(days), tickers.tolist(), cost_bp=7)
    held, total = dict.fromkeys("ABC", 0), []
    for day in sorted(set(days)):
        earned = traded = 0
        for ticker in "ABC":
            row = np.flatnonzero((days == day) & (tickers == ticker))
            position = positions[row[0]] if len(row) else 0
            earned += position * returns[row[0]] if len(row) else 0
            traded += abs(position - held[ticker])
            held[ticker] = position
        total.append(earned / 3 - 0.0007 * traded / 3)
    total[-1] -= 0.0007 * sum(map(abs, held.values())) / 3
    assert found_days.dtype.kind == "M" and (np.diff(found_days) > np.timedelta64(0)).all()
    np.testing.assert_allclose(net, total, atol=1e-15)


def test_one_position_pays_for_opening_turning_and_closing():
    _, net = long_short_returns([1, 1, -1, 0], np.zeros(4), [1, 2, 3, 4], ["A"] * 4, cost_bp=100)
    np.testing.assert_allclose(net, [-0.01, 0, -0.02, -0.01])
    _, net = long_short_returns([1], [0.05], [1], ["A"], cost_bp=100)
    np.testing.assert_allclose(net, [0.05 - 0.02])


def test_returns_that_overlap_are_found_by_where_they_end():
    days = np.arange(4)

    def call(ends):
        return long_short_returns([1] * 4, np.zeros(4), days, ["A"] * 3 + ["B"], ends=ends)

    np.testing.assert_array_equal(call(days + 1)[0], days)
    call([1, 2, 9, 9])  # nothing of the ticker comes after
    with pytest.raises(ValueError, match="that of case 1 is from 1 to 3. Cut cases with stride_bars"):
        call(days + 2 - np.array([1, 0, 0, 0]))
    with pytest.raises(ValueError, match="that of case 2 is from 2 to 1"):
        call([1, 2, 1, 4])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        call([1])


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: long_short_returns([1, np.nan], [0, 0], [1, 2], ["A", "A"]), "positions .* got nan in case 1"),
        (lambda: long_short_returns([1, 1], [np.inf, 0], [1, 2], ["A", "A"]), "returns .* got inf in case 0"),
        (lambda: long_short_returns([[1]], [[0]], [1], ["A"]), r"positions .* got shape \(1, 1\)"),
        (lambda: long_short_returns([1, 1, 1], [0, 0, 0], [1, 2, 1], ["A"] * 3), "case 2 is the second of A"),
        (
            lambda: long_short_returns([1], [0], [1], ["A"], cost_bp=-1),
            "cost_bp must be a number of at least 0, got -1",
        ),
        (lambda: long_short_returns([1], [0], [1, 2], ["A"]), "inconsistent numbers of samples"),
        (lambda: long_short_returns([], [], [], []), "at least one case"),
    ],
)
def test_bad_input_is_rejected_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
