"""Made-up daily bars, with or without something to be found in them."""

import numpy as np

from seqconv.data import SequenceSet
from seqconv.domains.finance.prices_csv import PRICE_BAR


def make_prices(n_tickers=20, n_bars=750, signal=1.0, random_state=0):
    """Made-up daily bars of tickers that share a market, with a planted rule or none.

    Parameters
    ----------
    n_tickers : int, default=20
        At least 1.
    n_bars : int, default=750
        Bars of each ticker, at least 2: the weekdays from 2012-01-02 on.
    signal : float, default=1.0
        How far a day's mean return is moved by the rule, in deviations; 0 plants nothing, and the next day's direction is
        chance.
    random_state : int, default=0
        The same seed gives the same bars. The global random state is neither read nor changed.

    Returns
    -------
    SequenceSet
        X: list of arrays of bars as `seqconv.formats.read_prices` gives them. groups: tickers.

    Raises
    ------
    ValueError
        A number out of its range.

    Notes
    -----
    The rule: a day that moved on more than its usual volume is followed by a day in the same direction, one on less by a
    day in the other. Neither the move nor the volume alone tells anything. Volatility changes slowly and is shared.

    Examples
    --------
    >>> prices = make_prices(n_tickers=2, n_bars=5)
    >>> prices.groups.tolist(), prices.X[0].shape, prices.X[0].dtype.names
    (['MADE00', 'MADE01'], (5,), ('date', 'open', 'high', 'low', 'close', 'volume'))
    """
    if n_tickers < 1 or n_bars < 2 or not 0 <= signal < 100:
        raise ValueError(
            "n_tickers must be at least 1, n_bars at least 2 and signal from 0 to below 100, got "
            f"{n_tickers}, {n_bars} and {signal}."
        )
    draw = np.random.default_rng(random_state)
    shape = n_bars, n_tickers
    spread = 0.012 * np.exp(_slow(draw, n_bars))[:, None]  # deviation of a day's return, the market's mood
    surprise = np.sqrt(0.3) * draw.normal(size=(n_bars, 1)) + np.sqrt(0.7) * draw.normal(size=shape)
    volume = draw.normal(scale=0.4, size=shape)  # log of volume over the usual
    returns = np.zeros(shape)
    for day in range(n_bars):
        rule = signal * np.sign(returns[day - 1] * volume[day - 1]) if day else 0.0
        returns[day] = spread[day] * (rule + surprise[day])
    close = 50 * np.exp(np.cumsum(returns, axis=0))
    before = np.concatenate([np.full((1, n_tickers), 50.0), close[:-1]])
    bars = np.empty(shape, PRICE_BAR)
    bars["date"] = np.busday_offset("2012-01-02", np.arange(n_bars))[:, None]
    bars["open"] = before * np.exp(0.3 * spread * draw.normal(size=shape))
    bars["high"] = np.maximum(bars["open"], close) * np.exp(0.4 * spread * np.abs(draw.normal(size=shape)))
    bars["low"] = np.minimum(bars["open"], close) / np.exp(0.4 * spread * np.abs(draw.normal(size=shape)))
    bars["close"], bars["volume"] = close, np.round(1e6 * np.exp(volume))
    tickers = [f"MADE{number:02}" for number in range(n_tickers)]
    return SequenceSet([np.ascontiguousarray(bars[:, number]) for number in range(n_tickers)], groups=tickers)


def _slow(draw, n_bars):
    """A slowly changing level around 0."""
    level = np.zeros(n_bars)
    for day in range(1, n_bars):
        level[day] = 0.98 * level[day - 1] + 0.06 * draw.normal()
    return level
