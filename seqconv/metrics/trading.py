"""What verdicts on prices are worth after the costs of trading."""

import numpy as np
from sklearn.utils.validation import check_consistent_length, column_or_1d


def long_short_returns(positions, returns, dates, tickers, cost_bp=0.0, *, ends=None):
    """What a naive rule earns a day: each ticker has an equal, fixed share of the capital, held long, short or not.

    Parameters
    ----------
    positions : array of shape (n_cases,)
        1 long, -1 short, 0 none, held from the case's date to the next date; fractions are allowed.
    returns : array of shape (n_cases,)
        Simple return of the ticker over that time, from the date to the next: 0.01 is one per cent.
    dates, tickers : array of shape (n_cases,)
        Of each case, in any order; a ticker has one case a date.
    cost_bp : float, default=0.0
        Cost of trading in basis points (0.0001) of the value traded: opening a position trades 1, turning it round 2.
    ends : array of shape (n_cases,), optional
        Date up to which each return is counted, ``about["label_stop"]`` of ``PriceAdapter.cases``: give it, so that returns
        over several days that would overlap are found.

    Returns
    -------
    days : array of shape (n_days,)
        The dates, ascending.
    net : array of shape (n_days,)
        Mean over all tickers of position times return, less the cost of what was traded at that date. Opening the first
        positions and closing the last are paid for, the latter on the last day.

    Raises
    ------
    ValueError
        Unequal lengths, a value that is not finite, a ticker twice on one date, a return that ends before its date or after
        the ticker's next one, or a negative cost; the message names the case.

    Notes
    -----
    A ticker without a case on a date is sold for it, and pays for that. Give every case of the time tested, also those
    that a dead zone leaves without a label: which they are is known only afterwards. Returns over several bars count one
    move several times unless the cases lie as many apart (``stride_bars`` of the adapter). The interval of a mean:
    ``bootstrap_interval(np.mean, net)``, each day a case.

    Examples
    --------
    >>> days, net = long_short_returns([1, -1, 1], [0.01, -0.02, 0.03], [1, 1, 2], ["A", "B", "A"], cost_bp=10)
    >>> days, net  # day 1: two positions opened; day 2: B is closed, A too at the end
    (array([1, 2]), array([0.014, 0.014]))
    """
    positions, returns = _numbers(positions, "positions"), _numbers(returns, "returns")
    check_consistent_length(positions, returns, dates, tickers)
    if not 0 <= cost_bp < np.inf:
        raise ValueError(f"cost_bp must be 0 or more basis points, got {cost_bp}.")
    days, day_of = np.unique(column_or_1d(dates), return_inverse=True)
    names, ticker_of = np.unique(column_or_1d(tickers), return_inverse=True)
    place = day_of * len(names) + ticker_of
    _, first = np.unique(place, return_index=True)
    if len(first) < len(place):
        case = int(np.setdiff1d(np.arange(len(place)), first)[0])
        raise ValueError(f"a ticker must have one case a date, case {case} is the second of {names[ticker_of[case]]}.")
    if ends is not None:
        _check_holds(day_of, ticker_of, days, column_or_1d(ends))
    held, gross = np.zeros((2, len(days), len(names)))
    held[day_of, ticker_of], gross[day_of, ticker_of] = positions, positions * returns
    traded = np.abs(np.diff(held, axis=0, prepend=0)).mean(axis=1)  # (n_days,)
    traded[-1] += np.abs(held[-1]).mean()
    return days, gross.mean(axis=1) - cost_bp / 10_000 * traded


def _check_holds(day_of, ticker_of, days, ends):
    """Refuse a position that is still held when that of the ticker's next date begins."""
    check_consistent_length(day_of, ends)
    order = np.lexsort((day_of, ticker_of))
    is_next = np.diff(ticker_of[order]) == 0
    starts, ends_in_order = days[day_of[order]], ends[order]
    bad = ~(ends_in_order >= starts)  # a missing date compares as False
    bad[:-1] |= is_next & (ends_in_order[:-1] > starts[1:])
    if bad.any():
        case = int(order[bad.argmax()])
        raise ValueError(
            f"each return must end from its date up to the ticker's next one, that of case {case} is from "
            f"{days[day_of[case]]} to {ends[case]}; cut cases with stride_bars as long as the horizon of the label."
        )


def _numbers(values, name):
    values = np.asarray(values, dtype=np.float64)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(f"{name} must be one number a case for at least one case, got shape {values.shape}.")
    finite = np.isfinite(values)
    if not finite.all():
        case = int(np.argmin(finite))
        raise ValueError(f"{name} must be finite, got {values[case]} in case {case}.")
    return values
