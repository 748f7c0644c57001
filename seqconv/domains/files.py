"""Bytes of a file, or of a member of a zip archive by a path through it: ``clips.zip/dogs/rex.wav``."""

import contextlib
import errno
import io
import lzma
import os
import struct
import threading
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

_MIB = 2**20
# A member that unpacks to more than this many times its size is an attack on the memory.
_ZIP_RATIO = 100
# Largest member, unpacked.
_MOST_BYTES = 512 * _MIB
# Recordings are read part by part, so that unpacked members are kept up to this size.
_KEPT_BYTES = 128 * _MIB
# A smaller member is unpacked again each time.
_SMALL_BYTES = _MIB
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, RuntimeError, struct.error)


def find_archive(path: str | os.PathLike) -> tuple[Path, str] | None:
    """Split a path through a zip archive into the archive and its member; return None for any other path.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    (pathlib.Path, str) or None

    Examples
    --------
    >>> import pathlib, tempfile
    >>> archive = pathlib.Path(tempfile.mkdtemp(), "clips.zip")
    >>> _ = archive.write_bytes(b"")
    >>> find_archive(archive / "dogs" / "rex.wav")[1]
    'dogs/rex.wav'
    """
    path = Path(path)
    for parent in path.parents:
        if parent.is_file():
            return parent, path.relative_to(parent).as_posix()
        if parent.is_dir():
            return None
    return None


def is_there(path: str | os.PathLike) -> bool:
    """Return whether a file, or a member of a zip archive, is at this path.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If the path goes through a file that is not a readable zip archive.

    Examples
    --------
    >>> is_there("nowhere.zip/rex.wav")
    False
    """
    if Path(path).is_file():
        return True
    found = find_archive(path)
    return found is not None and found[1] in _opened_archive(found[0]).NameToInfo


def member_names(archive: str | os.PathLike) -> list[str]:
    """Return the names of the members of a zip archive, in its order.

    Raises
    ------
    ValueError
        If the archive cannot be read.

    Examples
    --------
    >>> import pathlib, tempfile, zipfile
    >>> archive = pathlib.Path(tempfile.mkdtemp(), "notes.zip")
    >>> with zipfile.ZipFile(archive, "w") as written:
    ...     written.writestr("a.txt", "hello")
    >>> member_names(archive)
    ['a.txt']
    """
    return list(_opened_archive(archive).NameToInfo)


@contextlib.contextmanager
def opened(path: str | os.PathLike) -> Iterator[tuple[BinaryIO, int]]:
    """Open a file, or a member of a zip archive, for reading its bytes.

    Parameters
    ----------
    path : str or path

    Yields
    ------
    file : binary file
    n_bytes : int
        Size of the file.

    Raises
    ------
    FileNotFoundError
        If the file or the member does not exist.
    ValueError
        If the archive is damaged, encrypted or of a kind that cannot be read.
    ValueError
        If the member unpacks to more than 512 MiB or 100 times its size.

    Notes
    -----
    A member is unpacked whole, in memory. A member of more than 1 MiB stays there for the next part of a long
    recording: the one read last, and of those before it at most 128 MiB in all. Threads wait for one another only if
    they need the same member.

    Examples
    --------
    >>> import pathlib, tempfile, zipfile
    >>> archive = pathlib.Path(tempfile.mkdtemp(), "notes.zip")
    >>> with zipfile.ZipFile(archive, "w") as written:
    ...     written.writestr("a.txt", "hello")
    >>> with opened(archive / "a.txt") as (file, n_bytes):
    ...     file.read(), n_bytes
    (b'hello', 5)
    """
    found = None if Path(path).is_file() else find_archive(path)
    if found is None:
        with open(path, "rb") as file:
            yield file, os.fstat(file.fileno()).st_size
    else:
        data = _read_member(*found)
        yield io.BytesIO(data), len(data)


def _read_member(archive, name):
    source = _opened_archive(archive)
    if name not in source.NameToInfo:
        raise FileNotFoundError(f"{archive} must hold {name}, it does not.")
    info = source.getinfo(name)
    if info.file_size > _ZIP_RATIO * info.compress_size + 16 * _MIB:
        raise ValueError(f"{archive}: {name} must not unpack to more than {_ZIP_RATIO} times its size.")
    if info.file_size > _MOST_BYTES:
        raise ValueError(
            f"{archive}: {name} must not unpack to more than {_MOST_BYTES // _MIB} MiB, it does to "
            f"{-(-info.file_size // _MIB)}; unpack the archive and give the file."
        )
    if info.file_size <= _SMALL_BYTES:
        return _unpack(source, info)
    # By process, as a lock that another thread holds at a fork would stay locked in the child.
    kept = _kept.setdefault(os.getpid(), _Kept())
    return kept.read((str(archive), *_stamp(archive), name), source, info)


def _unpack(source, info):
    try:
        with source.open(info) as member:
            # One byte more, as the checksum is verified at the end alone.
            return member.read(info.file_size + 1)
    except (*_DAMAGE, OSError) as error:
        # A damaged directory gives places outside of the file; other errors of the system are not of the archive.
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        raise ValueError(
            f"{source.filename}: {info.filename} cannot be unpacked ({error}); fetch the archive again."
        ) from error


class _Member:
    """Member of an archive; the first thread that holds its lock unpacks it for all."""

    def __init__(self, n_bytes):
        self.n_bytes, self.data, self.lock = n_bytes, None, threading.Lock()


class _Kept:
    """Members unpacked last, the one read last at the end."""

    def __init__(self):
        self._lock, self._members = threading.Lock(), OrderedDict()

    def read(self, key: tuple, source: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
        """Return the bytes of a member, unpacked if it is not kept."""
        member = self._take(key, info.file_size)
        with member.lock:
            if member.data is None:
                member.data = _unpack(source, info)
            return member.data

    def _take(self, key, n_bytes):
        """Return the member, now the one read last, after dropping old ones until it fits."""
        with self._lock:
            member = self._members.setdefault(key, _Member(n_bytes))
            self._members.move_to_end(key)
            n_before = sum(kept.n_bytes for kept in self._members.values()) - member.n_bytes
            while n_before > _KEPT_BYTES:
                n_before -= self._members.popitem(last=False)[1].n_bytes
            return member


_kept = {}


def _opened_archive(path):
    try:
        # Not shared with a forked process: both would move the same place in the file.
        return _cached_archive(str(path), *_stamp(path), os.getpid())
    except (*_DAMAGE, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.EINVAL:
            raise
        raise ValueError(
            f"{path} must be a zip archive that can be read ({error}); fetch it again or give files of their own."
        ) from error


def _stamp(path):
    """Return values that change when a file is written anew."""
    status = os.stat(path)
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4)
def _cached_archive(path, mtime_ns, n_bytes, process):
    """Return an open archive, kept because reading its directory takes longer than reading a member."""
    return zipfile.ZipFile(path)
