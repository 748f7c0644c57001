"""Checks of clips, and the way from a clip to its samples."""

import math
import os
import warnings
from typing import Any

import numpy as np

from seqconv.arguments import is_number
from seqconv.domains.audio.decoder import MOST_CHANNELS, RATES_HZ
from seqconv.domains.audio.reading import measure_audio, read_audio
from seqconv.domains.files import is_there
from seqconv.domains.records import check_each, list_of

# The spectrum of a longer clip in one piece would fill the memory.
LONGEST_SECONDS = 600
# Power that is left of channels in their mean, of that of unlike sounds, below which they cancel.
_CANCELLED = 0.01
_WHOLE = {"uint8": (128, 128), "int16": (0, 2**15), "int32": (0, 2**31)}  # dtype: centre and full scale


def check_records(X: Any) -> list:
    """Return the clips as a list, checked without opening a file; see `Adapter.check`."""
    return check_each(clip_list(X), check_record)


def clip_list(X: Any) -> list:
    """Return X as a list, whatever its items are.

    Raises
    ------
    TypeError
        If X is a single clip or no list.
    ValueError
        If X is empty.
    """
    is_clip = isinstance(X, np.ndarray) and X.ndim == 1 and X.dtype.kind not in "OU"
    return list_of("clips", X, is_one=is_clip or is_samples(X))


def is_samples(record: Any) -> bool:
    """Return whether this is a pair of samples and their rate."""
    is_pair = isinstance(record, tuple) and len(record) == 2
    return is_pair and isinstance(record[0], np.ndarray) and not isinstance(record[1], np.ndarray)


def path_of(record: Any) -> tuple[str | None, float, float | None]:
    """Return the file of a checked record and the seconds where it starts and stops; (None, 0, None) for samples."""
    if isinstance(record, tuple) and len(record) == 3:
        return record
    return (record, 0.0, None) if isinstance(record, str) else (None, 0.0, None)


def read_record(record: Any, default_rate_hz: float, max_seconds: float) -> tuple[np.ndarray, float, float]:
    """Read the samples of a checked record as one channel: the mean, or the loudest one if they cancel.

    Parameters
    ----------
    record : item of `check_records`
    default_rate_hz : int
        Sampling rate of samples that come without one.
    max_seconds : float
        Most seconds to read.

    Returns
    -------
    samples : array of float32, shape (n_samples,)
    sampling_rate_hz : int or float
    start_seconds : float
        Start of the samples in their file.
    """
    path, start, stop = path_of(record)
    if path is not None:
        length = max_seconds if stop is None else min(max_seconds, stop - start)
        samples, rate_hz = read_audio(path, start, length)
    else:
        samples, rate_hz = record if isinstance(record, tuple) else (record, default_rate_hz)
        samples = _as_floats(samples[: max(1, math.ceil(max_seconds * rate_hz))])
    return samples if samples.ndim == 1 else _mixed(samples), rate_hz, float(start)


def _mixed(samples):
    """Return the mean of the channels, or the loudest one where they cancel."""
    mixed = samples.mean(axis=1, dtype=np.float64)
    powers = np.square(samples, dtype=np.float64).mean(axis=0)
    # Channels of unlike sounds would leave the right side.
    if np.square(mixed).mean() < _CANCELLED * powers.sum() / len(powers) ** 2:
        # The same text for all clips, of which the user sees one.
        warnings.warn(
            "the channels of a clip cancel in their mean (left = -right), so that its loudest channel is taken; check the "
            "wires of the recorder, or give one channel.",
            stacklevel=2,
        )
        mixed = samples[:, powers.argmax()]
    return mixed.astype(np.float32)


def form_of(record: Any, default_rate_hz: float) -> tuple[float, int]:
    """Return sampling rate and number of channels of a checked record; of a file only the header is read."""
    path, _, _ = path_of(record)
    if path is not None:
        found = measure_audio(path)
        return found.sampling_rate_hz, found.n_channels
    samples, rate_hz = record if isinstance(record, tuple) else (record, default_rate_hz)
    return rate_hz, 1 if samples.ndim == 1 else samples.shape[1]


