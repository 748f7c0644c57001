"""What an AudioAdapter takes for a clip, and the one way from there to samples."""

import math
import os
from numbers import Real

import numpy as np

from seqconv.data import SequenceSet
from seqconv.domains.audio.reading import measure_audio, read_audio
from seqconv.domains.audio.wav import MOST_CHANNELS, RATES_HZ
from seqconv.domains.files import is_there
from seqconv.domains.naming import naming

# The spectrum of a longer clip in one piece would fill the memory.
LONGEST_SECONDS = 600
_WHOLE = {"uint8": (128, 128), "int16": (0, 2**15), "int32": (0, 2**31)}  # dtype: centre and full scale


def check_records(X):
    """The records as a list, checked as far as no file has to be opened.

    Raises
    ------
    TypeError, ValueError, FileNotFoundError
        No list; a record of another kind; samples that are none, not finite or of another kind; no file. By case.
    """
    return [check_record(record, f"case {case}") for case, record in enumerate(check_list(X))]


def check_list(X):
    """X as a list of anything."""
    if isinstance(X, SequenceSet):
        raise TypeError("X must be a list of clips, got a SequenceSet; give its X.")
    is_one = isinstance(X, str | bytes | os.PathLike | dict | set) or is_samples(X)
    is_clip = isinstance(X, np.ndarray) and X.ndim == 1 and X.dtype.kind not in "OU"
    if is_one or is_clip or not (hasattr(X, "__len__") and hasattr(X, "__iter__")):
        raise TypeError(f"X must be a list of clips, got one {type(X).__name__}; put it into a list.")
    if len(X) == 0:
        raise ValueError("at least one clip is required, got none.")
    return list(X)


def is_samples(record):
    """Whether this is a pair of samples and their rate."""
    is_pair = isinstance(record, tuple) and len(record) == 2
    return is_pair and isinstance(record[0], np.ndarray) and not isinstance(record[1], np.ndarray)


def path_of(record):
    """The file of a record, with the seconds where it starts and stops there; (None, 0, None) for samples."""
    if isinstance(record, tuple) and len(record) == 3:
        return record
    return (record, 0.0, None) if isinstance(record, str) else (None, 0.0, None)


def read_record(record, default_rate_hz, max_seconds):
    """Samples of a checked record as one channel, their rate, and the second where they start in its file.

    Parameters
    ----------
    record : one of the list of `check_records`
    default_rate_hz : int
        Of samples that come without a rate.
    max_seconds : float
        Read at most so much.

    Returns
    -------
    samples : array of float32, shape (n_samples,)
    sampling_rate_hz : int or float
    start_seconds : float
    """
    path, start, stop = path_of(record)
    if path is not None:
        length = max_seconds if stop is None else min(max_seconds, stop - start)
        samples, rate_hz = read_audio(path, start, length)
    else:
        samples, rate_hz = record if isinstance(record, tuple) else (record, default_rate_hz)
        samples = _as_floats(samples[: max(1, math.ceil(max_seconds * rate_hz))])
    samples = samples if samples.ndim == 1 else samples.mean(axis=1, dtype=np.float64).astype(np.float32)
    return samples, rate_hz, float(start)


def duration_of(record, default_rate_hz):
    """Seconds that a checked record lasts; of a file only the header is read."""
    path, start, stop = path_of(record)
    if path is not None:
        found = measure_audio(path)
        whole = found.n_samples / found.sampling_rate_hz
        return (whole if stop is None else min(stop, whole)) - start
    samples, rate_hz = record if isinstance(record, tuple) else (record, default_rate_hz)
    return len(samples) / rate_hz


def cut_record(record, start, stop, default_rate_hz):
    """The record of the seconds from `start` to `stop` of a checked record; files stay unread, samples are views."""
    path, first, _ = path_of(record)
    if path is not None:
        return path, first + start, first + stop
    samples, rate_hz = record if isinstance(record, tuple) else (record, default_rate_hz)
    return samples[round(start * rate_hz) : round(stop * rate_hz)], rate_hz


