"""Recordings are read as libsndfile reads them; what it would take in silence is mended or refused by name."""

import io
import os
import struct
import subprocess
import sys
import threading
import tracemalloc
import warnings
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import soundfile

from seqconv.domains import files
from seqconv.domains.audio.reading import measure_audio, read_audio
from seqconv.domains.files import find_archive, is_there, opened

GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")


def encoded(samples, rate_hz=8000, **how):
    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, **{"format": "WAV", "subtype": "PCM_16"} | how)
    return file.getvalue()


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def fmt(code=1, channels=1, rate_hz=8000, bits=16, block=None, more=b""):
    block = channels * bits // 8 if block is None else block
    return chunk(b"fmt ", struct.pack("<HHIIHH", code, channels, rate_hz, 0, block, bits) + more)


def wav(*chunks):
    data = b"".join(chunks)
    return b"RIFF" + struct.pack("<I", 4 + len(data)) + b"WAVE" + data


@pytest.fixture
def put(tmp_path):
    def put(data, name="clip.wav"):
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return put


@pytest.fixture
def noise(rng):
    return rng.uniform(-1, 1, (1001, 2)).astype(np.float32)


# What is read


@pytest.mark.parametrize("n_channels", [1, 2, 6])
@pytest.mark.parametrize(
    ("form", "subtype"),
    [
        *[("WAV", subtype) for subtype in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")],
        *[("WAVEX", subtype) for subtype in ("PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")],
        *[("FLAC", subtype) for subtype in ("PCM_S8", "PCM_16", "PCM_24")],
    ],
)
def test_samples_are_those_of_an_independent_reader(put, rng, form, subtype, n_channels):
    for n_samples in (1, 2, 1000):
        samples = np.concatenate([rng.uniform(-1, 1, (n_samples - 1, n_channels)), -np.ones((1, n_channels))])
        path = put(encoded(samples, 44_100, format=form, subtype=subtype))
        expected, _ = soundfile.read(path, dtype="float32", always_2d=True)
        found, rate_hz = read_audio(path)
        np.testing.assert_array_equal(found, expected)
        assert rate_hz == 44_100 and found.dtype == np.float32 and found.flags.writeable
        assert measure_audio(path) == (n_samples, 44_100, n_channels)


@pytest.mark.parametrize("form", ["WAV", "FLAC"])
def test_a_part_is_cut_out_of_the_whole(put, noise, form):
    path = put(encoded(noise, 1000, format=form))
    whole = read_audio(path)[0]
    for start, length, first, last in [
        (0, 0.25, 0, 250),
        (0.5, None, 500, 1001),
        (1.0, 9, 1000, 1001),
        (0.1, 0.0001, 100, 101),
    ]:
        np.testing.assert_array_equal(read_audio(path, start, length)[0], whole[first:last])
    with pytest.raises(ValueError, match="clip.wav: a part must start within the 1.001 s of the file, got 2 s"):
        read_audio(path, 2)
    for wrong in [(-1, None), (0, 0), (0, float("inf")), (float("nan"), 1), ("0", 1)]:
        with pytest.raises(ValueError, match="start_seconds must be a number from 0 on"):
            read_audio(path, *wrong)


def test_chunks_of_other_things_are_passed_over(put):
    samples = chunk(b"data", struct.pack("<3h", 1, 2, -32768))
    data = wav(chunk(b"LIST", b"odd"), fmt(), chunk(b"fact", b"1234"), samples, chunk(b"cue ", b"after"))
    assert read_audio(put(data))[0][:, 0].tolist() == [1 / 32768, 2 / 32768, -1]


def test_the_content_tells_the_kind_and_never_the_name(put, noise):
    for form in ("WAV", "FLAC"):
        data = encoded(noise, format=form)
        for name in ("a.wav", "a.flac", "a.mp3", "a.RAW", "a"):
            assert len(read_audio(put(data, name))[0]) == 1001


def test_a_minute_of_digital_silence_in_flac_is_read(put):
    path = put(encoded(np.zeros(60 * 16_000), 16_000, format="FLAC"))
    assert path.stat().st_size < 20_000
    assert not read_audio(path)[0].any()


# What is refused

SAMPLES = chunk(b"data", b"\0" * 8)
ADPCM = struct.pack("<HH", 2, 505)
ID3 = b"ID3\4\0\0\0\0\0\x0a" + b"\0" * 10
REFUSED = {
    "empty": (b"", "got an empty file"),
    "text": (b"hello, this is no sound", "no sound .*; fetch or convert it again"),
    "mp3 without sound": (b"ID3\x04" + b"\0" * 90, "no sound"),
    "ogg without sound": (b"OggS" + b"\0" * 90, "no sound"),
    "aiff without sound": (b"FORM" + b"\0" * 90, "no sound"),
    "m4a": (b"\0\0\0\x20ftypM4A \0\0\0\0", "got an MPEG-4 file .M4A, AAC.; convert it to FLAC"),
    "wma": (b"0&\xb2u"[1:] + b"\x8e" + b"\0" * 50, "got a WMA file; convert"),
    "webm": (b"\x1aE\xdf\xa3" + b"\0" * 50, "got a Matroska or WebM file"),
    "zip": (b"PK\x03\x04" + b"\0" * 50, "name a member of it"),
    "riff of another kind": (b"RIFF\x10\0\0\0AVI " + b"\0" * 20, "no sound"),
    "MS-ADPCM without its table": (wav(fmt(2, bits=4, block=256, more=ADPCM), SAMPLES), "Malformed"),
    "unknown code": (wav(fmt(0x1234), SAMPLES), "Malformed"),
    "extensible of another family": (
        wav(fmt(0xFFFE, more=struct.pack("<HHIH", 22, 16, 0, 1) + b"x" * 14), SAMPLES),
        "unimplemented format",
    ),
    "extensible cut": (wav(fmt(0xFFFE), SAMPLES), "unimplemented format"),
    "a second format behind the first": (wav(fmt(), fmt(0x11, bits=4, block=256), SAMPLES), "no sound"),
    "no format": (wav(SAMPLES), "no sound"),
    "short format": (wav(chunk(b"fmt ", b"\1\0\1\0"), SAMPLES), "Short 'fmt ' chunk"),
    "no samples": (wav(fmt()), "No 'data' chunk"),
    "zero samples": (wav(fmt(), chunk(b"data", b"")), "whole samples, got none"),
    "zero samples and a list": (wav(fmt(), chunk(b"data", b""), chunk(b"LIST", b"INFO")), "whole samples, got none"),
    "cut samples": (wav(fmt(), SAMPLES)[:-3], "the 8 bytes of its header, it holds 5"),
    "more promised than there is": (
        wav(fmt()) + b"data" + struct.pack("<I", 2**30) + b"\0" * 100,
        "the 1073741824 bytes of its header, it holds 100",
    ),
    "another block": (wav(fmt(block=3), SAMPLES), "samples of PCM_16 must take 2 bytes, got 3; convert"),
    "24 bits in 32": (wav(fmt(bits=24, block=4), SAMPLES), "samples of PCM_24 must take 3 bytes, got 4; convert"),
    "floats in larger blocks": (wav(fmt(3, bits=32, block=8), SAMPLES), "samples of FLOAT must take 4 bytes, got 8"),
    "float of 16 bits": (wav(fmt(3), SAMPLES), "no sound"),
    "no channels": (wav(fmt(channels=0), SAMPLES), "Channel count is zero"),
    "too many channels": (wav(fmt(channels=100, bits=8), chunk(b"data", bytes(200))), "1 to 64 channels, got 100"),
    "rate 0": (wav(fmt(rate_hz=0), SAMPLES), "no sound"),
    "a rate below all": (wav(fmt(rate_hz=99), SAMPLES), "from 100 to 1000000 Hz, got 99"),
    "rate beyond all": (wav(fmt(rate_hz=2**32 - 1, block=2), SAMPLES), "no sound"),
    "NaN": (
        wav(fmt(3, channels=2, bits=32), chunk(b"data", struct.pack("<4f", 0, 0, 0, np.nan))),
        "sample 1 of channel 1 is nan; cut it out or write 0",
    ),
    "infinite": (wav(fmt(3, bits=32), chunk(b"data", struct.pack("<2f", 0, -np.inf))), "sample 1 of channel 0 is -inf"),
    "beyond float32": (wav(fmt(3, bits=64), chunk(b"data", struct.pack("<d", 1e300))), "sample 0 of channel 0 is inf"),
}


@pytest.mark.parametrize(("data", "message"), REFUSED.values(), ids=REFUSED)
def test_a_bad_file_is_refused_by_name(put, data, message):
    with pytest.raises(ValueError, match=message) as error:
        read_audio(put(data))
    assert str(error.value).startswith(str(put(data))) and str(error.value).endswith(".")


@pytest.mark.parametrize("form", ["AIFF", "AU", "W64", "RF64", "CAF"])
def test_other_files_that_libsndfile_would_shorten_are_refused(put, noise, form):
    data = encoded(noise, format=form)
    assert len(read_audio(put(data))[0]) == 1001
    for size in (len(data) // 2, len(data) - 40):
        with pytest.raises(ValueError, match="clip.wav.* cut"):
            read_audio(put(data[:size]))


# What libsndfile reads beyond WAV and FLAC


@pytest.mark.parametrize(
    ("form", "subtype"),
    [
        *[
            ("AIFF", "PCM_16"),
            ("AU", "PCM_16"),
            ("CAF", "PCM_24"),
            ("W64", "FLOAT"),
            ("RF64", "PCM_16"),
            ("NIST", "PCM_16"),
        ],
        *[("WAV", "ULAW"), ("WAV", "ALAW"), ("WAV", "IMA_ADPCM"), ("WAV", "MS_ADPCM"), ("AIFF", "ULAW")],
        *[("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", "MPEG_LAYER_III")],
    ],
)
def test_other_kinds_and_codes_are_read_whole_and_in_parts(put, form, subtype):
    tone = 0.3 * np.sin(np.arange(40_000) / 9)
    path = put(encoded(tone, 16_000, format=form, subtype=subtype))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        whole, rate_hz = read_audio(path)
    expected, _ = soundfile.read(path, dtype="float32", always_2d=True)
    np.testing.assert_array_equal(whole, expected)
    assert rate_hz == 16_000 and len(whole) == measure_audio(path).n_samples >= 40_000
    assert np.corrcoef(whole[:40_000, 0], tone)[0, 1] > 0.98
    # A plain seek gives silence in this MP3 file, and other samples near the end of an Ogg Vorbis file.
    for first in (800, 20_000, 36_000):
        np.testing.assert_allclose(read_audio(path, first / 16_000, 0.05)[0], whole[first : first + 800], atol=1e-6)


@pytest.mark.parametrize("form", sorted({*soundfile.available_formats()} - {"RAW"}))
def test_every_form_that_soundfile_writes_is_read_as_it_reads_it(tmp_path, form):
    """Telephone codes cannot be sought in, and the header of SD2 is in a file beside it."""
    tone = 0.3 * np.sin(np.arange(2000) / 9)
    n_read = 0
    for subtype in soundfile.available_subtypes(form):
        path = tmp_path / f"{subtype}.{form.lower()}"
        try:
            soundfile.write(path, tone, 8000, subtype, format=form)
            expected, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        # A combination that soundfile lists and cannot write, or cannot read again.
        except soundfile.LibsndfileError:
            continue
        np.testing.assert_array_equal(read_audio(path)[0], expected)
        np.testing.assert_allclose(read_audio(path, 1000 / rate_hz)[0], expected[1000:], atol=1e-6)
        n_read += 1
    assert n_read


@pytest.mark.parametrize(("form", "first"), [("MP3", 200_000), ("OGG", 380_000)])
def test_a_part_is_right_where_a_plain_seek_is_wrong(put, form, first):
    path = put(encoded(0.3 * np.sin(np.arange(400_000) / 9), 16_000, format=form, subtype=None))
    whole = read_audio(path)[0]
    with soundfile.SoundFile(path) as decoder:
        decoder.seek(first)
        assert np.abs(decoder.read(800) - whole[first : first + 800, 0]).max() > 0.1
    np.testing.assert_allclose(read_audio(path, first / 16_000, 0.05)[0], whole[first : first + 800], atol=1e-6)


@pytest.mark.parametrize("form", ["WAV", "FLAC", "MP3"])
def test_an_id3_tag_in_front_takes_no_sample(put, form):
    data = encoded(0.3 * np.sin(np.arange(8000) / 9), 16_000, format=form, subtype=None)
    np.testing.assert_array_equal(read_audio(put(ID3 + data))[0], read_audio(put(data))[0])


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFF000, 0x80000000, "odd"])
@pytest.mark.parametrize("before", [b"", chunk(b"LIST", b"INFOISFT\4\0\0\0Lavf")], ids=["plain", "after a list"])
def test_a_wav_whose_size_was_never_written_is_read_to_its_end(put, size, before):
    samples = np.arange(-800, 800, dtype="<i2")
    data = samples.tobytes() + (b"\1" if size == "odd" else b"")
    written = len(data) if size == "odd" else size
    head = b"RIFF\xff\xff\xff\xffWAVE" + fmt() + before + b"data" + struct.pack("<I", written)
    found, _ = read_audio(put(head + data))
    np.testing.assert_array_equal(found[:, 0], samples / np.float32(32768))
    assert measure_audio(put(head + data)).n_samples == 1600


