"""Samples of sound to channels: decibels by mel band, mel cepstra, and their normalisation."""

import math
from functools import lru_cache

import numpy as np

# Level of silence, below full scale.
_FLOOR_DB = -100.0


def resampled(samples: np.ndarray, rate_hz: float, target_hz: float) -> np.ndarray:
    """Return samples at another rate, by soxr in its high quality."""
    if rate_hz == target_hz:
        return samples
    import librosa

    return librosa.resample(samples, orig_sr=rate_hz, target_sr=target_hz, res_type="soxr_hq")


def trimmed(samples: np.ndarray, trim_db: float, n_window: int, n_hop: int) -> tuple[int, int]:
    """Return the first sample and the one after the last that are not `trim_db` quieter than the loudest; all if silent."""
    import librosa

    _, (first, last) = librosa.effects.trim(samples, top_db=trim_db, frame_length=2 * n_window, hop_length=n_hop)
    return (int(first), int(last)) if last > first else (0, len(samples))


def log_mel(
    samples: np.ndarray,
    sampling_rate_hz: int,
    n_mels: int,
    n_window: int,
    n_hop: int,
    range_db: float = 80.0,
    is_relative: bool = True,
) -> np.ndarray:
    """Compute the power by mel band in decibels, one step a hop, each centred on its hop.

    Parameters
    ----------
    samples : array of float32, shape (n_samples,)
    sampling_rate_hz, n_mels, n_window, n_hop : int
        Window and hop are in samples.
    range_db : float
        Raise what is that much quieter than the loudest band of the clip to this level.
    is_relative : bool
        True: decibels below the clip's own peak, so that its gain does not matter. False: below full scale, at least
        -100.

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
    # So the shortest clip fills a window.
    padded = np.pad(samples, n_fft // 2)
    spectrum = librosa.stft(padded, n_fft=n_fft, hop_length=n_hop, win_length=n_window, center=False)
    power = mel_filters(sampling_rate_hz, n_fft, n_mels) @ (np.abs(spectrum) ** 2)  # (n_mels, n_steps)
    bands = librosa.power_to_db(power, amin=1e-10, top_db=range_db).T
    if not is_relative:
        bands = np.maximum(bands + 20 * math.log10(max(peak, 1e-10)), _FLOOR_DB)
    return np.ascontiguousarray(bands, dtype=np.float32)


def cepstra(bands: np.ndarray, n_mfcc: int) -> np.ndarray:
    """Return the first mel cepstra of decibels by band, (n_steps, n_mfcc)."""
    import librosa

    return np.ascontiguousarray(librosa.feature.mfcc(S=bands.T, n_mfcc=n_mfcc).T, dtype=np.float32)


def standardised(steps: np.ndarray, axis: int | None, least_deviation: float = 0.0) -> np.ndarray:
    """Scale to mean 0 and deviation 1 over the clip (axis None) or over each of its channels (axis 0).

    A deviation below `least_deviation` is replaced by that, so that near silence is not amplified.
    """
    centred = steps - steps.mean(axis=axis, keepdims=True, dtype=np.float64)
    deviation = np.maximum(steps.std(axis=axis, keepdims=True, dtype=np.float64), least_deviation)
    # Rounding leaves a small deviation of a constant.
    is_real = deviation > 1e-6 * np.abs(steps).max(axis=axis, keepdims=True)
    return (centred / np.where(is_real, deviation, 1.0)).astype(np.float32)


def fft_size(n_window: int) -> int:
    """Return the power of two that holds a window."""
    return 1 << (n_window - 1).bit_length()


@lru_cache(maxsize=8)
def mel_filters(sampling_rate_hz: int, n_fft: int, n_mels: int) -> np.ndarray:
    """Return the weights of the frequencies in each mel band, (n_mels, 1 + n_fft // 2); all 0 for a band between two of
    them.
    """
    import warnings

    import librosa

    with warnings.catch_warnings():
        # Empty bands are rejected where the parameters are checked.
        warnings.simplefilter("ignore")
        return librosa.filters.mel(sr=sampling_rate_hz, n_fft=n_fft, n_mels=n_mels)
