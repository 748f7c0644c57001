"""Synthetic daily bars from a seed, with or without a planted rule."""

import numpy as np

from seqconv.arguments import number, whole
from seqconv.data import SequenceSet
from seqconv.domains.finance.prices_csv import PRICE_BAR


def make_prices(n_tickers: int = 20, n_bars: int = 750, signal: float = 1.0, random_state: int = 0) -> SequenceSet:
    """Make synthetic daily bars of tickers that share a market, with a planted rule or none.

    Parameters
    ----------
    n_tickers : int, default=20
        Number of tickers, at least 1.
    n_bars : int, default=750
        Number of bars of each ticker, at least 2: the weekdays from 2012-01-02 on.
    signal : float, default=1.0
        Shift of a day's mean return by the rule, in deviations, from 0 to below 100. 0 plants no rule, and the next
        day's direction is chance.
    random_state : int, default=0
        Seed; the global random state is neither read nor changed.

    Returns
    -------
    SequenceSet
        X: list of arrays of bars as `seqconv.formats.read_prices` returns them. groups: tickers.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    The rule: after a move on more than the usual volume, the next day goes in the same direction. After one on less, it
    goes in the other. Neither the move nor the volume alone contains a signal. Volatility changes slowly and is shared.

    Examples
    --------
    >>> prices = make_prices(n_tickers=2, n_bars=5)
    >>> prices.groups.tolist(), prices.X[0].shape, prices.X[0].dtype.names
    (['MADE00', 'MADE01'], (5,), ('date', 'open', 'high', 'low', 'close', 'volume'))
    """
    whole("n_tickers", n_tickers, 1)
    whole("n_bars", n_bars, 2)
    number("signal", signal, 0, below=100)
    draw = np.random.default_rng(random_state)
    shape = n_bars, n_tickers
    # Deviation of a day's return, shared by the market.
    spread = 0.012 * np.exp(_slow(draw, n_bars))[:, None]
    surprise = np.sqrt(0.3) * draw.normal(size=(n_bars, 1)) + np.sqrt(0.7) * draw.normal(size=shape)
    # Log of volume over the usual volume.
    volume = draw.normal(scale=0.4, size=shape)
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
    tickers = [f"MADE{ticker:02}" for ticker in range(n_tickers)]
    return SequenceSet([np.ascontiguousarray(bars[:, ticker]) for ticker in range(n_tickers)], groups=tickers)


def _slow(draw, n_bars):
    """Return a slowly changing level around 0."""
    level = np.zeros(n_bars)
    for day in range(1, n_bars):
        level[day] = 0.98 * level[day - 1] + 0.06 * draw.normal()
    return level
