"""Archives that would do harm: each is refused, nothing is written beside it, nothing is left behind."""

import io
import tarfile
import zipfile

import pytest

from seqconv.domains.unpack import unpack

DATA = b"label\ttext\n" * 40
LIMIT = 2**20


def zip_of(*entries, patch=None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    data = buffer.getvalue()
    return patch(data) if patch else data


def zip_link(name):
    info = zipfile.ZipInfo(name)
    info.external_attr = 0o120777 << 16
    return info


def encrypted(data):
    data = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    return bytes(data)


def lying_about_its_size(data):
    """The size in the directory made small, as in a bomb that hides from its header."""
    data = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(signature) + offset
        data[at : at + 4] = (10).to_bytes(4, "little")
    return bytes(data)


def tar_of(*entries, mode="w:gz"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            if isinstance(content, bytes):
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            else:
                info.type, info.linkname = content
                archive.addfile(info)
    return buffer.getvalue()


GOOD = ("set.tsv", DATA)
ATTACKS = {
    "zip: parent folder": zip_of(GOOD, ("../out", b"x")),
    "zip: parent folder inside": zip_of(GOOD, ("a/../../out", b"x")),
    "zip: absolute": zip_of(GOOD, ("/tmp/out", b"x")),
    "zip: drive letter": zip_of(GOOD, ("C:out", b"x")),
    "zip: backslash": zip_of(GOOD, ("..\\out", b"x")),
    "zip: NUL in a name": zip_of(GOOD, ("out_bad", b"x"), patch=lambda data: data.replace(b"out_bad", b"out\0bad")),
    "zip: link": zip_of(GOOD, (zip_link("out"), b"/etc/passwd")),
    "zip: the member is a link": zip_of((zip_link("set.tsv"), b"/etc/passwd")),
    "zip: name twice": zip_of(GOOD, ("set.ts_", b"x"), patch=lambda data: data.replace(b"set.ts_", b"set.tsv")),
    "zip: name twice but for case": zip_of(GOOD, ("SET.tsv", b"x")),
    "zip: encrypted": zip_of(GOOD, patch=encrypted),
    "zip: bomb": zip_of(GOOD, ("zeros", bytes(3 * 2**20))),
    "zip: the member is a bomb": zip_of(("set.tsv", bytes(3 * 2**20))),
    "zip: lies about its size": zip_of(GOOD, patch=lying_about_its_size),
    "zip: other names": zip_of(("sets.tsv", DATA)),
    "zip: cut": zip_of(GOOD)[:-25],
    "zip: damaged": zip_of(GOOD, patch=lambda data: data[:45] + bytes([data[45] ^ 255]) + data[46:]),
    "zip: empty": zip_of(),
    "tar: parent folder": tar_of(GOOD, ("../out", b"x")),
    "tar: absolute": tar_of(GOOD, ("/tmp/out", b"x")),
    "tar: symbolic link": tar_of(GOOD, ("out", (tarfile.SYMTYPE, "/etc"))),
    "tar: hard link": tar_of(GOOD, ("out", (tarfile.LNKTYPE, "../../etc/passwd"))),
    "tar: the member is a link": tar_of(("set.tsv", (tarfile.SYMTYPE, "/etc/passwd"))),
    "tar: device": tar_of(GOOD, ("out", (tarfile.CHRTYPE, ""))),
    "tar: pipe": tar_of(GOOD, ("out", (tarfile.FIFOTYPE, ""))),
    "tar: name twice": tar_of(GOOD, ("set.tsv", b"other")),
    "tar: bomb": tar_of(GOOD, ("zeros", bytes(8 * 2**20))),
    "tar: the member is a folder": tar_of(("set.tsv", (tarfile.DIRTYPE, ""))),
    "tar: other names": tar_of(("sets.tsv", DATA)),
    "tar: cut": tar_of(("set.tsv", bytes(range(256)) * 400))[:300],
    "tar: empty": tar_of(),
    "no archive": DATA,
    "nothing": b"",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_unsafe_archive_is_refused_whole(tmp_path, monkeypatch, name):
    folder = tmp_path / "deep" / "folder"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    path = folder / "download.part"
    path.write_bytes(ATTACKS[name])
    with pytest.raises(ValueError):
        unpack(path, "set.tsv", LIMIT)
    assert [p for p in tmp_path.rglob("*") if not p.is_dir()] == [path]
    assert path.read_bytes() == ATTACKS[name]


@pytest.mark.parametrize(
    "archive",
    [
        zip_of(("readme", b"x"), GOOD, ("folder/", b""), ("folder/more", b"y")),
        tar_of(("readme", b"x"), ("folder", (tarfile.DIRTYPE, "")), GOOD),
        tar_of(GOOD, mode="w:xz"),
        tar_of(GOOD, mode="w:"),
    ],
)
def test_a_plain_archive_gives_its_member(tmp_path, archive):
    path = tmp_path / "download.part"
    path.write_bytes(archive)
    unpack(path, "set.tsv", LIMIT)
    assert path.read_bytes() == DATA and list(tmp_path.iterdir()) == [path]


def test_a_member_in_a_folder_is_named_with_it(tmp_path):
    path = tmp_path / "download.part"
    path.write_bytes(zip_of(("a/set.tsv", DATA), ("b/set.tsv", b"other")))
    unpack(path, "a/set.tsv", LIMIT)
    assert path.read_bytes() == DATA
