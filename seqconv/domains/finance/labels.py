"""What came after: labels of bars and snapshots from the prices that followed, each with the bar at which it was known."""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

_ROUNDING = 1e-12  # share by which prices and thresholds in decimals, or means of equal prices, may be off in binary


class BarLabels(NamedTuple):
    """Labels of the bars of one recording.

    Parameters
    ----------
    label : array of str, shape (n_bars,)
        ``"up"``, ``"down"`` or ``"none"``; empty where too few bars follow (or come before) to tell.
    known : array of int, shape (n_bars,)
        Bar at whose end the label was known; -1 without a label. A case labelled at bar i speaks of the bars i + 1 to
        ``known[i]``.
    outcome : array of float, shape (n_bars,)
        Return that the label is about, 0.01 for one per cent; NaN without a label.
    """

    label: np.ndarray
    known: np.ndarray
    outcome: np.ndarray


def direction(bars, horizon_bars=1, up=0.0055, down=-0.005):
    """Whether the close rises or falls within a number of bars, with a dead zone between.

    Parameters
    ----------
    bars : array of float, shape (n_bars,), or structured array with a field ``close``
        Closing prices, in order.
    horizon_bars : int, default=1
        How many bars ahead.
    up, down : float
        A return of at least `up` is ``"up"``, of at most `down` ``"down"``, between them ``"none"``; equal numbers leave no
        dead zone, and exactly that return is ``"up"``. As in all labels here, a return counts as exactly there if rounding
        in binary alone may part them (1e-12 of the price).

    Returns
    -------
    BarLabels
        The last `horizon_bars` bars have no label.

    Raises
    ------
    ValueError
        A close that is not above 0 or not finite, by bar; a horizon below 1; `down` above `up`.

    References
    ----------
    Xu and Cohen (2018), "Stock movement prediction from tweets and historical prices", section 3: the defaults.

    Examples
    --------
    >>> labels = direction([100, 101, 101.2, 100])
    >>> labels.label.tolist(), labels.known.tolist()
    (['up', 'none', 'down', ''], [1, 2, 3, -1])
    """
    close = _prices(bars, "close")
    _check_horizon(horizon_bars)
    if not down <= up:
        raise ValueError(f"down must not be above up, got down={down} and up={up}.")
    outcome = np.full(len(close), np.nan)
    outcome[:-horizon_bars] = close[horizon_bars:] / close[:-horizon_bars] - 1
    return _labelled(outcome, horizon_bars, _reaches(1 + outcome, 1 + up), _falls_to(1 + outcome, 1 + down))


def triple_barrier(bars, horizon_bars=10, upper=2.0, lower=-2.0, volatility_bars=20):
    """Which of three barriers the price meets first: one above, one below, or the end of the time given.

    Parameters
    ----------
    bars : array of float, shape (n_bars,), or structured array with fields ``close``, ``high`` and ``low``
        Closing prices, or bars, whose highs and lows then meet the barriers; a field ``open`` is used where there is one.
    horizon_bars : int, default=10
        The vertical barrier: where no other is met within so many bars, the label is ``"none"``.
    upper, lower : float, default=2.0, -2.0
        Returns at which the horizontal barriers stand, `upper` above and `lower` below 0, in units of the volatility of one
        bar.
    volatility_bars : int or None, default=20
        The volatility is the root mean square of the last so many returns up to the bar. None: it is 1, and `upper` and
        `lower` are plain returns.

    Returns
    -------
    BarLabels
        ``"up"`` or ``"down"`` by the barrier met. No label where fewer than `horizon_bars` bars follow, though a barrier be
        met before: else only quick moves would have a label there. No label in the first `volatility_bars` bars, nor where
        the volatility is 0.

    Raises
    ------
    ValueError
        As `direction`; `upper` not above or `lower` not below 0.

    Notes
    -----
    ``outcome`` is the return at the barrier, at the open of a bar that opens beyond it (nobody could trade at the barrier),
    and at the close of the last bar for ``"none"``. Where high and low of one bar meet both barriers and it opens between
    them, nobody knows which came first: it counts as ``"down"``, the worse for one who bought.

    References
    ----------
    Lopez de Prado (2018), "Advances in Financial Machine Learning", section 3.4. Differs: the outcome is the return at the
    barrier, not at the close that went beyond it, where highs and lows are given.

    Examples
    --------
    >>> triple_barrier([100, 101, 103, 100, 97], 2, 0.02, -0.02, volatility_bars=None).label.tolist()
    ['up', 'none', 'down', '', '']
    """
    close, high, low = (_prices(bars, name) for name in ("close", "high", "low"))
    _check_horizon(horizon_bars)
    if not upper > 0 > lower:
        raise ValueError(f"upper must be above and lower below 0, got {upper} and {lower}.")
    labels = BarLabels(np.full(len(close), "", "<U4"), np.full(len(close), -1), np.full(len(close), np.nan))
    n_followed = len(close) - horizon_bars
    if n_followed <= 0:
        return labels
    width = _volatility(close, volatility_bars)[:n_followed]
    start = close[:n_followed]
    above, below = start * (1 + upper * width), start * (1 + lower * width)
    rises = _reaches(sliding_window_view(high[1:], horizon_bars), above[:, None])
    falls = _falls_to(sliding_window_view(low[1:], horizon_bars), below[:, None])
    meets = rises | falls  # (n_followed, horizon_bars)
    first = np.where(meets.any(axis=1), meets.argmax(axis=1), horizon_bars - 1)
    rows = np.flatnonzero(width > 0)  # not where it is NaN
    first, known = first[rows], rows + 1 + first[rows]
    opens = _opens(bars, close[rows], known)
    is_up = rises[rows, first] & (~falls[rows, first] | _reaches(opens, above[rows]))
    labels.label[rows] = np.select([is_up, falls[rows, first]], ["up", "down"], "none")
    labels.known[rows] = known
    labels.outcome[rows] = close[known] / close[rows] - 1
    if _is_structured(bars):
        for name, barrier, worst in (("up", upper, np.maximum), ("down", lower, np.minimum)):
            met = labels.label[rows] == name
            at = rows[met]
            labels.outcome[at] = worst(barrier * width[at], opens[met] / close[at] - 1)
    return labels