def test_an_unclosed_wav_that_begins_with_silence_or_is_in_an_archive_is_read(put, tmp_path):
    data = b"RIFF\0\0\0\0WAVE" + fmt(channels=2) + b"data\0\0\0\0" + bytes(4000) + struct.pack("<2h", 1, 2)
    assert read_audio(put(data))[0].shape == (1001, 2)
    with zipfile.ZipFile(tmp_path / "clips.zip", "w") as archive:
        archive.writestr("clip.wav", data)
    assert read_audio(tmp_path / "clips.zip" / "clip.wav")[0][-1].tolist() == [1 / 32768, 2 / 32768]


def test_odd_sizes_and_bits_that_libsndfile_understands_are_read(put):
    many = wav(*[chunk(b"LIST", b"")] * 2000, fmt(), SAMPLES)
    for data, n_samples in (
        (many, 4),
        (wav(fmt(bits=12, block=2), SAMPLES), 4),
        (wav(fmt(block=0), SAMPLES), 4),
        (wav(fmt(channels=2, block=2), SAMPLES), 2),
    ):
        assert len(read_audio(put(data))[0]) == n_samples


@pytest.mark.parametrize("form", ["MP3", "OGG"])
def test_a_lossy_file_that_ends_early_is_read_with_a_warning(put, rng, form):
    data = encoded(rng.uniform(-0.3, 0.3, 40_000), 16_000, format=form, subtype=None)
    with pytest.warns(UserWarning, match="clip.wav: .*fetch it again"):
        assert 10_000 < len(read_audio(put(data[: len(data) * 3 // 4]))[0]) < 35_000


def test_the_error_of_a_part_counts_the_samples_of_the_whole(put):
    path = put(wav(fmt(3, rate_hz=100, bits=32), chunk(b"data", struct.pack("<4f", 0, 0, 0, np.nan))))
    with pytest.raises(ValueError, match="sample 3 of channel 0"):
        read_audio(path, 0.02)


def flac_with(data, **fields):
    """The file with other numbers in its header: total, rate_hz."""
    packed = int.from_bytes(data[18:26], "big")
    total = fields.get("total", packed & (1 << 36) - 1)
    rate_hz = fields.get("rate_hz", packed >> 44)
    packed = rate_hz << 44 | (packed >> 36 & 0xFF) << 36 | total
    return data[:18] + packed.to_bytes(8, "big") + data[26:]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"total": 0}, "a header that does not say how many"),
        ({"total": 2**36 - 1}, "is cut, damaged"),
        ({"total": 1100}, "is cut, damaged"),
        ({"total": 500}, "must have the MD5 of the header"),
        ({"rate_hz": 0}, "is cut, damaged"),
    ],
)
def test_a_flac_header_that_lies_is_refused(put, noise, fields, message):
    with pytest.raises(ValueError, match=message) as error:
        read_audio(put(flac_with(encoded(noise, format="FLAC"), **fields)))
    assert "clip.wav" in str(error.value)


