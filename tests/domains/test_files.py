"""Bytes of files and of members of zip archives; a damaged archive is rejected by name."""

import io
import struct
import zipfile

import pytest

from seqconv.domains.files import is_there, opened
from seqconv.domains.unpack import unpack


def zipped(name="dogs/rex.wav"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        written.writestr(name, b"hello")
    return bytearray(file.getvalue())


def of_a_later_version():
    data = zipped()
    data[data.index(b"PK\1\2") + 6] = 75
    return data


def with_a_name_not_in_utf8():
    data = zipped("dogs/réx.wav")  # its flag says UTF-8
    return data.replace("é".encode(), b"\xff\xfe")


def with_a_directory_before_the_file():
    data = zipped()
    end = data.index(b"PK\5\6")
    data[end + 12 : end + 16] = struct.pack("<I", 2**31)  # the size of the directory
    return data


BAD = {
    "a later version": (of_a_later_version(), "zip file version 7.5"),
    "a name not in UTF-8": (with_a_name_not_in_utf8(), "codec can't decode byte 0xff"),
    "a directory before the file": (with_a_directory_before_the_file(), ""),
    "cut": (zipped()[:-4], "not a zip file"),
}


def test_the_bytes_of_a_file(tmp_path):
    (tmp_path / "clip.wav").write_bytes(b"abc")
    with opened(tmp_path / "clip.wav") as (file, n_bytes):
        assert (file.read(), n_bytes) == (b"abc", 3)


@pytest.mark.parametrize(("data", "reason"), BAD.values(), ids=BAD)
def test_an_archive_that_cannot_be_read_is_rejected_by_name(tmp_path, data, reason):
    path = tmp_path / "clips.zip"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=f"clips.zip must be a zip archive that can be read .*{reason}"):
        is_there(path / "dogs/rex.wav")
    with (
        pytest.raises(ValueError, match="clips.zip must be a zip archive that can be read .*fetch it again"),
        opened(path / "dogs/rex.wav"),
    ):
        pass


@pytest.mark.parametrize("data", [data for data, _ in BAD.values()], ids=BAD)
def test_a_download_that_cannot_be_read_is_rejected(tmp_path, data):
    path = tmp_path / "set.zip"
    path.write_bytes(data)
    with pytest.raises(ValueError, match="archive"):
        unpack(path, "dogs/rex.wav", 1000)
    assert path.read_bytes() == data and list(tmp_path.iterdir()) == [path]


def test_damage_anywhere_in_an_archive_gives_a_value_error_that_names_it(tmp_path):
    good = zipped()
    path = tmp_path / "clips.zip"
    for place in range(len(good)):
        for byte in (0, 75, 255):
            data = good.copy()
            data[place] = byte
            path.unlink(missing_ok=True)
            path.write_bytes(data)
            try:
                if is_there(path / "dogs/rex.wav"):
                    with opened(path / "dogs/rex.wav"):
                        pass
            except ValueError as error:
                assert str(error).startswith(str(path)), (place, byte)
