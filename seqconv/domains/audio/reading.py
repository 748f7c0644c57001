"""Recordings of sound: WAV and FLAC files, plain or inside a zip archive, read exactly or rejected by name."""

import math
import os
from numbers import Real
from typing import NamedTuple

import numpy as np

from seqconv.domains.audio.flac import read_flac_header, read_flac_samples
from seqconv.domains.audio.wav import read_wav_header, read_wav_samples
from seqconv.domains.files import opened

SUFFIXES = (".wav", ".flac")
_FOREIGN = {b"OggS": "an Ogg file", b"ID3": "an MP3 file", b"\xff\xfb": "an MP3 file", b"FORM": "an AIFF file"}
_FOREIGN |= {b"RF64": "an RF64 file", b"RIFX": "a RIFX file", b"PK\x03\x04": "a zip archive: name a member of it"}


class Recording(NamedTuple):
    """Amount of sound in a file."""

    n_samples: int
    sampling_rate_hz: int
    n_channels: int


def read_audio(
    path: str | os.PathLike, start_seconds: float = 0.0, max_seconds: float | None = None
) -> tuple[np.ndarray, int]:
    """Read a WAV or FLAC file, or a part of it.

    Parameters
    ----------
    path : str or path
        A file, or a member of a zip archive as a path through it: ``clips.zip/dogs/rex.wav``.
    start_seconds : float
        Start of the part.
    max_seconds : float, optional
        Longest part, which bounds the memory; a member of an archive is unpacked whole. None reads to the end.

    Returns
    -------
    samples : array of float32, shape (n_samples, n_channels)
        Values from -1 to 1; float files may exceed that.
    sampling_rate_hz : int

    Raises
    ------
    FileNotFoundError
        If the file does not exist.
    ValueError
        If the file is empty, cut, damaged or of another kind, or its header says more than it holds.
    ValueError
        If a sample is NaN or infinite.
    ValueError
        If `start_seconds` is after the end.
    ValueError
        If a member of an archive unpacks to more than 512 MiB.

    Notes
    -----
    The kind of file is found from the content. WAV: PCM of 8, 16, 24 and 32 bits and IEEE float of 32 and 64, also in
    their extensible form, decoded here; compressed codes are rejected. FLAC is decoded by libsndfile. No other decoder
    and no other program is started: convert MP3, Ogg and the like to one of the two.

    A member of more than 1 MiB stays unpacked in memory for the next parts: the one read last is kept, and at most 128
    MiB of those before it. Many long recordings read in random order are faster as files of their own.

    Examples
    --------
    >>> import pathlib, tempfile, soundfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "step.wav")
    >>> soundfile.write(path, np.array([0.0, 0.5, 0.5, 0.0]), 8000, subtype="PCM_16")
    >>> samples, sampling_rate_hz = read_audio(path)
    >>> samples[:, 0], sampling_rate_hz
    (array([0. , 0.5, 0.5, 0. ], dtype=float32), 8000)
    """
    name = str(path)
    with opened(path) as (file, n_bytes):
        header, read = _read_header(file, n_bytes, name)
        first, n_samples = _part(header, start_seconds, max_seconds, name)
        samples = read(file, header, first, n_samples, name)
    if not np.isfinite(samples).all():
        sample, channel = np.argwhere(~np.isfinite(samples))[0]
        raise ValueError(
            f"{name}: each sample must be a finite number, sample {first + sample} of channel {channel} is "
            f"{samples[sample, channel]}; cut it out or write 0."
        )
    return samples, header.sampling_rate_hz


def measure_audio(path: str | os.PathLike) -> Recording:
    """Measure a file by its header: number of samples, sampling rate and channels.

    Parameters
    ----------
    path : str or path
        A file or a member of an archive, as for `read_audio`.

    Returns
    -------
    Recording
        ``n_samples`` of each channel, ``sampling_rate_hz`` and ``n_channels``.

    Raises
    ------
    FileNotFoundError
        If the file does not exist.
    ValueError
        If the header is not valid.

    Examples
    --------
    >>> import pathlib, tempfile, soundfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "step.flac")
    >>> soundfile.write(path, np.zeros((40, 2)), 8000)
    >>> measure_audio(path)
    Recording(n_samples=40, sampling_rate_hz=8000, n_channels=2)
    """
    with opened(path) as (file, n_bytes):
        header, _ = _read_header(file, n_bytes, str(path))
    return Recording(header.n_samples, header.sampling_rate_hz, header.n_channels)


def _read_header(file, n_bytes, name):
    """Return the header and the function that reads the samples."""
    start = file.read(12)
    if start[:4] == b"RIFF" and start[8:] == b"WAVE":
        return read_wav_header(file, n_bytes, name), read_wav_samples
    if start[:4] == b"fLaC":
        return read_flac_header(file, n_bytes, name), read_flac_samples
    if not start:
        raise ValueError(f"{name}: a recording is required, got an empty file.")
    what = next((what for sign, what in _FOREIGN.items() if start.startswith(sign)), "another kind")
    raise ValueError(f"{name}: a recording must be a WAV or FLAC file, got {what}; convert it to one of the two.")


def _part(header, start_seconds, max_seconds, name):
    """Return the first sample of the part and its number of samples."""
    is_long = max_seconds is None or (isinstance(max_seconds, Real) and 0 < max_seconds < math.inf)
    if not (isinstance(start_seconds, Real) and 0 <= start_seconds < math.inf and is_long):
        raise ValueError(
            f"start_seconds must be a number from 0 on and max_seconds one above 0, got {start_seconds!r} and "
            f"{max_seconds!r}."
        )
    rate_hz = header.sampling_rate_hz
    first = round(start_seconds * rate_hz)
    if first >= header.n_samples:
        raise ValueError(
            f"{name}: a part must start within the {header.n_samples / rate_hz:.6g} s of the file, got {start_seconds} s."
        )
    left = header.n_samples - first
    return first, left if max_seconds is None else min(left, max(1, math.ceil(max_seconds * rate_hz)))
