"""Recordings of sound, plain or inside a zip archive: read by libsndfile, with checks of what it gets wrong in silence."""

import hashlib
import math
import os
import warnings
from numbers import Real
from typing import NamedTuple

import numpy as np

from seqconv.domains.audio.decoder import opened_decoder

SUFFIXES = (".wav", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf", ".w64")
SUFFIXES += (".rf64", ".wave", ".sph", ".nist")
_BLOCK = 2**18
# Samples that an encoder of MP3 may count before or after those of the sound.
_MP3_FRAMES = 2 * 1152
_MP3_RUN_UP = 64 * 1152


class Recording(NamedTuple):
    """Amount of sound in a file."""

    n_samples: int
    sampling_rate_hz: int
    n_channels: int


def read_audio(
    path: str | os.PathLike, start_seconds: float = 0.0, max_seconds: float | None = None
) -> tuple[np.ndarray, int]:
    """Read a WAV, FLAC, MP3, Ogg, AIFF or other file that libsndfile knows, or a part of it.

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
        Values from -1 to 1; float files and lossy codes may exceed that.
    sampling_rate_hz : int

    Raises
    ------
    FileNotFoundError
        If the file does not exist.
    ValueError
        If the file is empty, damaged or of another kind.
    ValueError
        If its header promises more samples than it holds.
    ValueError
        If a sample is NaN or infinite.
    ValueError
        If `start_seconds` is after the end.
    ValueError
        If a member of an archive unpacks to more than 512 MiB.

    Warns
    -----
    UserWarning
        If an MP3 or Ogg file ends early; what is there is read.

    Notes
    -----
    The kind of file is found from the content, by libsndfile. No other program is started. A WAV file whose size was
    never written is read to its end. So are the writers to a pipe, and a recorder that was switched off. A part of an Ogg
    Vorbis file is decoded from the start of the file: convert long recordings to FLAC.

    libsndfile shortens a cut WAV, AIFF, AU, W64 or RF64 file, and packs samples in larger blocks wrongly, without a
    word; both are rejected. The samples of a whole FLAC file are compared with their MD5.

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
    with opened_decoder(path) as (decoder, head):
        rate_hz = decoder.samplerate
        first, n_samples = _part(decoder.frames, rate_hz, start_seconds, max_seconds, name)
        samples = _read_samples(decoder, head, first, n_samples, name)
    if not np.isfinite(samples).all():
        sample, channel = np.argwhere(~np.isfinite(samples))[0]
        raise ValueError(
            f"{name}: each sample must be a finite number, sample {first + sample} of channel {channel} is "
            f"{samples[sample, channel]}; cut it out or write 0."
        )
    return samples, rate_hz


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
    with opened_decoder(path) as (decoder, _):
        return Recording(decoder.frames, decoder.samplerate, decoder.channels)


def _read_samples(decoder, head, first, n_samples, name):
    """Return samples as float32 ``(n_samples, n_channels)``, block by block as a header may promise too many."""
    is_flac = decoder.format == "FLAC"
    # After a seek, libsndfile gives other samples near the end of a Vorbis stream, and silence in an MP3 file until the
    # frames are there that the next ones borrow bits from.
    skipped = min(first, {"VORBIS": first, "MPEG_LAYER_III": _MP3_RUN_UP}.get(decoder.subtype, 0))
    # Some codes of telephones cannot be sought in; they are read from the start.
    if decoder.seekable():
        decoder.seek(first - skipped)
    else:
        skipped = first
    blocks, left = [], skipped + n_samples
    while left and len(
        block := decoder.read(min(left, _BLOCK), dtype="int32" if is_flac else "float32", always_2d=True)
    ):
        blocks.append(block)
        left -= len(block)
    if left and (is_flac or not blocks):
        raise ValueError(f"{name}: the file must hold the samples of its header, {left} are missing; fetch it again.")
    if left > _MP3_FRAMES:
        warnings.warn(
            f"{name}: {left} samples of the header are not there; it may be cut: fetch it again.", stacklevel=3
        )
    samples = np.concatenate(blocks)[skipped:]
    if not is_flac:
        return samples
    if n_samples == decoder.frames and head[:4] == b"fLaC":
        _check_md5(samples, head, name)
    return samples.astype(np.float32) / np.float32(2**31)


def _check_md5(samples, head, name):
    """Raise if the samples have another MD5 than the encoder computed, over whole bytes, low ones first."""
    n_bits = (int.from_bytes(head[18:26], "big") >> 36 & 31) + 1
    whole = (samples >> (32 - n_bits)).astype("<i4").reshape(-1, 1).view(np.uint8)[:, : -(-n_bits // 8)]
    if any(head[26:42]) and hashlib.md5(np.ascontiguousarray(whole), usedforsecurity=False).digest() != head[26:42]:
        raise ValueError(f"{name}: the samples must have the MD5 of the header, they do not; fetch it again.")


def _part(n_there, rate_hz, start_seconds, max_seconds, name):
    """Return the first sample of the part and its number of samples."""
    is_long = max_seconds is None or (isinstance(max_seconds, Real) and 0 < max_seconds < math.inf)
    if not (isinstance(start_seconds, Real) and 0 <= start_seconds < math.inf and is_long):
        raise ValueError(
            f"start_seconds must be a number from 0 on and max_seconds one above 0, got {start_seconds!r} and "
            f"{max_seconds!r}."
        )
    first = round(start_seconds * rate_hz)
    if first >= n_there:
        raise ValueError(
            f"{name}: a part must start within the {n_there / rate_hz:.6g} s of the file, got {start_seconds} s."
        )
    left = n_there - first
    return first, left if max_seconds is None else min(left, max(1, math.ceil(max_seconds * rate_hz)))