def duration_of(record: Any, default_rate_hz: float) -> float:
    """Return the seconds that a checked record lasts; of a file only the header is read."""
    path, start, stop = path_of(record)
    if path is not None:
        found = measure_audio(path)
        whole = found.n_samples / found.sampling_rate_hz
        return (whole if stop is None else min(stop, whole)) - start
    samples, rate_hz = record if isinstance(record, tuple) else (record, default_rate_hz)
    return len(samples) / rate_hz


def cut_record(record: Any, start: float, stop: float, default_rate_hz: float) -> tuple:
    """Return the record of the seconds from `start` to `stop`; files stay unread, samples are views."""
    path, first, _ = path_of(record)
    if path is not None:
        return path, first + start, first + stop
    samples, rate_hz = record if isinstance(record, tuple) else (record, default_rate_hz)
    return samples[round(start * rate_hz) : round(stop * rate_hz)], rate_hz


def check_record(record: Any) -> Any:
    """Return a clip with its path as a string, checked without opening a file.

    Raises
    ------
    TypeError
        If the record is of another kind.
    ValueError
        If its samples, its rate or its part of a file are not valid.
    FileNotFoundError
        If its file does not exist.
    """
    if hasattr(record, "root") and hasattr(record, "at"):  # zipfile.Path, which cannot be sent to a process
        if getattr(record.root, "filename", None) is None:
            raise TypeError("a zip archive must be on the disk, got one in memory; write it to a file.")
        record = os.path.join(record.root.filename, record.at)
    if isinstance(record, str | os.PathLike):
        return _checked_path(record)
    if isinstance(record, tuple) and len(record) == 3 and isinstance(record[0], str | os.PathLike):
        path, start, stop = record
        if not (is_number(start) and is_number(stop) and 0 <= start < stop < math.inf):
            raise ValueError(f"a part of a file must start at 0 s or later and stop after that, got {record[1:]}.")
        return _checked_path(path), float(start), float(stop)
    if is_samples(record):
        samples, rate_hz = record
        if not is_number(rate_hz) or not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
            raise ValueError(f"a sampling rate must be from {RATES_HZ[0]} to {RATES_HZ[1]} Hz, got {rate_hz!r}.")
        _check_samples(samples)
    elif isinstance(record, np.ndarray):
        _check_samples(record)
    else:
        raise TypeError(
            "a clip must be a path, (path, start_seconds, stop_seconds), (samples, sampling_rate_hz) or an array of "
            f"samples, got {record!r:.60}."
        )
    return record


def _checked_path(path):
    path = os.fspath(path)
    if not isinstance(path, str) or "://" in path:
        raise ValueError(f"a clip must be a local file with a name of text, got {path!r}; download it first.")
    if not is_there(path):
        raise FileNotFoundError(f"a clip must be a file, or a member of a zip archive, that exists, got {path}.")
    return path


def _check_samples(samples):
    if isinstance(samples, np.ma.MaskedArray) or samples.ndim not in (1, 2):
        what = "a masked array" if isinstance(samples, np.ma.MaskedArray) else f"shape {samples.shape}"
        raise ValueError(f"samples must be an array (n_samples,) or (n_samples, n_channels), got {what}.")
    if samples.dtype.kind != "f" and str(samples.dtype) not in _WHOLE:
        raise TypeError(f"samples must be floats or whole numbers of {', '.join(_WHOLE)}, got {samples.dtype}.")
    if 0 in samples.shape:
        raise ValueError("a clip must have at least one sample, got none; leave it out.")
    if samples.ndim == 2 and samples.shape[1] > MOST_CHANNELS:
        raise ValueError(
            f"samples must be (n_samples, n_channels) of at most {MOST_CHANNELS} channels, got shape {samples.shape}; "
            "transpose it."
        )
    if samples.dtype.kind == "f":
        with np.errstate(over="ignore"):
            is_finite = np.isfinite(samples.astype(np.float32, copy=False))
        if not is_finite.all():
            place = tuple(int(i) for i in np.argwhere(~is_finite)[0])
            raise ValueError(
                "samples must be finite, not NaN, and fit float32, "
                f"sample {place[0]} is {samples[place]}; cut it out or write 0."
            )


def _as_floats(samples):
    """Return whole numbers divided by the full scale of their type, and floats unchanged."""
    if samples.dtype.kind == "f":
        return samples.astype(np.float32, copy=False)
    centre, full = _WHOLE[str(samples.dtype)]
    return (samples.astype(np.float32) - np.float32(centre)) / np.float32(full)
