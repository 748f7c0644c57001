"""One member of a zip or tar archive by its exact name; an archive with anything unsafe in it is rejected."""

import lzma
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections import Counter
from pathlib import Path, PurePosixPath, PureWindowsPath

_MIB = 2**20
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
    UnicodeDecodeError,
    struct.error,
)


def unpack(path: Path, member: str, most_bytes: int) -> None:
    """Replace an archive by one of its members.

    The names in the archive are never used as paths.

    Parameters
    ----------
    path : pathlib.Path
        Zip or tar archive (tar also gzip, bzip2 or xz); it holds the content of the member afterwards.
    member : str
        Exact name inside the archive.
    most_bytes : int
        Largest size of the member, and of the unpacked archive.

    Raises
    ------
    ValueError
        If the file is not an archive, or is damaged.
    ValueError
        If the archive does not hold the member exactly once.
    ValueError
        If it holds a link, a device, an absolute path, ``..``, a name twice or an encrypted member.
    ValueError
        If it has more bytes than allowed.

    Examples
    --------
    >>> import pathlib, tempfile, zipfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "set.zip")
    >>> with zipfile.ZipFile(path, "w") as archive:
    ...     archive.writestr("set.txt", "hello")
    >>> unpack(path, "set.txt", most_bytes=100)
    >>> path.read_text()
    'hello'
    """
    unpacked = path.with_name(path.name + ".member")
    try:
        if zipfile.is_zipfile(path):
            _unpack_zip(path, member, most_bytes, unpacked)
        elif tarfile.is_tarfile(path):
            _unpack_tar(path, member, most_bytes, unpacked)
        else:
            raise ValueError("the download must be a zip or tar archive, it is neither")
        os.replace(unpacked, path)
    except _DAMAGE as error:
        raise ValueError(f"the archive is damaged or cut ({error})") from error
    finally:
        unpacked.unlink(missing_ok=True)


def _unpack_zip(path, member, most_bytes, unpacked):
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        _check_names([info.orig_filename for info in infos], member)
        for info in infos:
            if stat.S_ISLNK(info.external_attr >> 16):
                raise ValueError(f"the archive must hold no link, got {info.filename!r}")
            if info.flag_bits & 1:
                raise ValueError(f"the archive must not be encrypted, {info.filename!r} is")
            if info.file_size > 100 * info.compress_size + _MIB:
                raise ValueError(f"{info.filename!r} must not unpack to more than 100 times its size")
        _check_size(sum(info.file_size for info in infos), most_bytes)
        with archive.open(member) as source:
            _copy(source, unpacked, most_bytes)


def _unpack_tar(path, member, most_bytes, unpacked):
    with tarfile.open(path) as archive:
        names, n_bytes = [], 0
        for info in archive:
            # Headers are read one by one, so that a bomb is rejected before it is unpacked to the end.
            if not (info.isreg() or info.isdir()):
                raise ValueError(f"the archive must hold files and folders only, {info.name!r} is a link or a device")
            names.append(info.name)
            n_bytes += info.size
            _check_size(n_bytes, most_bytes)
        _check_names(names, member)
        if not archive.getmember(member).isreg():
            raise ValueError(f"{member!r} must be a file in the archive, it is a folder")
        with archive.extractfile(member) as source:
            _copy(source, unpacked, most_bytes)


def _check_names(names, member):
    for name in names:
        parts = PurePosixPath(name).parts
        is_absolute = name.startswith("/") or PureWindowsPath(name).drive or "\\" in name or "\0" in name
        if is_absolute or ".." in parts or not parts:
            raise ValueError(f"the archive must hold plain relative names only, got {name!r}")
    name, n_times = Counter(name.rstrip("/").casefold() for name in names).most_common(1)[0] if names else ("", 0)
    if n_times > 1:
        raise ValueError(f"the archive must hold each name once, {name!r} is there {n_times} times")
    if member not in names:
        raise ValueError(f"the archive must hold {member!r}, it holds {names[:5]}")


def _check_size(n_bytes, most_bytes):
    if n_bytes > most_bytes:
        raise ValueError(f"the archive must unpack to at most {most_bytes} bytes, its header says {n_bytes}")


def _copy(source, target, most_bytes):
    """Copy the content of a member, at most a number of bytes, whatever its header says."""
    with open(target, "xb") as file:
        while block := source.read(_MIB):
            _check_size(file.tell() + len(block), most_bytes)
            file.write(block)
