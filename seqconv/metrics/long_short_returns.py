"""Daily returns of decisions on prices, after the costs of trading."""

from typing import Any

import numpy as np
from sklearn.utils.validation import check_consistent_length, column_or_1d

from seqconv.arguments import number


def long_short_returns(
    positions: Any, returns: Any, dates: Any, tickers: Any, cost_bp: float = 0.0, *, ends: Any = None
) -> tuple[np.ndarray, np.ndarray]:
    """Compute the daily returns of an equally weighted long-short rule, after costs.

    Each ticker has an equal, fixed share of the capital.

    Parameters
    ----------
    positions : array of shape (n_cases,)
        1 long, -1 short, 0 none; fractions are allowed. Held from the case's date to the next date.
    returns : array of shape (n_cases,)
        Simple return of the ticker from the date to the next: 0.01 is one per cent.
    dates, tickers : array of shape (n_cases,)
        Date and ticker of each case, in any order. A ticker has one case a date.
    cost_bp : float, default=0.0
        Cost of trading in basis points (0.0001) of the value traded.
        Opening a position trades 1, turning it round trades 2.
    ends : array of shape (n_cases,), optional
        Date at which each return ends: ``about["label_stop"]`` of ``PriceAdapter.cases``.
        With it, returns over several days that overlap are found.

    Returns
    -------
    days : array of shape (n_days,)
        The dates, ascending.
    net : array of shape (n_days,)
        Mean over all tickers of position times return, less the cost of the trades of that date.
        The cost of opening the first positions is included, and on the last day the cost of closing all.

    Raises
    ------
    ValueError
        If the lengths are unequal, or there is no case.
        If a position or return is not finite; the message names the case.
        If a ticker has two cases on one date; the message names the second.
        If a return ends before its date or after the ticker's next one; the message names the case.
        If the cost is negative.

    Notes
    -----
    A ticker without a case on a date is sold for that date, at the usual cost. Therefore give every case of the
    tested time. Include cases that a dead zone leaves without a label: which they are is known only later.

    Returns over several bars count one move several times, unless the cases are as many bars apart
    (``stride_bars`` of the adapter).

    ``bootstrap_interval(np.mean, net)`` gives an interval of the mean, with each day as a case.

    Examples
    --------
    Day 1 opens two positions. Day 2 closes B, and A at the end.

    >>> days, net = long_short_returns([1, -1, 1], [0.01, -0.02, 0.03], [1, 1, 2], ["A", "B", "A"], cost_bp=10)
    >>> days, net
    (array([1, 2]), array([0.014, 0.014]))
    """
    positions, returns = _checked_numbers(positions, "positions"), _checked_numbers(returns, "returns")
    check_consistent_length(positions, returns, dates, tickers)
    cost_bp = number("cost_bp", cost_bp, 0)
    days, day_of = np.unique(column_or_1d(dates), return_inverse=True)
    names, ticker_of = np.unique(column_or_1d(tickers), return_inverse=True)
    place = day_of * len(names) + ticker_of
    _, first = np.unique(place, return_index=True)
    if len(first) < len(place):
        case = int(np.setdiff1d(np.arange(len(place)), first)[0])
        raise ValueError(f"a ticker must have one case a date, case {case} is the second of {names[ticker_of[case]]}.")
    if ends is not None:
        _check_overlaps(day_of, ticker_of, days, column_or_1d(ends))
    held, gross = np.zeros((2, len(days), len(names)))
    held[day_of, ticker_of], gross[day_of, ticker_of] = positions, positions * returns
    traded = np.abs(np.diff(held, axis=0, prepend=0)).mean(axis=1)  # (n_days,)
    traded[-1] += np.abs(held[-1]).mean()
    return days, gross.mean(axis=1) - cost_bp / 10_000 * traded


def _check_overlaps(day_of, ticker_of, days, ends):
    """Raise if a position is still held when that of the ticker's next date begins."""
    check_consistent_length(day_of, ends)
    order = np.lexsort((day_of, ticker_of))
    is_next = np.diff(ticker_of[order]) == 0
    starts, ends_in_order = days[day_of[order]], ends[order]
    # Negated, because a missing date compares as False.
    is_bad = ~(ends_in_order >= starts)
    is_bad[:-1] |= is_next & (ends_in_order[:-1] > starts[1:])
    if is_bad.any():
        case = int(order[is_bad.argmax()])
        raise ValueError(
            f"each return must end from its date up to the ticker's next one, that of case {case} is from "
            f"{days[day_of[case]]} to {ends[case]}. Cut cases with stride_bars as long as the horizon of the label."
        )


def _checked_numbers(values, name):
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(f"{name} must be one number a case for at least one case, got shape {values.shape}.")
    finite = np.isfinite(values)
    if not finite.all():
        case = int(np.argmin(finite))
        raise ValueError(f"{name} must be finite, got {values[case]} in case {case}.")
    return values
