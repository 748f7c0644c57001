"""Resampling of signals with missing values."""

from fractions import Fraction

import numpy as np
from scipy.signal import firwin, resample_poly

from seqconv.arguments import number

_LARGEST_FACTOR = 1000
# Reach of the anti-aliasing filter to each side, in samples of the slower rate.
FILTER_REACH = 10


def rate_ratio(rate_hz: float, new_rate_hz: float) -> tuple[int, int]:
    """Return the two whole numbers whose ratio turns one sampling rate into another.

    Parameters
    ----------
    rate_hz, new_rate_hz : float
        Sampling rates in Hz, above 0.

    Returns
    -------
    up, down : int
        The new rate is the old one times `up` / `down`, to a relative error of 1e-4.

    Raises
    ------
    ValueError
        If a rate is not above 0.
        If the ratio needs whole numbers above 1000, because one rate is far above the other.

    Examples
    --------
    >>> rate_ratio(360, 125)
    (25, 72)
    """
    rate_hz, new_rate_hz = number("rate_hz", rate_hz, above=0), number("new_rate_hz", new_rate_hz, above=0)
    wanted = Fraction(new_rate_hz) / Fraction(rate_hz)
    ratio = wanted.limit_denominator(_LARGEST_FACTOR)
    if ratio.numerator > _LARGEST_FACTOR or abs(ratio / wanted - 1) > 1e-4:
        raise ValueError(
            f"the rates must have a ratio of whole numbers up to {_LARGEST_FACTOR}, "
            f"got {rate_hz:g} and {new_rate_hz:g} Hz. Choose a nearer rate."
        )
    return ratio.numerator, ratio.denominator


def resample(signal: np.ndarray, up: int, down: int) -> np.ndarray:
    """Resample a signal to `up` / `down` times its rate, by polyphase filtering.

    Parameters
    ----------
    signal : array of shape (..., n_samples, n_leads)
        NaN where nothing was observed.
    up, down : int
        Factors of the rate, as of `rate_ratio`.

    Returns
    -------
    array of float64, shape (..., ceil(n_samples * up / down), n_leads)
        Sample k is at the time of the old sample ``k * down / up``. It is NaN if an old sample within half a step was
        NaN; the longer of the old and the new step counts.

    Notes
    -----
    Before the filter, straight lines bridge the gaps and the end values are repeated, so that NaN does not spread.

    Examples
    --------
    >>> import numpy as np
    >>> resample(np.ones((6, 1)), 1, 2)[:, 0].round(6)
    array([1., 1., 1.])
    """
    signal = np.asarray(signal, np.float64)
    if up == down:
        return signal.copy()
    resampled = resample_poly(bridge(signal), up, down, axis=-2, padtype="edge", window=_against_aliases(up, down))
    missing = np.isnan(signal)
    if missing.any():
        resampled[missing_steps(missing, up, down, np.arange(resampled.shape[-2]))] = np.nan
    return resampled


def _against_aliases(up, down):
    """Return SciPy's default taps, normalised so that a constant signal keeps its exact level."""
    longest = max(up, down)
    taps = firwin(2 * FILTER_REACH * longest + 1, 1 / longest, window=("kaiser", 5.0))
    for phase in range(up):
        taps[phase::up] /= up * taps[phase::up].sum()
    return taps


def missing_steps(
    missing: np.ndarray, up: int, down: int, steps: np.ndarray, anchors: int | np.ndarray = 0
) -> np.ndarray:
    """Find the new samples that `resample` makes NaN, without resampling.

    Parameters
    ----------
    missing : array of bool, shape (..., n_samples, n_leads)
        Whether an old sample is NaN.
    up, down : int
        Factors of the rate, as of `rate_ratio`.
    steps : array of int, shape (n_steps,)
        Numbers of the new samples, counted from an anchor; they may be negative.
    anchors : int or array of int that broadcasts against `steps`, default=0
        Old sample at which new sample 0 is.

    Returns
    -------
    array of bool, shape (..., *shape of anchors + steps, n_leads)
        Beyond the ends of the old samples, the first or last of them counts.

    Examples
    --------
    >>> import numpy as np
    >>> missing_steps(np.array([[True], [False], [False], [False]]), 1, 2, np.arange(2))[:, 0]
    array([ True, False])
    """
    twice, reach, last = 2 * np.asarray(steps) * down, max(up, down), missing.shape[-2] - 1
    first = np.clip(anchors - (reach - twice) // (2 * up), 0, last)
    stop = np.clip(anchors + (reach + twice) // (2 * up), 0, last) + 1
    count = np.insert(np.cumsum(missing, axis=-2), 0, 0, axis=-2)
    return count[..., stop, :] > count[..., first, :]


def bridge(signal: np.ndarray) -> np.ndarray:
    """Fill the gaps of a signal with straight lines and repeat its values at the ends.

    Parameters
    ----------
    signal : array of shape (..., n_samples, n_leads)
        NaN where nothing was observed. A lead that was never observed becomes 0.

    Returns
    -------
    array of float64, the shape of `signal`

    Examples
    --------
    >>> import numpy as np
    >>> bridge(np.array([[np.nan], [1.0], [np.nan], [3.0]]))[:, 0]
    array([1., 1., 2., 3.])
    """
    bridged = np.array(signal, np.float64)
    missing = np.isnan(bridged)
    for *case, lead in np.argwhere(missing.any(axis=-2)):
        line, gap = bridged[(*case, slice(None), lead)], missing[(*case, slice(None), lead)]
        places = np.arange(len(line))
        line[gap] = np.interp(places[gap], places[~gap], line[~gap]) if not gap.all() else 0.0
    return bridged