def test_a_promise_of_more_than_the_file_holds_takes_no_memory(put, noise):
    path = put(flac_with(encoded(noise, format="FLAC"), total=1_000_000))  # few enough to be believed at first
    tracemalloc.start()
    with pytest.raises(ValueError):
        read_audio(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 16 * 2**20


@pytest.mark.parametrize("form", ["WAV", "FLAC"])
def test_a_file_cut_anywhere_is_refused(put, noise, form):
    data = encoded(noise, format=form)
    for size in [*range(1, 60), *np.linspace(60, len(data) - 1, 40).astype(int)]:
        with pytest.raises(ValueError, match="clip.wav"):
            read_audio(put(data[:size]))


def test_a_flipped_bit_in_flac_is_never_heard(put, noise, rng):
    data = encoded(noise, format="FLAC")
    whole = read_audio(put(data))
    for place in rng.integers(len(data), size=200):
        damaged = bytearray(data)
        damaged[place] ^= 1 << rng.integers(8)
        try:
            samples = read_audio(put(bytes(damaged)))[0]
        except ValueError as error:
            assert "clip.wav" in str(error)
        else:  # the rate has no sum over it
            np.testing.assert_array_equal(samples, whole[0])


@pytest.mark.parametrize("form", ["WAV", "WAVEX", "FLAC"])
def test_mutants_are_read_or_refused_by_name(put, noise, rng, form):
    data = np.frombuffer(encoded(noise[:50], format=form), np.uint8)
    for _ in range(300):
        mutant = data.copy()
        mutant[rng.integers(min(len(data), 100), size=3)] = rng.integers(256, size=3)
        try:
            samples, _ = read_audio(put(mutant.tobytes()))
        except ValueError as error:
            assert "clip.wav" in str(error)
        else:
            assert np.isfinite(samples).all() and samples.ndim == 2


def test_no_other_decoder_and_no_program_is_started(put, noise):
    paths = [str(put(encoded(noise, format=form), f"a.{form}")) for form in ("WAV", "FLAC")] + [
        str(put(b"ID3 and more", "a.mp3"))
    ]
    code = (
        "import sys\nstarted = []\n"
        "sys.addaudithook(lambda event, _: started.append(event) if event in "
        "('subprocess.Popen', 'os.system', 'os.exec', 'os.posix_spawn', 'os.fork') else None)\n"
        "from seqconv.domains.audio.reading import read_audio\n"
        f"for path in {paths}:\n"
        "    try:\n        read_audio(path)\n"
        "    except ValueError as error:\n        print(error)\n"
        "print(started, {'audioread', 'librosa', 'ffmpeg'} & set(sys.modules))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert "no sound" in told and told.splitlines()[-1] == "[] set()"


def test_a_missing_file_is_missing(tmp_path):
    for path in (tmp_path / "no.wav", tmp_path / "no" / "no.wav", tmp_path / "no.zip" / "a.wav"):
        with pytest.raises(FileNotFoundError):
            read_audio(path)
        assert not is_there(path)


# Members of zip archives


@pytest.fixture
def archive(tmp_path, noise):
    path = tmp_path / "clips.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for number in range(4):
            written.writestr(f"dogs/{number}.wav", encoded(noise[number * 100 :]))
        written.writestr("zeros.wav", bytes(2**25))
    return path


def test_a_member_is_read_as_a_file_is(archive, put, noise):
    for path in (archive / "dogs" / "1.wav", f"{archive}/dogs/1.wav"):
        np.testing.assert_array_equal(read_audio(path)[0], read_audio(put(encoded(noise[100:])))[0])
        assert is_there(path) and find_archive(path) == (archive, "dogs/1.wav")
    assert measure_audio(archive / "dogs" / "3.wav").n_samples == 701
    assert find_archive(put(b"x")) is None and find_archive("relative.wav") is None


@pytest.mark.parametrize(("form", "name"), [("MP3", "a.mp3"), ("MP3", "a.wav"), ("OGG", "a.ogg"), ("AU", "a.raw")])
def test_other_kinds_are_read_from_an_archive_too(put, form, name):
    data = encoded(0.3 * np.sin(np.arange(20_000) / 9), 16_000, format=form, subtype=None)
    path = put(data, name)
    with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
        archive.writestr(name, data)
    np.testing.assert_array_equal(read_audio(path.with_suffix(".zip") / name)[0], read_audio(path)[0])


def test_members_are_read_by_many_threads_at_once(archive):
    paths = [archive / "dogs" / f"{number % 4}.wav" for number in range(200)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda path: read_audio(path)[0], paths))
    for path, samples in zip(paths, found, strict=True):
        np.testing.assert_array_equal(samples, read_audio(path)[0])


def test_an_archive_written_anew_is_read_anew(archive, noise):
    assert len(read_audio(archive / "dogs" / "0.wav")[0]) == 1001
    with zipfile.ZipFile(archive, "w") as written:
        written.writestr("dogs/0.wav", encoded(noise[:7]))
    assert len(read_audio(archive / "dogs" / "0.wav")[0]) == 7 and not is_there(archive / "dogs" / "1.wav")


def test_bad_archives_and_members_are_refused(archive, put):
    with pytest.raises(FileNotFoundError, match="clips.zip must hold cats/0.wav, it does not"):
        read_audio(archive / "cats" / "0.wav")
    with pytest.raises(ValueError, match="zeros.wav must not unpack to more than 100 times its size"):
        read_audio(archive / "zeros.wav")
    with pytest.raises(ValueError, match="x.zip must be a zip archive that can be read"):
        read_audio(put(b"no zip", "x.zip") / "a.wav")
    data = archive.read_bytes()
    with zipfile.ZipFile(archive) as read:
        place = read.getinfo("dogs/2.wav").header_offset
    broken = bytearray(data)
    broken[place + 200] ^= 255
    with pytest.raises(ValueError, match="broken.zip: dogs/2.wav cannot be unpacked .*; fetch the archive again"):
        read_audio(put(bytes(broken), "broken.zip") / "dogs" / "2.wav")
    locked = bytearray(data)
    locked[place + 6] |= 1
    locked[data.rindex(b"dogs/2.wav") - 38] |= 1
    with pytest.raises(ValueError, match="locked.zip: dogs/2.wav cannot be unpacked .*encrypted"):
        read_audio(put(bytes(locked), "locked.zip") / "dogs" / "2.wav")


@pytest.fixture
def long_archive(tmp_path, rng):
    """Three recordings of more than 1 MiB each in one archive, and a small one."""
    path = tmp_path / "long.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for number in range(3):
            written.writestr(f"{number}.wav", encoded(rng.uniform(-1, 1, 600_000)))
        written.writestr("small.wav", encoded(rng.uniform(-1, 1, 1000)))
    return path


@pytest.fixture
def unpacked(monkeypatch):
    """The members unpacked, in order, from nothing kept on."""
    names, real = [], files._unpack
    monkeypatch.setattr(files, "_unpack", lambda source, info: names.append(info.filename) or real(source, info))
    monkeypatch.setattr(files, "_kept", {})
    return names


def test_the_parts_of_a_long_recording_unpack_it_once_whatever_the_threads(long_archive, unpacked):
    with zipfile.ZipFile(long_archive) as read:
        expected, _ = soundfile.read(io.BytesIO(read.read("0.wav")), dtype="float32", always_2d=True)
    with ThreadPoolExecutor(8) as threads:
        parts = list(threads.map(lambda start: read_audio(long_archive / "0.wav", start, 1)[0], range(75)))
    np.testing.assert_array_equal(np.concatenate(parts), expected)
    assert unpacked == ["0.wav"]


def kept_bytes():
    """How much is kept of each member, the one read last at the end."""
    (kept,) = files._kept.values()
    return [len(member.data) for member in kept._members.values()]


def test_no_more_is_kept_than_fits_and_the_one_used_longest_ago_goes(long_archive, unpacked, monkeypatch):
    monkeypatch.setattr(files, "_KEPT_BYTES", 1_300_000)
    for name in (0, 1, 0, 2, 0, 1, "small", "small"):
        measure_audio(long_archive / f"{name}.wav")
    assert unpacked == ["0.wav", "1.wav", "2.wav", "1.wav", "small.wav", "small.wav"]
    assert len(kept_bytes()) == 2 and sum(kept_bytes()[:-1]) <= 1_300_000


def test_the_member_read_last_stays_however_long_and_goes_with_the_next(long_archive, unpacked, monkeypatch):
    monkeypatch.setattr(files, "_KEPT_BYTES", 1_000_000)
    for name in (0, 0, 1, 1, 0):
        measure_audio(long_archive / f"{name}.wav")
        assert kept_bytes() == [1_200_044]
    assert unpacked == ["0.wav", "1.wav", "0.wav"]


def test_a_kept_member_asked_for_again_makes_the_others_fit(long_archive, unpacked, monkeypatch):
    with zipfile.ZipFile(long_archive, "a") as written:
        written.writestr("longer.wav", encoded(np.zeros(700_000)))
    monkeypatch.setattr(files, "_KEPT_BYTES", 1_300_000)
    for name, n_kept in (("0", 1), ("longer", 2), ("0", 1), ("0", 1)):
        measure_audio(long_archive / f"{name}.wav")
        assert len(kept_bytes()) == n_kept
    assert unpacked == ["0.wav", "longer.wav"]


def test_128_mib_are_kept_as_the_documentation_says():
    assert files._KEPT_BYTES == 128 * 2**20 and "at most 128 MiB" in " ".join(opened.__doc__.split())


def test_threads_unpack_different_members_side_by_side(long_archive, monkeypatch):
    both, real = threading.Barrier(2), files._unpack

    def unpack(source, info):
        both.wait(timeout=20)  # breaks where one waits for the other
        return real(source, info)

    monkeypatch.setattr(files, "_unpack", unpack)
    monkeypatch.setattr(files, "_kept", {})
    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(lambda number: read_audio(long_archive / f"{number}.wav")[0], range(2)))
    with zipfile.ZipFile(long_archive) as read:
        for number, samples in enumerate(found):
            expected, _ = soundfile.read(io.BytesIO(read.read(f"{number}.wav")), dtype="float32", always_2d=True)
            np.testing.assert_array_equal(samples, expected)