def _opens(bars, otherwise, places):
    """Opening prices at these places; `otherwise`, which meets no barrier, where the bars have none."""
    has_opens = _is_structured(bars) and "open" in bars.dtype.names
    return _prices(bars, "open")[places] if has_opens else otherwise


def smoothed_move(mid, horizon_bars=10, threshold=0.0002, before_bars=1):
    """Whether the mean price of the next snapshots lies above or below that of the last ones.

    Parameters
    ----------
    mid : array of float, shape (n_snapshots,)
        Mid-prices of one session, in order.
    horizon_bars : int, default=10
        How many snapshots ahead the mean is taken over.
    threshold : float, default=0.0002
        A relative move beyond it, up or down, counts; one of just that size does not. What a market moves in so short a
        time, and so the share of ``"none"``, differs by instrument and horizon: choose it by the training part.
    before_bars : int, default=1
        The mean over so many snapshots up to this one is what the move starts from.

    Returns
    -------
    BarLabels
        No label for the first ``before_bars - 1`` and the last `horizon_bars` snapshots.

    Raises
    ------
    ValueError
        A price that is not above 0 or not finite, by snapshot; a horizon or `before_bars` below 1; a negative threshold.

    References
    ----------
    Ntakaris and others (2018), "Benchmark dataset for mid-price forecasting of limit order book data with machine learning
    methods", equation 1; with ``before_bars=horizon_bars`` Zhang, Zohren and Roberts (2019), "DeepLOB", equation 4.

    Examples
    --------
    >>> smoothed_move([10, 10, 10.1, 10.3, 10.2], horizon_bars=2).label.tolist()
    ['up', 'up', 'up', '', '']
    """
    mid = _prices(mid, "mid-price")
    _check_horizon(horizon_bars)
    _check_horizon(before_bars, "before_bars")
    if not threshold >= 0:
        raise ValueError(f"threshold must be at least 0, got {threshold}.")
    outcome = np.full(len(mid), np.nan)
    if len(mid) >= horizon_bars + before_bars:
        after = sliding_window_view(mid, horizon_bars).mean(axis=1)[before_bars:]
        before = sliding_window_view(mid, before_bars).mean(axis=1)[: len(after)]
        outcome[before_bars - 1 : before_bars - 1 + len(after)] = after / before - 1
    outcome[np.abs(outcome) < _ROUNDING] = 0
    return _labelled(
        outcome, horizon_bars, ~_falls_to(1 + outcome, 1 + threshold), ~_reaches(1 + outcome, 1 - threshold)
    )


def _reaches(prices, limits):
    """Whether prices, or ratios of them, are at least the limits, those just there included whatever rounding did."""
    return prices >= limits * (1 - _ROUNDING)


def _falls_to(prices, limits):
    return prices <= limits * (1 + _ROUNDING)


def _labelled(outcome, horizon_bars, rises, falls):
    """Labels known after a fixed number of bars, where there is an outcome."""
    has_label = ~np.isnan(outcome)
    label = np.select([~has_label, rises, falls], ["", "up", "down"], "none")
    return BarLabels(label, np.where(has_label, np.arange(len(outcome)) + horizon_bars, -1), outcome)


def _prices(bars, name):
    """The prices of that name as float64; those of plain closes are their highs and lows."""
    prices = np.asarray(bars[name] if _is_structured(bars) else bars, dtype=np.float64)
    if prices.ndim != 1:
        raise ValueError(f"prices must be one a bar, shape (n_bars,), got shape {prices.shape}.")
    bad = ~((prices > 0) & np.isfinite(prices))
    if bad.any():
        raise ValueError(f"each {name} must be finite and above 0, bar {bad.argmax()} has {prices[bad.argmax()]:g}.")
    return prices


def _is_structured(bars):
    return getattr(bars, "dtype", np.dtype(float)).names is not None


def _volatility(close, volatility_bars):
    if volatility_bars is None:
        return np.ones(len(close))
    _check_horizon(volatility_bars, "volatility_bars")
    width = np.full(len(close), np.nan)
    if len(close) > volatility_bars:
        squares = np.diff(np.log(close)) ** 2
        width[volatility_bars:] = np.sqrt(sliding_window_view(squares, volatility_bars).mean(axis=1))
    return width


def _check_horizon(value, name="horizon_bars"):
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}.")
