"""Checks of price bars: faults, splits, and volumes that a split changes."""

import warnings
from collections.abc import Callable

import numpy as np

from seqconv.domains.finance.price_names import PRICES

# Ratios, sums and products of such prices are finite.
_LEAST, _MOST = 1e-30, 1e30
# Rounding and adjusting can move open and close out of the range by this share of its edge.
_TOLERANCE = 0.005
# Overnight moves can change the ratio of a split by this share.
_NEAR_SPLIT = 0.05
# Numbers of bars around a split whose median is the usual volume. Both must agree, as a few bars may be a week of news.
_TYPICAL = (20, 60)


def find_fault(bars: np.ndarray) -> tuple[tuple[int, ...], str] | None:
    """Find the first bar that is not valid.

    Parameters
    ----------
    bars : array of PRICE_BAR, shape (..., n_bars)

    Returns
    -------
    (tuple of int, str) or None
        Index of the bar and the fault.

    Examples
    --------
    >>> from seqconv.domains.finance.prices_csv import PRICE_BAR
    >>> find_fault(np.array([("2015-01-02", 1, 2, 3, 2, 0)], PRICE_BAR))
    ((0,), 'high must not be below low, got 2 and 3')
    """
    for name in PRICES:
        # NaN is bad, too.
        bad = ~((bars[name] >= _LEAST) & (bars[name] <= _MOST))
        if bad.any():
            return _first(bad, f"{name} must be a number above 0 and at most {_MOST:g}, got {{}}", bars[name])
    bad = bars["high"] < bars["low"]
    if bad.any():
        return _first(bad, "high must not be below low, got {} and {}", bars["high"], bars["low"])
    for name in ("open", "close"):
        bad = (bars[name] > bars["high"] * (1 + _TOLERANCE)) | (bars[name] < bars["low"] * (1 - _TOLERANCE))
        if bad.any():
            sentence = f"{name} must be between low and high, got {{}} with {{}} and {{}}"
            return _first(bad, sentence, bars[name], bars["low"], bars["high"])
    volume = bars["volume"]
    bad = (volume < 0) | (volume > _MOST) | ((volume > 0) & (volume < _LEAST))
    if bad.any():
        return _first(bad, f"volume must be 0 or more, at most {_MOST:g}, got {{}}", volume)
    bad = np.isnat(bars["date"])
    if bad.any():
        return _first(bad, "a bar must have a date, got none")
    bad = np.zeros(bars.shape, bool)
    bad[..., 1:] = np.diff(bars["date"]) <= np.timedelta64(0)
    if bad.any():
        return _first(bad, "each date must come once and in order, got {} out of place; sort them", bars["date"])
    return None


def _first(bad, sentence, *values):
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    found = (value[index] for value in values)
    return index, sentence.format(*(f"{one:g}" if one.dtype.kind == "f" else one.astype("M8[s]") for one in found))


def reject_faults(bars: np.ndarray, place: Callable[[int], str]) -> None:
    """Raise with the place of the first bar that is not valid."""
    fault = find_fault(bars)
    if fault is not None:
        raise ValueError(f"{place(fault[0][0])}: {fault[1]}.")


def adjust(bars: np.ndarray, adjusted: np.ndarray, place: Callable[[int], str]) -> np.ndarray:
    """Adjust the prices of the bars by an adjusted close, and return the factor of each bar."""
    bad = ~((adjusted >= _LEAST) & (adjusted <= _MOST))
    if bad.any():
        i = int(bad.argmax())
        raise ValueError(f"{place(i)}: adjusted close must be a number above 0, got {adjusted[i]:g}.")
    scale = adjusted / bars["close"]
    for name in PRICES:
        bars[name] *= scale
    # Assigned, as the product would be rounded twice.
    bars["close"] = adjusted
    # A price may have left the range.
    reject_faults(bars, place)
    return scale


def _find_splits(ratio):
    """Return the places where a ratio is near that of a split."""
    larger = np.maximum(ratio, 1 / ratio)
    # The nearest of 3/2, 2, 5/2, 3 ...
    split = np.maximum(np.round(2 * larger) / 2, 1.5)
    return np.flatnonzero(np.abs(larger / split - 1) <= _NEAR_SPLIT)


def warn_of_volume(volume: np.ndarray, scale: np.ndarray, place: Callable[[int], str]) -> None:
    """Warn if the usual volume jumps where the factor of the adjusted close does, as at a split."""
    ratio = scale[1:] / scale[:-1]
    jumps = [i for i in _find_splits(ratio) if all(_jumps_by(ratio[i], volume, i + 1, n) for n in _TYPICAL)]
    if jumps:
        i = jumps[0] + 1
        warnings.warn(
            f"{place(i)}: adjusted close over close is {ratio[i - 1]:.3g} times that of the bar before, as at a split, and "
            f"the usual volume jumps with it ({len(jumps)} such bars). If it counts shares of the day, give a column Adj "
            "Volume.",
            stacklevel=4,
        )


def _jumps_by(factor, volume, i, n_bars):
    """Return whether the usual volume from bar i on is nearer to that before times the factor than to that before."""
    before, after = (part[part > 0] for part in (volume[max(i - n_bars, 0) : i], volume[i : i + n_bars]))
    if not (len(before) and len(after)):
        return False
    move = np.log(np.median(after) / np.median(before))
    return abs(move - np.log(factor)) < abs(move)


def warn_of_splits(bars: np.ndarray, place: Callable[[int], str]) -> None:
    """Warn if the price jumps as in a split."""
    ratio = bars["open"][1:] / bars["close"][:-1]
    jumps = _find_splits(ratio)
    if len(jumps):
        i = jumps[0] + 1
        warnings.warn(
            f"{place(i)}: the price opens at {ratio[i - 1]:.3g} times its last close, as after a split, and no adjusted "
            f"close is known ({len(jumps)} such bars); a column Adj Close would remove splits.",
            stacklevel=4,
        )
