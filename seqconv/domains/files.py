"""A binary file, or a member of a zip archive given as a path through it: ``clips.zip/dogs/rex.wav``."""

import contextlib
import io
import lzma
import os
import threading
import zipfile
import zlib
from collections import OrderedDict
from functools import lru_cache
from pathlib import Path

_MIB = 2**20
# A member that unpacks to more than this many times its size holds no recording: it attacks the memory.
_ZIP_RATIO = 100
# Largest member, unpacked.
_MOST_BYTES = 512 * _MIB
# A recording is asked for part by part: the member read last is kept, and so much of those before it.
_KEPT_BYTES = 128 * _MIB
# A smaller one is soon unpacked again.
_SMALL_BYTES = _MIB
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, RuntimeError, NotImplementedError)


def find_archive(path):
    """The zip archive that a path goes through, and the member behind it; None where the path is no such.

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


def is_there(path):
    """Whether a file, or a member of a zip archive, is at this path.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If the path goes through a file that is no zip archive.

    Examples
    --------
    >>> is_there("nowhere.zip/rex.wav")
    False
    """
    if Path(path).is_file():
        return True
    found = find_archive(path)
    return found is not None and found[1] in _opened_archive(found[0]).NameToInfo


@contextlib.contextmanager
def opened(path):
    """The bytes of a file or of a member of a zip archive, as an open file, and their number.

    Parameters
    ----------
    path : str or path

    Yields
    ------
    file : binary file
    n_bytes : int

    Raises
    ------
    FileNotFoundError
        If neither is there.
    ValueError
        If the archive is none, is damaged or encrypted, or the member unpacks to more than 512 MiB or 100 times its
        size.

    Notes
    -----
    A member is unpacked whole, in memory. So that the parts of a long recording do not unpack it each, those of more than
    1 MiB stay there until others take their place: the one read last, however long, and of those before it at most 128
    MiB in all. Threads wait for one another only where they ask for the same member.

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
        raise FileNotFoundError(f"{archive} holds no {name}.")
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
            return member.read(info.file_size + 1)  # its checksum is looked at where it ends
    except _DAMAGE as error:
        raise ValueError(
            f"{source.filename}: {info.filename} cannot be unpacked ({error}); fetch the archive again."
        ) from error


class _Member:
    """A member; the first thread that holds its lock unpacks it, the others find what that unpacked."""

    def __init__(self, n_bytes):
        self.n_bytes, self.data, self.lock = n_bytes, None, threading.Lock()


class _Kept:
    """The members unpacked last, the one read last at the end."""

    def __init__(self):
        self._lock, self._members = threading.Lock(), OrderedDict()

    def read(self, key, source, info):
        member = self._take(key, info.file_size)
        with member.lock:
            if member.data is None:
                member.data = _unpack(source, info)
            return member.data

    def _take(self, key, n_bytes):
        """The member, now the one read last, when those before it have made room."""
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
        # Not shared with a forked process: it would move the place in the file under the other's feet.
        return _cached_archive(str(path), *_stamp(path), os.getpid())
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path} must be a zip archive to hold recordings, got {error}.") from error


def _stamp(path):
    """What changes where a file is written anew."""
    status = os.stat(path)
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4)
def _cached_archive(path, mtime_ns, n_bytes, process):
    """An open archive; reading the directory of one anew for each member would take longer than the members."""
    return zipfile.ZipFile(path)
