"""FLAC files: the header checked against the bytes before libsndfile decodes, the samples against their sum after."""

import hashlib
from typing import NamedTuple

import numpy as np

from seqconv.domains.audio.wav import check_form

# Honest files pack a sample into a byte or two, and digital silence into next to nothing: real clips that are filled up
# with zeros reach ten samples a byte, so a minute or two is free.
_SAMPLES_A_BYTE = 8
_FREE_SAMPLES = 2**20
_BLOCK = 2**18


class Stream(NamedTuple):
    """What the header of a FLAC file promises; `md5` of all samples, zeros where the writer left it out."""

    sampling_rate_hz: int
    n_channels: int
    n_samples: int
    n_bits: int
    md5: bytes


def read_flac_header(file, n_bytes, name):
    """What the header of a FLAC file promises.

    Parameters
    ----------
    file : binary file
    n_bytes : int
        Size of the file.
    name : str
        What the messages call it.

    Returns
    -------
    Stream

    Raises
    ------
    ValueError
        A header that is cut, does not say how many samples follow, or promises more than the file can hold.
    """
    file.seek(0)
    data = file.read(42)
    if len(data) < 42 or data[4] & 127 or int.from_bytes(data[5:8], "big") != 34:
        raise ValueError(
            f"{name}: a FLAC file must begin with its stream's form, it does not; it is cut: fetch it again."
        )
    packed = int.from_bytes(data[18:26], "big")
    stream = Stream(packed >> 44, (packed >> 41 & 7) + 1, packed & (1 << 36) - 1, (packed >> 36 & 31) + 1, data[26:42])
    check_form(stream.n_channels, stream.sampling_rate_hz, name)
    if not stream.n_samples:
        raise ValueError(f"{name}: the header must say how many samples follow, it says 0; convert it anew.")
    if stream.n_samples > _SAMPLES_A_BYTE * n_bytes + _FREE_SAMPLES:
        raise ValueError(
            f"{name}: {n_bytes} bytes of FLAC must hold at most {_SAMPLES_A_BYTE} samples a byte, the header promises "
            f"{stream.n_samples}; if it is mostly silence, convert it to WAV."
        )
    return stream


def read_flac_samples(file, stream, first, n_samples, name):
    """Samples as numbers from -1 to 1, float32 ``(n_samples, n_channels)``.

    Parameters
    ----------
    file : binary file
    stream : Stream
    first, n_samples : int
        Which of them. Where that is all, their sum is checked, too.
    name : str
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
            f"{name}: the header promises {stream.n_samples} samples, {left} are not there; fetch it again."
        )
    values = np.concatenate(blocks)
    if n_samples == stream.n_samples and any(stream.md5) and _md5(values, stream.n_bits) != stream.md5:
        raise ValueError(f"{name}: the samples must have the sum that the header tells, they do not; fetch it again.")
    return values.astype(np.float32) / np.float32(2**31)


def _md5(values, n_bits):
    """The sum of the samples as the encoder took it: whole bytes, low ones first."""
    n_bytes = -(-n_bits // 8)
    whole = (values >> (32 - n_bits)).astype("<i4").reshape(-1, 1).view(np.uint8)[:, :n_bytes]
    return hashlib.md5(np.ascontiguousarray(whole), usedforsecurity=False).digest()
