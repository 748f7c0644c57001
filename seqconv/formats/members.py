"""A binary file, or a member of a zip archive given as a path through it: ``clips.zip/dogs/rex.wav``."""

import contextlib
import io
import lzma
import os
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path

_MIB = 2**20
# A member that unpacks to more than this many times its size holds no recording: it attacks the memory.
_ZIP_RATIO = 100
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
        If the archive is none, is damaged or encrypted, or the member unpacks to more than 100 times its size.

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
    try:
        with source.open(info) as member:
            return member.read(info.file_size + 1)  # its checksum is looked at where it ends
    except _DAMAGE as error:
        raise ValueError(f"{archive}: {name} cannot be unpacked ({error}); fetch the archive again.") from error


def _opened_archive(path):
    status = os.stat(path)
    try:
        # Not shared with a forked process: it would move the place in the file under the other's feet.
        return _cached_archive(str(path), status.st_mtime_ns, status.st_size, os.getpid())
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path} must be a zip archive to hold recordings, got {error}.") from error


@lru_cache(maxsize=4)
def _cached_archive(path, mtime_ns, n_bytes, process):
    """An open archive; reading the directory of one anew for each member would take longer than the members."""
    return zipfile.ZipFile(path)