def check_record(record, name):
    """The record with its path as a string, or an error that calls it `name`."""
    if hasattr(record, "root") and hasattr(record, "at"):  # zipfile.Path, which no process can be sent
        if getattr(record.root, "filename", None) is None:
            raise TypeError(f"a clip in a zip archive must lie on the disk, {name} is in memory; write it to a file.")
        record = os.path.join(record.root.filename, record.at)
    if isinstance(record, str | os.PathLike):
        return _checked_path(record, name)
    if isinstance(record, tuple) and len(record) == 3 and isinstance(record[0], str | os.PathLike):
        path, start, stop = record
        if not (_is_number([start]) and _is_number([stop]) and 0 <= start < stop < math.inf):
            raise ValueError(
                f"a part of a file must start at 0 s or later and stop after that, {name} is {record[1:]}."
            )
        return _checked_path(path, name), float(start), float(stop)
    if is_samples(record):
        samples, rate_hz = record
        if not _is_number([rate_hz]) or not RATES_HZ[0] <= rate_hz <= RATES_HZ[1]:
            raise ValueError(f"a sampling rate must be from {RATES_HZ[0]} to {RATES_HZ[1]} Hz, {name} has {rate_hz!r}.")
        _check_samples(samples, name)
    elif isinstance(record, np.ndarray):
        _check_samples(record, name)
    else:
        raise TypeError(
            "a clip must be a path, (path, start_seconds, stop_seconds), (samples, sampling_rate_hz) or an array of "
            f"samples, {name} is {record!r:.60}."
        )
    return record


def _checked_path(path, name):
    path = os.fspath(path)
    if not isinstance(path, str) or "://" in path:
        raise ValueError(f"a clip must be a local file with a name of text, {name} is {path!r}; download it first.")
    with naming(name):
        is_found = is_there(path)
    if not is_found:
        raise FileNotFoundError(f"a clip must be a file, or a member of a zip archive, {name} is not there: {path}.")
    return path


def _check_samples(samples, name):
    if isinstance(samples, np.ma.MaskedArray) or samples.ndim not in (1, 2):
        what = "a masked array" if isinstance(samples, np.ma.MaskedArray) else f"of shape {samples.shape}"
        raise ValueError(f"samples must be an array (n_samples,) or (n_samples, n_channels), {name} is {what}.")
    if samples.dtype.kind != "f" and str(samples.dtype) not in _WHOLE:
        raise TypeError(f"samples must be floats or whole numbers of {', '.join(_WHOLE)}, {name} has {samples.dtype}.")
    if 0 in samples.shape:
        raise ValueError(f"a clip must have at least one sample, {name} has none; leave it out.")
    if samples.ndim == 2 and samples.shape[1] > MOST_CHANNELS:
        raise ValueError(
            f"samples must be (n_samples, n_channels) of at most {MOST_CHANNELS} channels, {name} has shape "
            f"{samples.shape}; transpose it."
        )
    if samples.dtype.kind == "f":
        with np.errstate(over="ignore"):
            is_finite = np.isfinite(samples.astype(np.float32, copy=False))
        if not is_finite.all():
            place = tuple(int(i) for i in np.argwhere(~is_finite)[0])
            raise ValueError(
                f"samples must be finite and fit float32, sample {place[0]} of {name} is {samples[place]}; cut it out "
                "or write 0."
            )


def _as_floats(samples):
    """Whole numbers from -1 to 1 by the full scale of their type, floats as they are."""
    if samples.dtype.kind == "f":
        return samples.astype(np.float32, copy=False)
    centre, full = _WHOLE[str(samples.dtype)]
    return (samples.astype(np.float32) - np.float32(centre)) / np.float32(full)


def _is_number(values):
    return len(values) == 1 and isinstance(values[0], Real) and not isinstance(values[0], bool | np.bool_)
