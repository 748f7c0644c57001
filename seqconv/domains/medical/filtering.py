"""Filters of electrical signals against drift and hum, and the search for lost contact."""

from collections.abc import Sequence

import numpy as np
from scipy.signal import convolve, firwin

from seqconv.data.resampling import bridge

# Width of the transition of a filter with Hamming window, in sampling rates divided by taps.
_HAMMING = 3.3
_NOTCH_HZ = 1.0


def hide_lost_contact(
    signal: np.ndarray, sampling_rate_hz: float, flat_seconds: float | None = 1.0, limits: Sequence | None = None
) -> np.ndarray:
    """Return a copy with NaN where a lead was not in contact or its converter was at a limit.

    Parameters
    ----------
    signal : array of shape (..., n_samples, n_leads)
    sampling_rate_hz : float
    flat_seconds : float or None, default=1.0
        A lead that keeps exactly one value that long is not in contact; None keeps such stretches. A heart at rest
        moves at least the last bits of a converter within a second.
    limits : array of shape (n_leads, 2), optional
        Least and largest value of each lead's converter; NaN where unknown. Three samples or more in a row at a limit,
        or beyond, are saturated; one or two can be the tip of a wave.

    Returns
    -------
    array of the dtype of `signal`

    Examples
    --------
    >>> import numpy as np
    >>> signal = np.array([0.1, 0.3, 5, 5, 5, 0.2])[:, None]
    >>> hide_lost_contact(signal, 100, limits=[(-5, 5)])[:, 0]
    array([0.1, 0.3, nan, nan, nan, 0.2])
    """
    hidden = np.array(signal)
    if limits is not None:
        least, most = np.asarray(limits, np.float64).T
        with np.errstate(invalid="ignore"):
            at_limit = (hidden <= least + 1e-6 * np.abs(least)) | (hidden >= most - 1e-6 * np.abs(most))
        hidden[_in_long_runs(at_limit, 3)] = np.nan
    if flat_seconds is not None:
        n_flat = max(2, int(np.ceil(flat_seconds * sampling_rate_hz)))
        # The signal as given, as values hidden already do not end a stretch.
        moves = _in_long_runs(np.diff(np.asarray(signal), axis=-2) == 0, n_flat - 1)
        hidden[..., :-1, :][moves] = np.nan
        hidden[..., 1:, :][moves] = np.nan
    return hidden


def _in_long_runs(flags, n_least):
    """Return which flags are in a run of at least so many along the samples, of shape (..., n_samples, n_leads)."""
    if not flags.any():
        return flags
    length = _run_so_far(flags) + np.flip(_run_so_far(np.flip(flags, -2)), -2) - 1
    return flags & (length >= n_least)


def _run_so_far(flags):
    count = np.cumsum(flags, axis=-2)
    return count - np.maximum.accumulate(np.where(flags, 0, count), axis=-2)


def design_filter(
    sampling_rate_hz: float, band_hz: tuple[float | None, float | None] | None = None, notch_hz: float | None = None
) -> np.ndarray:
    """Design the taps of a filter of linear phase, which shifts nothing in time.

    Parameters
    ----------
    sampling_rate_hz : float
    band_hz : (float or None, float or None), optional
        Lowest and highest frequency that passes, at half its amplitude; None passes all on that side.
    notch_hz : float, optional
        Hum of the mains, 50 or 60, removed within 1 Hz to each side.

    Returns
    -------
    array of float64, shape (2 * reach + 1,)
        Taps. Their sum, the gain of a constant, is 0 if `band_hz` has a lowest frequency, else 1.

    Raises
    ------
    ValueError
        If a frequency is not between 0 and half the sampling rate, or the band is not ascending.

    Notes
    -----
    Hamming window. The transition at the lowest frequency f is ``min(max(f / 4, 2), f)`` Hz wide, at the highest
    ``min(max(f / 4, 2), sampling_rate_hz / 2 - f)``, as in MNE-Python. The narrower one sets the length: 0.5 to 40 Hz
    at 125 Hz see 3.5 s to each side.

    References
    ----------
    Widmann, Schröger and Maess (2015), "Digital filter design for electrophysiological data: a practical approach".

    Examples
    --------
    >>> taps = design_filter(125, (0.5, 40))
    >>> len(taps), round(float(abs(taps.sum())), 9)
    (869, 0.0)
    """
    low, high = (None, None) if band_hz is None else band_hz
    for name, hertz in (("band_hz", low), ("band_hz", high), ("notch_hz", notch_hz)):
        if hertz is not None and not 0 < hertz < sampling_rate_hz / 2:
            raise ValueError(
                f"{name} must be between 0 and half the sampling rate of {sampling_rate_hz:g} Hz, got {hertz} Hz."
            )
    if low is not None and high is not None and low >= high:
        raise ValueError(f"band_hz must have its lowest frequency first, got {band_hz}.")
    taps = np.ones(1)
    if low is not None:
        taps = np.convolve(taps, _without(_taps(sampling_rate_hz, min(max(low / 4, 2), low), low)))
    if high is not None:
        width = min(max(high / 4, 2), sampling_rate_hz / 2 - high)
        taps = np.convolve(taps, _taps(sampling_rate_hz, width, high))
    if notch_hz is not None:
        edges = [max(notch_hz - _NOTCH_HZ, notch_hz / 2), min(notch_hz + _NOTCH_HZ, sampling_rate_hz / 2 - 1e-3)]
        taps = np.convolve(taps, _taps(sampling_rate_hz, _NOTCH_HZ, edges))
    return taps


def _taps(sampling_rate_hz, width_hz, edges):
    """Return a low pass up to an edge, or a filter that stops the band between two edges."""
    n_taps = 2 * int(np.ceil(_HAMMING / 2 * sampling_rate_hz / width_hz)) + 1
    return firwin(n_taps, edges, fs=sampling_rate_hz)


def _without(low_pass):
    """Return the complement of a low pass."""
    high_pass = -low_pass
    high_pass[len(low_pass) // 2] += 1
    return high_pass - high_pass.sum() / len(high_pass)


def apply_filter(signal: np.ndarray, taps: np.ndarray) -> np.ndarray:
    """Filter signals; their length stays, and NaN stays in its place and does not spread.

    Parameters
    ----------
    signal : array of shape (..., n_samples, n_leads)
        NaN where nothing was observed. For the filter such gaps are bridged by straight lines, and the ends held.
    taps : array of odd length
        Result of `design_filter`.

    Returns
    -------
    array of float64

    Examples
    --------
    >>> import numpy as np
    >>> signal = np.array([[3.0], [np.nan], [3.0]])
    >>> apply_filter(signal, np.full(3, 1 / 3))[:, 0].round(6)
    array([ 3., nan,  3.])
    """
    signal = np.asarray(signal)
    # Without a filter the signal stays exactly the same.
    if len(taps) == 1:
        return signal * np.float64(taps[0])
    reach = len(taps) // 2
    pad = [(0, 0)] * signal.ndim
    pad[-2] = (reach, reach)
    held = np.moveaxis(np.pad(bridge(signal), pad, mode="edge"), -2, -1)
    filtered = np.empty((*held.shape[:-1], signal.shape[-2]))
    # One by one, so that a signal alone gives exactly the same bits as among others.
    for place in np.ndindex(held.shape[:-1]):
        # Without its level, so that a constant stays one if this is computed by Fourier transform.
        level = held[place][0]
        filtered[place] = convolve(held[place] - level, taps, mode="valid") + level * taps.sum()
    filtered = np.moveaxis(filtered, -1, -2)
    filtered[np.isnan(signal)] = np.nan
    return filtered
