"""Labels of bars and snapshots from the prices that follow, each with the bar at which it is known."""

from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from seqconv.arguments import whole

# Share by which rounding to binary can move prices and thresholds in decimals, or means of equal prices.
_ROUNDING = 1e-12


class BarLabels(NamedTuple):
    """Labels of the bars of one recording.

    Parameters
    ----------
    label : array of str, shape (n_bars,)
        ``"up"``, ``"down"`` or ``"none"``; empty if too few bars follow (or come before).
    known : array of int, shape (n_bars,)
        Bar at whose end the label is known; -1 without a label. A label of bar i is about the bars i + 1 to
        ``known[i]``.
    outcome : array of float, shape (n_bars,)
        Return of the label, 0.01 for one per cent; NaN without a label.
    """

    label: np.ndarray
    known: np.ndarray
    outcome: np.ndarray


def direction(bars: Any, horizon_bars: int = 1, up: float = 0.0055, down: float = -0.005) -> BarLabels:
    """Label whether the close rises or falls within a number of bars, with a dead zone between.

    Parameters
    ----------
    bars : array of float, shape (n_bars,), or structured array with a field ``close``
        Closing prices, in order.
    horizon_bars : int, default=1
        Number of bars ahead.
    up, down : float
        A return of at least `up` is ``"up"``, of at most `down` ``"down"``, between them ``"none"``. A return equal to
        both is ``"up"``. In all labels a difference of 1e-12 of the price counts as rounding.

    Returns
    -------
    BarLabels
        The last `horizon_bars` bars have no label.

    Raises
    ------
    ValueError
        If a close is not above 0 and finite; the message names the bar.
    ValueError
        If the horizon is below 1, or `down` above `up`.

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
    whole("horizon_bars", horizon_bars, 1)
    if not down <= up:
        raise ValueError(f"down must not be above up, got down={down} and up={up}.")
    outcome = np.full(len(close), np.nan)
    outcome[:-horizon_bars] = close[horizon_bars:] / close[:-horizon_bars] - 1
    return _labelled(outcome, horizon_bars, _reaches(1 + outcome, 1 + up), _falls_to(1 + outcome, 1 + down))


def triple_barrier(
    bars: Any, horizon_bars: int = 10, upper: float = 2.0, lower: float = -2.0, volatility_bars: int | None = 20
) -> BarLabels:
    """Label which of three barriers the price meets first: one above, one below, or the end of the time given.

    Parameters
    ----------
    bars : array of float, shape (n_bars,), or structured array with fields ``close``, ``high`` and ``low``
        Closing prices, or bars whose highs and lows meet the barriers; a field ``open`` is used, too.
    horizon_bars : int, default=10
        Number of bars to the vertical barrier: if no other is met before, the label is ``"none"``.
    upper, lower : float, default=2.0, -2.0
        Returns of the horizontal barriers, `upper` above and `lower` below 0, in units of the volatility of one bar.
    volatility_bars : int or None, default=20
        The volatility is the root mean square of that many returns up to the bar. None: it is 1, and `upper` and
        `lower` are plain returns.

    Returns
    -------
    BarLabels
        ``"up"`` or ``"down"`` by the barrier met. No label if fewer than `horizon_bars` bars follow, even if a barrier
        is met before, as only quick moves would have a label there. No label in the first `volatility_bars` bars, nor
        if the volatility is 0.

    Raises
    ------
    ValueError
        If a price is not above 0 and finite, a number of bars is below 1, or 0 is not between `lower` and `upper`.

    Notes
    -----
    ``outcome`` is the return at the barrier, or at the open of a bar that opens beyond it. For ``"none"`` it is the
    return at the close of the last bar. If one bar meets both barriers and opens between them, it counts as ``"down"``.

    References
    ----------
    Lopez de Prado (2018), "Advances in Financial Machine Learning", section 3.4. Differs: with highs and lows the
    outcome is the return at the barrier, not at the close that went beyond it.

    Examples
    --------
    >>> triple_barrier([100, 101, 103, 100, 97], 2, 0.02, -0.02, volatility_bars=None).label.tolist()
    ['up', 'none', 'down', '', '']
    """
    close, high, low = (_prices(bars, name) for name in ("close", "high", "low"))
    whole("horizon_bars", horizon_bars, 1)
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
    # NaN is left out, too.
    rows = np.flatnonzero(width > 0)
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
    """Return the opening prices at these places; `otherwise`, which meets no barrier, if the bars have none."""
    has_opens = _is_structured(bars) and "open" in bars.dtype.names
    return _prices(bars, "open")[places] if has_opens else otherwise


def smoothed_move(mid: Any, horizon_bars: int = 10, threshold: float = 0.0002, before_bars: int = 1) -> BarLabels:
    """Label whether the mean price of the next snapshots is above or below that of the last ones.

    Parameters
    ----------
    mid : array of float, shape (n_snapshots,)
        Mid-prices of one session, in order.
    horizon_bars : int, default=10
        Number of snapshots ahead for the mean.
    threshold : float, default=0.0002
        Relative move, up or down, that must be exceeded. The share of ``"none"`` differs by instrument and horizon:
        choose the threshold by the training part.
    before_bars : int, default=1
        Number of snapshots up to this one whose mean the move starts from.

    Returns
    -------
    BarLabels
        No label for the first ``before_bars - 1`` and the last `horizon_bars` snapshots.

    Raises
    ------
    ValueError
        If a price is not above 0 and finite, the horizon or `before_bars` is below 1, or the threshold negative.

    References
    ----------
    Ntakaris and others (2018), "Benchmark dataset for mid-price forecasting of limit order book data with machine
    learning methods", equation 1.

    Zhang, Zohren and Roberts (2019), "DeepLOB", equation 4, with ``before_bars=horizon_bars``.

    Examples
    --------
    >>> smoothed_move([10, 10, 10.1, 10.3, 10.2], horizon_bars=2).label.tolist()
    ['up', 'up', 'up', '', '']
    """
    mid = _prices(mid, "mid-price")
    whole("horizon_bars", horizon_bars, 1)
    whole("before_bars", before_bars, 1)
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
    """Return whether prices, or ratios of them, are at least the limits, up to rounding."""
    return prices >= limits * (1 - _ROUNDING)


def _falls_to(prices, limits):
    return prices <= limits * (1 + _ROUNDING)


def _labelled(outcome, horizon_bars, rises, falls):
    """Return labels known after a fixed number of bars, where there is an outcome."""
    has_label = ~np.isnan(outcome)
    label = np.select([~has_label, rises, falls], ["", "up", "down"], "none")
    return BarLabels(label, np.where(has_label, np.arange(len(outcome)) + horizon_bars, -1), outcome)


def _prices(bars, name):
    """Return the prices of that name as float64; plain closes are also highs and lows."""
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
    whole("volatility_bars", volatility_bars, 1)
    width = np.full(len(close), np.nan)
    if len(close) > volatility_bars:
        squares = np.diff(np.log(close)) ** 2
        width[volatility_bars:] = np.sqrt(sliding_window_view(squares, volatility_bars).mean(axis=1))
    return width
