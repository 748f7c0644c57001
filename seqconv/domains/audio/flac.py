"""FLAC files: the header is checked against the bytes before libsndfile decodes them, the samples against their MD5 after."""

import hashlib
from typing import BinaryIO, NamedTuple

import numpy as np

from seqconv.domains.audio.wav import check_form

# Real files pack a sample into a byte or two, and digital silence into almost nothing. Clips filled up with zeros reach
# ten samples a byte, so a minute or two is free.
_SAMPLES_A_BYTE = 8
_FREE_SAMPLES = 2**20
_BLOCK = 2**18


class Stream(NamedTuple):
    """Values in the header of a FLAC file; `md5` is of all samples, zeros if the writer left it out."""

    sampling_rate_hz: int
    n_channels: int
    n_samples: int
    n_bits: int
    md5: bytes


def read_flac_header(file: BinaryIO, n_bytes: int, name: str) -> Stream:
    """Read and check the header of a FLAC file.

    Parameters
    ----------
    file : binary file
    n_bytes : int
        Size of the file.
    name : str
        Name of the file, for messages.

    Returns
    -------
    Stream

    Raises
    ------
    ValueError
        If the header is cut, or does not say how many samples follow.
    ValueError
        If the header says more samples than the file can hold.
    """
    file.seek(0)
    data = file.read(42)
    if len(data) < 42 or data[4] & 127 or int.from_bytes(data[5:8], "big") != 34:
        raise ValueError(f"{name}: a FLAC file must begin with the header of its stream, it does not; fetch it again.")
    packed = int.from_bytes(data[18:26], "big")
    stream = Stream(packed >> 44, (packed >> 41 & 7) + 1, packed & (1 << 36) - 1, (packed >> 36 & 31) + 1, data[26:42])
    check_form(stream.n_channels, stream.sampling_rate_hz, name)
    if not stream.n_samples:
        raise ValueError(f"{name}: the header must say how many samples follow, got 0; convert it anew.")
    if stream.n_samples > _SAMPLES_A_BYTE * n_bytes + _FREE_SAMPLES:
        raise ValueError(
            f"{name}: {n_bytes} bytes of FLAC must hold at most {_SAMPLES_A_BYTE} samples a byte, the header says "
            f"{stream.n_samples}; if it is mostly silence, convert it to WAV."
        )
    return stream


def read_flac_samples(file: BinaryIO, stream: Stream, first: int, n_samples: int, name: str) -> np.ndarray:
    """Read samples as numbers from -1 to 1, float32 ``(n_samples, n_channels)``.

    Parameters
    ----------
    file : binary file
    stream : Stream
    first, n_samples : int
        First sample and their number. If these are all samples, their MD5 is checked.
    name : str
        Name of the file, for messages.

    Raises
    ------
    ValueError
        If the file is damaged or cut.
    """
    import soundfile

    file.seek(0)
    blocks, left = [], n_samples
    try:
        with soundfile.SoundFile(file) as decoder:
            decoder.seek(first)
            while left and len(block := decoder.read(min(left, _BLOCK), dtype="int32", always_2d=True)):
                blocks.append(block)
                left -= len(block)
    except soundfile.LibsndfileError as error:
        raise ValueError(f"{name}: the FLAC file is damaged or cut ({error}); fetch it again.") from error
    if left:
        raise ValueError(
            f"{name}: the file must hold the {stream.n_samples} samples of its header, {left} are missing; fetch it again."
        )
    values = np.concatenate(blocks)
    if n_samples == stream.n_samples and any(stream.md5) and _md5(values, stream.n_bits) != stream.md5:
        raise ValueError(f"{name}: the samples must have the MD5 of the header, they do not; fetch it again.")
    return values.astype(np.float32) / np.float32(2**31)


def _md5(values, n_bits):
    """Return the MD5 of the samples as the encoder computed it, over whole bytes, low ones first."""
    n_bytes = -(-n_bits // 8)
    whole = (values >> (32 - n_bits)).astype("<i4").reshape(-1, 1).view(np.uint8)[:, :n_bytes]
    return hashlib.md5(np.ascontiguousarray(whole), usedforsecurity=False).digest()
