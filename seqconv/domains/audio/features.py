"""From one clip to its steps, by the parameters of an AudioAdapter."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from seqconv.domains.audio.records import LONGEST_SECONDS, duration_of, read_record
from seqconv.domains.audio.spectra import cepstra, log_mel, resampled, standardised, trimmed

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter

# A clip whose decibels differ by less is not amplified to a deviation of one.
_LEAST_DEVIATION_DB = 1.0
_NO_FEATURES = ("n_jobs", "cache", "stream", "verbose")


def n_channels_of(adapter: "Adapter") -> int:
    """Return the number of channels of a step."""
    return {"log_mel": adapter.n_mels, "mfcc": adapter.n_mfcc, "waveform": 1}[adapter.features]


def n_hop_of(adapter: "Adapter") -> int:
    """Return the number of samples from one step to the next."""
    return max(1, round(adapter.hop_seconds * adapter.sampling_rate_hz))


def n_window_of(adapter: "Adapter") -> int:
    """Return the number of samples in the window of a step."""
    return max(2, round(adapter.window_seconds * adapter.sampling_rate_hz))


def feature_settings(adapter: "Adapter") -> dict[str, Any]:
    """Return the parameters that the features depend on, as JSON values that are the same for equal numbers."""
    settings = {name: value for name, value in adapter.get_params(deep=False).items() if name not in _NO_FEATURES}
    return {name: value if isinstance(value, str | None) else float(value) for name, value in settings.items()}


def read_clip(record: Any, adapter: "Adapter") -> tuple[np.ndarray, float]:
    """Read the samples of a checked record at the adapter's rate, trimmed, and the second where they start.

    Raises
    ------
    ValueError
        If the clip is too long to be one case, or the file is damaged.
    OSError
        If the file cannot be read.
    """
    rate_hz = adapter.sampling_rate_hz
    if adapter.max_seconds is None and (seconds := duration_of(record, rate_hz)) > LONGEST_SECONDS:
        raise ValueError(
            f"a clip must last at most {LONGEST_SECONDS} s, {record!s:.100} lasts {seconds:.0f} s; set max_seconds, which "
            "reads its start alone, or cut it with cases()."
        )
    samples, own_hz, start = read_record(record, rate_hz, adapter.max_seconds or LONGEST_SECONDS)
    samples = resampled(samples, own_hz, rate_hz)
    if adapter.trim_db is None:
        return samples, start
    first, last = trimmed(samples, adapter.trim_db, n_window_of(adapter), n_hop_of(adapter))
    return samples[first:last], start + first / rate_hz


def features_of(samples: np.ndarray, adapter: "Adapter") -> np.ndarray:
    """Compute the steps of a clip, (n_steps, n_channels), normalised by the clip or by its channels if so set."""
    by_clip, by_channel = adapter.normalize == "clip", adapter.normalize == "channel"
    if adapter.features == "waveform":
        return standardised(samples[:, None], 0) if by_clip or by_channel else samples[:, None]
    sizes = adapter.sampling_rate_hz, adapter.n_mels, n_window_of(adapter), n_hop_of(adapter), adapter.range_db
    steps = log_mel(samples, *sizes, is_relative=by_clip or by_channel)
    steps = standardised(steps, None, _LEAST_DEVIATION_DB) if by_clip else steps
    steps = cepstra(steps, adapter.n_mfcc) if adapter.features == "mfcc" else steps
    return standardised(steps, 0, _LEAST_DEVIATION_DB) if by_channel else steps


def step_edges(n_samples: int, adapter: "Adapter") -> np.ndarray:
    """Return the borders between the steps of a clip in samples, one more than there are steps."""
    if adapter.features == "waveform":
        return np.arange(n_samples + 1)
    n_hop = n_hop_of(adapter)
    return np.clip((np.arange(n_samples // n_hop + 2) - 0.5) * n_hop, 0, n_samples)


def statistics_of(cases: Iterable[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and deviation of each channel over all steps, case by case; 1 for a constant channel."""
    n, total, squares = 0, 0.0, 0.0
    for steps in cases:
        n += len(steps)
        total = total + steps.sum(axis=0, dtype=np.float64)
        squares = squares + np.square(steps, dtype=np.float64).sum(axis=0)
    centre = total / n
    deviation = np.sqrt(np.maximum(squares / n - centre**2, 0))
    return centre, np.where(deviation > 1e-6 * np.abs(centre), deviation, 1.0)