def test_a_damaged_long_member_is_refused_each_time_and_by_each_thread(long_archive, unpacked):
    with zipfile.ZipFile(long_archive) as read:
        place = read.getinfo("1.wav").header_offset
    broken = bytearray(long_archive.read_bytes())
    broken[place + 5000] ^= 255
    long_archive.write_bytes(bytes(broken))

    def refused(_):
        with pytest.raises(ValueError, match="1.wav cannot be unpacked .*; fetch the archive again"):
            read_audio(long_archive / "1.wav")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(refused, range(4)))
    assert unpacked == ["1.wav"] * 4 and len(read_audio(long_archive / "0.wav", 70)[0]) == 40_000


def test_a_kept_recording_of_an_archive_written_anew_is_read_anew(long_archive, unpacked, rng):
    first = read_audio(long_archive / "0.wav", 70)[0]
    with zipfile.ZipFile(long_archive, "w") as written:
        written.writestr("0.wav", encoded(rng.uniform(-1, 1, 600_001)))
    assert len(read_audio(long_archive / "0.wav", 70)[0]) == len(first) + 1 and unpacked == ["0.wav"] * 2


def test_a_member_too_large_to_unpack_in_memory_is_refused(long_archive, monkeypatch):
    monkeypatch.setattr(files, "_MOST_BYTES", 2**20)
    with pytest.raises(ValueError, match="0.wav must not unpack to more than 1 MiB, it does to 2; unpack the archive"):
        read_audio(long_archive / "0.wav")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_does_not_move_the_place_in_the_archive(archive):
    code = (
        "import os\nfrom seqconv.domains.audio.reading import measure_audio\n"
        f"paths = [f'{archive}/dogs/{{number % 4}}.wav' for number in range(2000)]\n"
        "measure_audio(paths[0])\n"
        "child = os.fork()\n"
        "found = [measure_audio(path).n_samples for path in paths]\n"
        "status = os.waitpid(child, 0)[1] if child else 0\n"
        "assert status == 0 and found == [1001, 901, 801, 701] * 500"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)


# Real files


@pytest.mark.parametrize(
    ("archive", "n_samples"), [("fsdd/fsdd_recordings.zip", None), ("esc10/esc10_audio.zip", 80_000)]
)
def test_real_recordings_are_those_of_an_independent_reader(archive, n_samples):
    path = Path(os.environ.get("SEQCONV_DATA", ""), "audio", archive)
    if "SEQCONV_DATA" not in os.environ or not path.exists():
        pytest.skip(f"SEQCONV_DATA has no audio/{archive}")
    with zipfile.ZipFile(path) as read:
        for name in read.namelist()[::37]:
            expected, rate_hz = soundfile.read(io.BytesIO(read.read(name)), dtype="float32", always_2d=True)
            samples, found_hz = read_audio(path / name)
            np.testing.assert_array_equal(samples, expected)
            assert found_hz == rate_hz and n_samples in (None, len(samples))
