"""Channels of the user's own: columns of the record by name, and functions that must not look ahead."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

COLUMN = "column:"
# Bars from which on others are put in the place of the true ones, as shares of the record.
_PLACES = (0.3, 0.5, 0.7, 0.9)


def channel_name(channel: str | Callable) -> str:
    """Return the name of a channel: that of the function, also of a `functools.partial`, or the text itself.

    Examples
    --------
    >>> channel_name("gap"), channel_name(len)
    ('gap', 'len')
    """
    function = getattr(channel, "func", channel)
    return getattr(function, "__name__", type(function).__name__) if callable(channel) else channel


def column_names(channels: Sequence) -> list[str]:
    """Return the names of the columns that are channels.

    Examples
    --------
    >>> column_names(["gap", "column:funding"])
    ['funding']
    """
    return [name.removeprefix(COLUMN) for name in channels if isinstance(name, str) and name.startswith(COLUMN)]


def is_own(channel: Any) -> bool:
    """Return whether a channel is a column or a function of the user."""
    return callable(channel) or (isinstance(channel, str) and channel.startswith(COLUMN) and len(channel) > len(COLUMN))


def add_own_channels(bars: np.ndarray, channels: Sequence) -> np.ndarray:
    """Return the bars with the values of the user's functions as further fields, computed over the whole record.

    Parameters
    ----------
    bars : structured array of shape (n_bars,)
    channels : list of str and callables

    Returns
    -------
    structured array of shape (n_bars,)
        The same array if no function is missing among its fields.

    Raises
    ------
    ValueError
        If a function returns another shape, or its value at a bar changes with later bars.

    Examples
    --------
    >>> from seqconv.datasets import make_prices
    >>> bars = make_prices(n_tickers=1, n_bars=50).X[0]
    >>> def overnight(bars):
    ...     return np.r_[np.nan, bars["open"][1:] - bars["close"][:-1]]
    >>> add_own_channels(bars, [overnight]).dtype.names[-1]
    'overnight'
    >>> def tomorrow(bars):
    ...     return np.r_[np.diff(bars["close"]), np.nan]
    >>> add_own_channels(bars, [tomorrow])
    Traceback (most recent call last):
    ...
    ValueError: the channel tomorrow must be made of bars up to each step, its value at bar 14 changes with later bars.
    """
    functions = {channel_name(one): one for one in channels if callable(one)}
    missing = {name: function for name, function in functions.items() if name not in bars.dtype.names}
    if not missing:
        return bars
    out = np.empty(bars.shape, [*bars.dtype.descr, *((name, "f8") for name in missing)])
    for name in bars.dtype.names:
        out[name] = bars[name]
    for name, function in missing.items():
        out[name] = _values(name, function, bars)
        _check_causal(name, function, bars, out[name])
    return out


def _values(name, function, bars):
    values = np.asarray(function(bars.copy()), np.float64)
    if values.shape != bars.shape:
        raise ValueError(f"the channel {name} must return one number a bar, shape {bars.shape}, got {values.shape}.")
    if np.isinf(values).any():
        raise ValueError(f"the channel {name} must be finite or NaN, bar {int(np.isinf(values).argmax())} is infinite.")
    return values


def _check_causal(name, function, bars, values):
    """Raise if a value changes where later bars are others, or are not there yet."""
    draw = np.random.default_rng(0)
    for place in dict.fromkeys(max(1, int(share * len(bars))) for share in _PLACES):
        later = bars.copy()
        n_later = len(bars) - place
        factor = np.exp(draw.normal(0, 0.2, n_later))
        for field in bars.dtype.names[1:]:
            later[field][place:] = later[field][place:][draw.permutation(n_later)] * factor
        for others in (later, bars[:place]):
            found = _values(name, function, others)[:place]
            is_other = ~np.isclose(found, values[:place], rtol=1e-9, atol=0, equal_nan=True)
            if is_other.any():
                raise ValueError(
                    f"the channel {name} must be made of bars up to each step, its value at bar {int(is_other.argmax())} "
                    "changes with later bars."
                )
