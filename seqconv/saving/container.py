"""A zip of two members, written whole or not at all, and read only if every byte is what `write` would write.

``estimator.json`` holds parameters and state, ``weights.safetensors`` all arrays.
"""

import contextlib
import errno
import io
import os
import platform
import secrets
import stat
import zipfile
import zlib
from typing import Any

import numpy as np
from safetensors import numpy as safetensors

from seqconv.saving.plain import dump_json, parse_json

_MEMBERS = ("estimator.json", "weights.safetensors")
_FLOATS = ("float16", "float32", "float64")


def write(path: Any, described: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """Write a file atomically.

    Parameters
    ----------
    path : str or path
        If it is a link, the file that it points to is replaced.
    described : dict
        JSON values.
    arrays : dict of str to array
        Finite float16, float32 or float64.

    Raises
    ------
    ValueError
        If an array is not finite or of another dtype; nothing is written.
    OSError
        If the file cannot be written; an old file there is unchanged.
    """
    data = pack(described, arrays)
    try:
        _replace(os.path.realpath(path), data)
    except OSError as error:
        reason = f"{error.strerror}; the estimator was not saved, and an old file there is unchanged"
        raise OSError(error.errno, reason, str(path)) from error


def read(path: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read what `write` wrote.

    Returns
    -------
    described : dict
    arrays : dict of str to array

    Raises
    ------
    ValueError
        If the file is damaged, changed or something else.
    OSError
        If there is no such file, or if it cannot be read.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise ValueError("a file is required, this is a folder or a device.")
    with open(path, "rb") as file:
        return unpack(file.read())


def pack(described: dict[str, Any], arrays: dict[str, np.ndarray]) -> bytes:
    """Return the bytes of a file; equal contents give equal bytes."""
    _check_finite(arrays)
    arrays = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return _zip({_MEMBERS[0]: dump_json(described), _MEMBERS[1]: safetensors.save(arrays)}).getvalue()


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return the contents of a file; the inverse of `pack`.

    Raises
    ------
    ValueError
        If the bytes are not what `pack` returns.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if entries and entries[0].filename == "manifest.json":
                raise ValueError("it was saved in format 1, which is not read any more; fit and save again.")
            if tuple(entry.filename for entry in entries) != _MEMBERS:
                raise ValueError(f"its members must be {' and '.join(_MEMBERS)}.")
            # Stored members cannot be larger than the file.
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
                raise ValueError("its members must be stored without compression.")
            members = {entry.filename: archive.read(entry) for entry in entries}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, UnicodeError) as error:
        raise ValueError(f"it is cut, damaged, or not a file of seqconv.save: {error}.") from error
    # What a reader of zips ignores, such as bytes between members, would pass without this.
    if _zip(members).getbuffer() != data:
        raise ValueError("it has bytes that seqconv.save never writes: it is damaged or changed.")
    described = parse_json(members[_MEMBERS[0]], len(data))
    try:
        arrays = safetensors.load(members[_MEMBERS[1]])
    except Exception as error:  # safetensors has errors of its own kind
        raise ValueError(f"{_MEMBERS[1]} is damaged: {error}") from error
    _check_finite(arrays)
    if dump_json(described) != members[_MEMBERS[0]] or safetensors.save(arrays) != members[_MEMBERS[1]]:
        raise ValueError("its members have bytes that seqconv.save never writes.")
    return described, arrays


def _check_finite(arrays):
    for name, array in arrays.items():
        if array.dtype.name not in _FLOATS or not np.isfinite(array).all():
            n_odd = int((~np.isfinite(array)).sum()) if array.dtype.kind == "f" else 0
            got = f"{array.dtype} with {n_odd} values that are not finite" if n_odd else str(array.dtype)
            raise ValueError(f"{name} must be finite float16, float32 or float64, got {got}.")


def _zip(members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name)
            entry.create_system = 3  # the same bytes on every system
            archive.writestr(entry, data)
    return stream


def _replace(path, data):
    """Write to a new file, then let it take the place of the old one."""
    folder, name = os.path.split(path)
    with contextlib.suppress(FileNotFoundError):
        mode = os.stat(path).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # replacing a folder fails below
            raise OSError(errno.EEXIST, "A device or pipe is in the way")
    prefix = f".{name[:50]}.{zlib.crc32(platform.node().encode())}-"  # of this machine
    _remove_unfinished(folder, prefix)
    unfinished = os.path.join(folder, f"{prefix}{os.getpid()}-{secrets.token_hex(8)}.unfinished")
    try:
        with open(unfinished, "xb") as file:
            with contextlib.suppress(FileNotFoundError):  # the readers of the old file may read the new one
                os.chmod(unfinished, stat.S_IMODE(os.stat(path).st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.remove(unfinished)
        raise
    with contextlib.suppress(OSError):  # not every system can sync a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove_unfinished(folder, prefix):
    """Remove what saves to this path left when they were killed."""
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            if name.startswith(prefix) and name.endswith(".unfinished") and not _is_running(name[len(prefix) :]):
                os.remove(os.path.join(folder, name))


def _is_running(rest):
    if os.name != "posix":  # there it would end the process
        return True
    try:
        os.kill(int(rest.partition("-")[0]), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError):
        return True
    return True
