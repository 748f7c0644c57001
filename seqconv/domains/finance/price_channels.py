"""Channels of price bars: each value of a step is made of bars up to that step, in ratios without currency."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from seqconv.domains.finance.own_channels import COLUMN, channel_name, column_names, is_own
from seqconv.domains.finance.prices_csv import PRICE_BAR

_DAY = np.timedelta64(1, "D")
_LONGEST = 10_000


def price_channels(bars: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Compute the channels of cases of equal length.

    Parameters
    ----------
    bars : array of PRICE_BAR, shape (n_cases, n_bars)
    names : list of str and callables
        Channels of `PriceAdapter`; those of the user's own are fields of the bars.

    Returns
    -------
    array of float32, shape (n_cases, n_bars, n_channels)
        NaN where the bars of the case do not reach back far enough.

    Examples
    --------
    >>> from seqconv.domains.finance.prices_csv import PRICE_BAR
    >>> bars = np.array([("2015-01-02", 1, 2, 1, 2, 5), ("2015-01-05", 2, 4, 2, 4, 5)], PRICE_BAR)
    >>> price_channels(bars[None], ["log_return", "position"])[0]
    array([[      nan, 1.       ],
           [0.6931472, 1.       ]], dtype=float32)
    """
    X = np.empty((*bars.shape, len(names)), np.float32)
    for channel, name in enumerate(names):
        if is_own(name):
            X[..., channel] = bars[channel_name(name).removeprefix(COLUMN)]
            continue
        compute, n_bars = _parse(name)
        X[..., channel] = compute(bars) if n_bars is None else compute(bars, n_bars)
    return X


def context_bars(names: Sequence[str]) -> int:
    """Return how many bars before a step the channels use.

    Examples
    --------
    >>> context_bars(["range", "volatility_20"])
    20
    """
    return max(0 if is_own(name) else _reach(name) for name in names)


def _reach(name):
    compute, n_bars = _parse(name)
    return {_average: (n_bars or 1) - 1, _range: 0, _body: 0, _position: 0}.get(compute, n_bars or 1)


def check_names(names: Any) -> None:
    """Raise if this is not a list of distinct names of channels, or of functions with distinct names."""
    known = [*_PLAIN, *(f"{kind}_<n>" for kind in _OF_BARS), "column:<name>"]
    if not isinstance(names, list | tuple) or not names or len({str(channel_name(one)) for one in names}) < len(names):
        raise ValueError(f"channels must be distinct names out of {', '.join(known)}, got {names!r}.")
    taken = {*PRICE_BAR.names, *column_names(names)} & {channel_name(one) for one in names if callable(one)}
    taken |= {*PRICE_BAR.names} & {*column_names(names)}
    if taken:
        raise ValueError(f"channels of your own must have names other than those of the bars, got {min(taken)!r}.")
    for name in names:
        if is_own(name):
            continue
        compute, n_bars = _parse(name)
        least = 2 if compute is _volatility else 1
        if compute is None or not (n_bars is None or least <= n_bars <= _LONGEST):
            raise ValueError(
                f"channels must be out of {', '.join(known)}, n from 1 (volatility: 2) to {_LONGEST}, got {name!r}."
            )


def needs_volume(names: Sequence[str]) -> bool:
    """Return whether one of the channels uses volume."""
    return any(_parse(name)[0] is _relative_volume for name in names)


def _parse(name):
    """Return the function of the channel, and its number of bars or None."""
    parts = re.fullmatch(r"([a-z_]+?)(?:_([1-9][0-9]{0,5}))?", name) if isinstance(name, str) else None
    if parts is None:
        return None, None
    kind, n_bars = parts.groups()
    return (_PLAIN.get(kind), None) if n_bars is None else (_OF_BARS.get(kind), int(n_bars))


def _momentum(bars, n_bars):
    out = np.full(bars.shape, np.nan)
    if bars.shape[1] > n_bars:
        out[:, n_bars:] = np.log(bars["close"][:, n_bars:] / bars["close"][:, :-n_bars])
    return out


def _log_return(bars):
    return _momentum(bars, 1)


def _gap(bars):
    out = np.full(bars.shape, np.nan)
    out[:, 1:] = np.log(bars["open"][:, 1:] / bars["close"][:, :-1])
    return out


def _body(bars):
    return np.log(bars["close"] / bars["open"])


def _range(bars):
    return np.log(bars["high"] / bars["low"])


def _position(bars):
    width = bars["high"] - bars["low"]
    middle = 2 * bars["close"] - bars["high"] - bars["low"]
    # Rounding and adjusting may leave a close a little outside of its range.
    return np.divide(middle, width, out=np.zeros(bars.shape), where=width > 0).clip(-1, 1)


def _elapsed(bars):
    out = np.full(bars.shape, np.nan)
    out[:, 1:] = np.log(np.diff(bars["date"]) / _DAY)
    return out


def _average(bars, n_bars):
    return np.log(bars["close"] / trailing_mean(bars["close"], n_bars))


def _volatility(bars, n_bars):
    returns = _log_return(bars)
    out = np.full(bars.shape, np.nan)
    centre = trailing_mean(returns[:, 1:], n_bars)  # (n_cases, n_bars - 1)
    n_steps = out.shape[1] - n_bars
    if n_steps > 0:
        squares = np.zeros((len(out), n_steps))
        for i in range(n_bars):
            squares += (returns[:, 1 + i : 1 + i + n_steps] - centre[:, n_bars - 1 :]) ** 2
        out[:, n_bars:] = np.sqrt(squares / n_bars)
    return out


def _relative_volume(bars, n_bars):
    before = np.full(bars.shape, np.nan)
    before[:, 1:] = trailing_mean(bars["volume"][:, :-1], n_bars)
    ratio = np.divide(bars["volume"], before, out=np.full(bars.shape, np.nan), where=before > 0)
    return np.log(ratio, out=np.full(bars.shape, np.nan), where=ratio > 0)


def trailing_mean(values: np.ndarray, n_bars: int) -> np.ndarray:
    """Return the mean of the last n_bars values up to each, of values (n_cases, n_steps); NaN if there are fewer.

    Examples
    --------
    >>> trailing_mean(np.array([[1.0, 3.0, 5.0]]), 2)
    array([[nan,  2.,  4.]])
    """
    out = np.full(values.shape, np.nan)
    n_steps = values.shape[1] - n_bars + 1
    if n_steps > 0:
        # Added in the order of time, so that a step has the same bits alone or among other cases. A running sum would
        # carry a rounding from one step to the next.
        total = np.zeros((len(values), n_steps))
        for i in range(n_bars):
            total += values[:, i : i + n_steps]
        out[:, n_bars - 1 :] = total / n_bars
    return out


_PLAIN = {
    "log_return": _log_return,
    "gap": _gap,
    "body": _body,
    "range": _range,
    "position": _position,
    "elapsed": _elapsed,
}
_OF_BARS = {
    "momentum": _momentum,
    "average": _average,
    "volatility": _volatility,
    "relative_volume": _relative_volume,
}
