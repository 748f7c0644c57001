"""WAV files of PCM and IEEE float samples, decoded here; every count is checked against the bytes."""

import struct
from typing import BinaryIO, NamedTuple

import numpy as np

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_OTHERS = {2: "MS-ADPCM", 6: "A-law", 7: "mu-law", 0x11: "IMA-ADPCM", 0x31: "GSM", 0x50: "MPEG", 0x55: "MP3"}
_SAMPLES = {(_PCM, 8): "u1", (_PCM, 16): "<i2", (_PCM, 24): "u1", (_PCM, 32): "<i4", (_FLOAT, 32): "<f4"}
_SAMPLES |= {(_FLOAT, 64): "<f8"}
# End of the format's identifier in an extensible file.
_GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")
_MOST_CHUNKS = 1000
MOST_CHANNELS = 64
RATES_HZ = (100, 1_000_000)


class Samples(NamedTuple):
    """Form and place of the samples of a WAV file."""

    sampling_rate_hz: int
    n_channels: int
    n_samples: int
    kind: tuple
    start: int


def read_wav_header(file: BinaryIO, n_bytes: int, name: str) -> Samples:
    """Read and check the header of a WAV file.

    Parameters
    ----------
    file : binary file
    n_bytes : int
        Size of the file.
    name : str
        Name of the file, for messages.

    Returns
    -------
    Samples

    Raises
    ------
    ValueError
        If the samples are not PCM of 8, 16, 24 or 32 bits or IEEE float of 32 or 64.
    ValueError
        If there are two formats, or the samples are cut or missing.
    ValueError
        If the number of channels or the rate is not that of a recording.
    """
    fmt, place = None, 12
    for _ in range(_MOST_CHUNKS):
        file.seek(place)
        head = file.read(8)
        if len(head) < 8:
            break
        kind, size = struct.unpack("<4sI", head)
        if kind == b"fmt ":
            if fmt is not None:
                raise ValueError(f"{name}: a WAV file must have one format, got two; convert it anew.")
            fmt = _parse_format(file.read(min(size, 40)), name)
        elif kind == b"data":
            if fmt is None:
                raise ValueError(f"{name}: the format must come before the samples, it does not; convert it anew.")
            return _checked_samples(fmt, place + 8, size, n_bytes, name)
        place += 8 + size + size % 2
    raise ValueError(f"{name}: a WAV file must hold a chunk of samples, got none; it is cut or empty.")


def read_wav_samples(file: BinaryIO, samples: Samples, first: int, n_samples: int, name: str) -> np.ndarray:
    """Read samples as numbers from -1 to 1, float32 ``(n_samples, n_channels)``.

    Parameters
    ----------
    file : binary file
    samples : Samples
    first, n_samples : int
        First sample and their number.
    name : str
        Name of the file, for messages.

    Raises
    ------
    ValueError
        If the file ends before its samples.
    """
    code, n_bits = samples.kind
    n_bytes = n_bits // 8 * samples.n_channels
    file.seek(samples.start + first * n_bytes)
    data = file.read(n_samples * n_bytes)
    if len(data) < n_samples * n_bytes:
        raise ValueError(f"{name}: the file ends before its samples do; fetch it again.")
    values = np.frombuffer(data, _SAMPLES[samples.kind])
    if n_bits == 24:
        widened = np.zeros((len(values) // 3, 4), np.uint8)
        widened[:, 1:] = values.reshape(-1, 3)
        values, n_bits = widened.reshape(-1).view("<i4"), 32
    # Values beyond float32 become infinite and are rejected later.
    with np.errstate(over="ignore"):
        numbers = values.astype(np.float32)
    if n_bits == 8:
        numbers -= 128
    if code == _PCM:
        numbers /= np.float32(2 ** (n_bits - 1))
    return numbers.reshape(-1, samples.n_channels)


def check_form(n_channels: int, sampling_rate_hz: int, name: str) -> None:
    """Raise if the number of channels or the rate is not that of a recording."""
    if not 1 <= n_channels <= MOST_CHANNELS:
        raise ValueError(f"{name}: a recording must have 1 to {MOST_CHANNELS} channels, got {n_channels}.")
    if not RATES_HZ[0] <= sampling_rate_hz <= RATES_HZ[1]:
        raise ValueError(
            f"{name}: a sampling rate must be from {RATES_HZ[0]} to {RATES_HZ[1]} Hz, got {sampling_rate_hz}."
        )


def _parse_format(data, name):
    """Return code, channels, rate and bits of a sample."""
    if len(data) < 16:
        raise ValueError(f"{name}: the format of the samples must have 16 bytes, got {len(data)}; the file is cut.")
    code, n_channels, rate_hz, _, n_bytes, n_bits = struct.unpack("<HHIIHH", data[:16])
    if code == _EXTENSIBLE:
        if len(data) < 40 or data[26:40] != _GUID_TAIL:
            raise ValueError(f"{name}: an extensible WAV file must name PCM or IEEE float, it does not; convert it.")
        code = int.from_bytes(data[24:26], "little")
    if code not in (_PCM, _FLOAT):
        what = _OTHERS.get(code, f"code {code:#x}")
        raise ValueError(f"{name}: the samples must be PCM or IEEE float, got {what}; convert it to PCM of 16 bits.")
    if (code, n_bits) not in _SAMPLES or n_bytes != n_channels * n_bits // 8:
        raise ValueError(
            f"{name}: a sample must be PCM of 8, 16, 24 or 32 bits or IEEE float of 32 or 64. Got {n_channels} of "
            f"{n_bits} bits in {n_bytes} bytes; convert it to PCM of 16 bits."
        )
    check_form(n_channels, rate_hz, name)
    return code, n_channels, rate_hz, n_bits


def _checked_samples(fmt, start, size, n_bytes, name):
    code, n_channels, rate_hz, n_bits = fmt
    there = n_bytes - start
    if size > there:
        raise ValueError(
            f"{name}: the file must hold the {size} bytes of samples of its header, it holds {there}; it is cut: fetch or "
            "convert it again."
        )
    n_samples, rest = divmod(size, n_channels * n_bits // 8)
    if rest or not n_samples:
        what = "a last one that is cut" if rest else "none"
        raise ValueError(f"{name}: a recording must hold whole samples, got {what}.")
    return Samples(rate_hz, n_channels, n_samples, (code, n_bits), start)
