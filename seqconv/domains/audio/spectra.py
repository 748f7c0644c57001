"""Samples of sound to channels: the waveform itself, decibels by mel band, or mel cepstra."""

import math
from functools import lru_cache

import numpy as np

# Below full scale, quieter than this is silence.
_FLOOR_DB = -100.0


def resampled(samples, rate_hz, target_hz):
    """Samples at another rate, by soxr in its high quality."""
    if rate_hz == target_hz:
        return samples
    import librosa

    return librosa.resample(samples, orig_sr=rate_hz, target_sr=target_hz, res_type="soxr_hq")


def trimmed(samples, trim_db, n_window, n_hop):
    """First sample and the one behind the last of what is not `trim_db` quieter than the loudest; of silence, all."""
    import librosa

    _, (first, last) = librosa.effects.trim(samples, top_db=trim_db, frame_length=2 * n_window, hop_length=n_hop)
    return (int(first), int(last)) if last > first else (0, len(samples))


def log_mel(samples, sampling_rate_hz, n_mels, n_window, n_hop, range_db=80.0, is_relative=True):
    """Power by mel band in decibels, one step a hop, each centred on its hop.

    Parameters
    ----------
    samples : array of float32, shape (n_samples,)
    sampling_rate_hz, n_mels, n_window, n_hop : int
        The last two in samples.
    range_db : float
        What is so much quieter than the loudest band of the clip is made no quieter than that.
    is_relative : bool
        True: decibels below the clip's own peak, so that its gain does not matter. False: below full scale, no less
        than -100, which is silence.

    Returns
    -------
    array of float32, shape (1 + n_samples // n_hop, n_mels)

    Examples
    --------
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(8000) / 8000).astype(np.float32)
    >>> bands = log_mel(tone, 8000, 40, 200, 80)
    >>> bands.shape, int(bands.mean(axis=0).argmax())  # the band around 440 Hz
    ((101, 40), 7)
    """
    import librosa

    peak = float(np.abs(samples).max())
    samples = samples / np.float32(peak) if peak else samples
    n_fft = fft_size(n_window)
    padded = np.pad(samples, n_fft // 2)  # so that the shortest clip fills a window
    spectrum = librosa.stft(padded, n_fft=n_fft, hop_length=n_hop, win_length=n_window, center=False)
    power = mel_filters(sampling_rate_hz, n_fft, n_mels) @ (np.abs(spectrum) ** 2)  # (n_mels, n_steps)
    bands = librosa.power_to_db(power, amin=1e-10, top_db=range_db).T
    if not is_relative:
        bands = np.maximum(bands + 20 * math.log10(max(peak, 1e-10)), _FLOOR_DB)
    return np.ascontiguousarray(bands, dtype=np.float32)


def cepstra(bands, n_mfcc):
    """The first mel cepstra of decibels by band, (n_steps, n_mfcc)."""
    import librosa

    return np.ascontiguousarray(librosa.feature.mfcc(S=bands.T, n_mfcc=n_mfcc).T, dtype=np.float32)


def standardised(steps, axis, least_deviation=0.0):
    """Mean 0 and deviation 1 over the clip (axis None) or over each of its channels (axis 0).

    What varies by less than `least_deviation` is not blown up: it is divided by that.
    """
    centred = steps - steps.mean(axis=axis, keepdims=True, dtype=np.float64)
    deviation = np.maximum(steps.std(axis=axis, keepdims=True, dtype=np.float64), least_deviation)
    # Of a constant, rounding leaves a deviation that is none.
    is_real = deviation > 1e-6 * np.abs(steps).max(axis=axis, keepdims=True)
    return (centred / np.where(is_real, deviation, 1.0)).astype(np.float32)


def fft_size(n_window):
    """The power of two that holds a window."""
    return 1 << (n_window - 1).bit_length()


@lru_cache(maxsize=8)
def mel_filters(sampling_rate_hz, n_fft, n_mels):
    """Weights of the frequencies in each mel band, (n_mels, 1 + n_fft // 2); a band between two of them has none."""
    import warnings

    import librosa

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # empty bands are refused where the parameters are checked
        return librosa.filters.mel(sr=sampling_rate_hz, n_fft=n_fft, n_mels=n_mels)
