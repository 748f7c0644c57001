"""Decoder of a recording by libsndfile, with checks of what it takes in silence and repairs of headers in memory."""

import io
import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from seqconv.domains.files import opened

MOST_CHANNELS = 64
RATES_HZ = (100, 1_000_000)
_FOREIGN = {
    b"ftyp": "an MPEG-4 file (M4A, AAC)",
    b"&\xb2u\x8e": "a WMA file",
    b"\x1aE\xdf\xa3": "a Matroska or WebM file",
}
_FOREIGN |= {b"#!AM": "an AMR file", b"wvpk": "a WavPack file", b"PK\x03\x04": "a zip archive; name a member of it"}
# Bytes of a sample that libsndfile takes, whatever the header says of a block.
_SAMPLE_BYTES = {"PCM_U8": 1, "PCM_16": 2, "PCM_24": 3, "PCM_32": 4, "FLOAT": 4, "DOUBLE": 8}
# Size that a writer to a pipe puts where it cannot know it: 0xFFFFFFFF, 0x7FFFF000, 0x80000000.
_UNWRITTEN = 0x7FFF0000


@contextmanager
def opened_decoder(path: str | os.PathLike) -> Iterator[tuple[Any, bytes]]:
    """Open a recording for libsndfile, checked for what it takes in silence.

    Parameters
    ----------
    path : str or path
        A file, or a member of a zip archive.

    Yields
    ------
    decoder : soundfile.SoundFile
    head : bytes
        First 42 bytes of the recording.

    Raises
    ------
    FileNotFoundError
        If the file does not exist.
    ValueError
        If the file is empty, cut, damaged or of another kind.
    """
    import soundfile

    name = str(path)
    with opened(path) as (file, n_bytes):
        if not n_bytes:
            raise ValueError(f"{name}: a recording is required, got an empty file.")
        # By the name alone, soundfile takes a .raw file for one without a header.
        file = io.BytesIO(file.read()) if name.lower().endswith(".raw") else _without_tag(file)
        head = file.read(42)
        try:
            with _sound_file(file, head) as decoder:
                _check_form(decoder, name)
                if decoder.format == "OGG" and not _is_closed(file):
                    seconds = decoder.frames / decoder.samplerate
                    warnings.warn(
                        f"{name}: the Ogg file ends early, {seconds:.4g} s are read; fetch it again.", stacklevel=5
                    )
                yield decoder, head
        except soundfile.LibsndfileError as error:
            what = next((what for sign, what in _FOREIGN.items() if sign in (head[:4], head[4:8])), None)
            if what is None:
                said = error.error_string.rstrip(".")
                raise ValueError(
                    f"{name}: the file is cut, damaged or no sound ({said}); fetch or convert it again."
                ) from error
            raise ValueError(
                f"{name}: a recording must be of a kind that libsndfile reads, got {what}; convert it to FLAC."
            ) from error


def _sound_file(file, head):
    """Open SD2 and MP3 by their paths: the header of SD2 is in a file beside it, and MP3 from an object fails at random."""
    import soundfile

    file.seek(0)
    is_mpeg = head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] >= b"\xe0")
    name = getattr(file, "name", None)
    is_file = isinstance(name, str) and os.path.isfile(name)
    # By any other path, libsndfile would guess a kind from the name.
    if is_file and (is_mpeg or name.lower().endswith(".sd2")):
        return soundfile.SoundFile(name)
    if is_mpeg:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            copy = os.path.join(folder, "copy.mp3")
            with open(copy, "wb") as written:
                shutil.copyfileobj(file, written)
            # The decoder reads from the open file after the folder is gone.
            return soundfile.SoundFile(copy)
    decoder = soundfile.SoundFile(file)
    if decoder.frames or head[:4] != b"RIFF":
        return decoder
    decoder.close()
    file.seek(0)
    return soundfile.SoundFile(io.BytesIO(_sized(file.read())))


def _without_tag(file: BinaryIO) -> BinaryIO:
    """Return the file without an ID3 tag before WAV or FLAC, by whose length libsndfile shortens a WAV file."""
    tag = file.read(10)
    if tag[:3] == b"ID3" and len(tag) == 10:
        file.seek(10 + sum(byte << 7 * (3 - i) for i, byte in enumerate(tag[6:])))
        if (start := file.read(4)) in (b"RIFF", b"fLaC"):
            return io.BytesIO(start + file.read())
    file.seek(0)
    return file


def _sized(data: bytes) -> bytes:
    """Return a WAV file with the size of its samples written, if it is 0 and samples follow."""
    place = 12
    while place + 8 <= len(data):
        size = int.from_bytes(data[place + 4 : place + 8], "little")
        if data[place : place + 4] == b"data" and not size:
            rest = data[place + 8 :]
            # Another chunk after it: the recording is empty.
            is_chunk = (
                re.match(rb"[A-Za-z][A-Za-z0-9 ]{3}", rest) and int.from_bytes(rest[4:8], "little") <= len(rest) - 8
            )
            return data if is_chunk else data[: place + 4] + len(rest).to_bytes(4, "little") + rest
        place += 8 + size + size % 2
    return data


def _check_form(decoder, name):
    """Raise if the recording is empty, cut or of an unlikely form, by the numbers and the log of libsndfile."""
    if not 1 <= decoder.channels <= MOST_CHANNELS:
        raise ValueError(f"{name}: a recording must have 1 to {MOST_CHANNELS} channels, got {decoder.channels}.")
    if not RATES_HZ[0] <= decoder.samplerate <= RATES_HZ[1]:
        raise ValueError(
            f"{name}: a sampling rate must be from {RATES_HZ[0]} to {RATES_HZ[1]} Hz, got {decoder.samplerate}."
        )
    log = decoder.extra_info
    block = re.search(r"Block Align +: (\d+)$", log, re.MULTILINE)
    n_bytes = _SAMPLE_BYTES.get(decoder.subtype, 0) * decoder.channels
    # Smaller blocks cannot be, so that the samples lie as libsndfile takes them.
    if block and n_bytes and int(block[1]) > n_bytes:
        raise ValueError(
            f"{name}: {decoder.channels} samples of {decoder.subtype} must take {n_bytes} bytes, got {block[1]}; convert "
            "it to PCM of 16 bits."
        )
    sizes = re.findall(r"^ *(?:data|SSND|riff|Riff size|Data Size) *: (\d+) \(should be (\d+)\)", log, re.MULTILINE)
    for said, there in sizes:
        if int(there) < int(said) < _UNWRITTEN:
            raise ValueError(
                f"{name}: the file must hold the {said} bytes of its header, it holds {there}; it is cut: fetch or "
                "convert it again."
            )
    if not 0 < decoder.frames < 2**62:
        what = "none" if decoder.frames <= 0 else "a header that does not say how many; convert it anew"
        raise ValueError(f"{name}: a recording must hold whole samples, got {what}.")


def _is_closed(file):
    """Return whether the last page of an Ogg file says that it is the last."""
    place = file.tell()
    file.seek(max(0, file.seek(0, os.SEEK_END) - 2**16 - 300))
    tail = file.read()
    file.seek(place)
    page = tail.rfind(b"OggS")
    return tail[page + 5 : page + 6] > b"" and bool(tail[page + 5] & 4)
