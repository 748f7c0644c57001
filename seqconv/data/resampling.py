"""From one sampling rate to another, missing values kept apart from observed ones."""

from fractions import Fraction

import numpy as np
from scipy.signal import firwin, resample_poly

_LARGEST_FACTOR = 1000
# Samples of the slower rate that the filter against aliases reaches to each side.
FILTER_REACH = 10


def rate_ratio(rate_hz, new_rate_hz):
    """The two whole numbers by which a rate is multiplied and divided to become the other.

    Parameters
    ----------
    rate_hz, new_rate_hz : float
        Above 0.

    Returns
    -------
    up, down : int

    Raises
    ------
    ValueError
        If no ratio of whole numbers up to 1000 is that of the rates to a ten thousandth: one is far above the other.

    Examples
    --------
    >>> rate_ratio(360, 125)
    (25, 72)
    """
    wanted = Fraction(new_rate_hz) / Fraction(rate_hz)
    ratio = wanted.limit_denominator(_LARGEST_FACTOR)
    if ratio.numerator > _LARGEST_FACTOR or abs(ratio / wanted - 1) > 1e-4:
        raise ValueError(
            f"the rates must have a ratio of whole numbers up to {_LARGEST_FACTOR}, got {rate_hz:g} and {new_rate_hz:g} Hz; "
            "choose a nearer rate."
        )
    return ratio.numerator, ratio.denominator


def resample(signal, up, down):
    """A signal at `up` / `down` times its rate, by polyphase filtering.

    Parameters
    ----------
    signal : array of shape (..., n_samples, n_leads)
        NaN where nothing was observed.
    up, down : int

    Returns
    -------
    array of float64, shape (..., ceil(n_samples * up / down), n_leads)
        Sample k stands where the old sample ``k * down / up`` stood. It is NaN where an old sample within half its step, and
        at least within half an old one, was NaN.

    Notes
    -----
    For the filter, gaps are bridged by straight lines and the ends held, so that NaN does not spread.

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
    """Taps as SciPy chooses them, but so that each new sample has exactly the level of the old ones around it."""
    longest = max(up, down)
    taps = firwin(2 * FILTER_REACH * longest + 1, 1 / longest, window=("kaiser", 5.0))
    for phase in range(up):
        taps[phase::up] /= up * taps[phase::up].sum()
    return taps


def missing_steps(missing, up, down, steps, anchors=0):
    """Which new samples `resample` makes NaN, known without resampling.

    Parameters
    ----------
    missing : array of bool, shape (..., n_samples, n_leads)
        Whether an old sample is NaN.
    up, down : int
    steps : array of int, shape (n_steps,)
        Numbers of the new samples, from 0 at an anchor; also below 0.
    anchors : int or array of int that broadcasts against `steps`, default=0
        Old sample at which a new one stands.

    Returns
    -------
    array of bool, shape (..., *shape of anchors + steps, n_leads)
        Beyond the ends of the old samples: what the first or last of them says.

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


def bridge(signal):
    """The signal with straight lines over its gaps and its ends held; 0 where a lead was never observed.

    Parameters
    ----------
    signal : array of shape (..., n_samples, n_leads)

    Returns
    -------
    array of float64

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
