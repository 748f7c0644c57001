"""Folder of features computed before, found by the content that they were computed from."""

import hashlib
import json
import os
import secrets
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from seqconv.domains.audio.records import path_of
from seqconv.domains.files import find_archive

# Version of the features. Raise it when their computation changes, so that older entries are ignored.
_VERSION = 2
_DAMAGE = (OSError, ValueError, KeyError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error)


def entry_of(folder: str | os.PathLike, record: Any, settings: dict[str, Any]) -> Path:
    """Return the file of the features of a record, named by a hash of the content and the settings.

    Parameters
    ----------
    folder : str or path
    record : checked record of an AudioAdapter
    settings : dict
        JSON values of all other things that the features depend on.

    Returns
    -------
    pathlib.Path
    """
    path, start, stop = path_of(record)
    if path is None:
        samples, rate_hz = record if isinstance(record, tuple) else (record, None)
        samples = np.ascontiguousarray(samples)
        source = [str(samples.dtype), samples.shape, None if rate_hz is None else float(rate_hz)]
        content = hashlib.sha256(samples).hexdigest()
    else:
        file, member = (path, None) if os.path.isfile(path) else find_archive(path)
        status = os.stat(file)
        source, content = [member, start, stop], _content(str(file), status.st_mtime_ns, status.st_size, status.st_ino)
    described = json.dumps([_VERSION, settings, source, content], sort_keys=True)
    name = hashlib.sha256(described.encode()).hexdigest()
    return Path(folder, name[:2], f"{name}.npz")


def read_entry(path: Path, n_channels: int) -> np.ndarray | None:
    """Read the features in a file of the cache; return None if it does not exist or is damaged.

    Parameters
    ----------
    path : pathlib.Path
    n_channels : int

    Returns
    -------
    array of float32, shape (n_steps, n_channels), or None
    """
    try:
        # The file is a zip, whose content is checked against its checksum.
        with np.load(path, allow_pickle=False) as entry:
            steps = entry["steps"]
    except _DAMAGE:
        return None
    is_sound = steps.dtype == np.float32 and steps.ndim == 2 and steps.shape[1] == n_channels and len(steps)
    return steps if is_sound and np.isfinite(steps).all() else None


def write_entry(path: Path, steps: np.ndarray) -> None:
    """Write features to the cache, under another name first, so that a reader never sees half of them.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.stem}.{secrets.token_hex(8)}.part")
    try:
        with open(part, "xb") as file:
            np.savez(file, steps=steps)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


@lru_cache(maxsize=100_000)
def _content(path, mtime_ns, n_bytes, number):
    """Return a hash of a file's bytes, computed once a process, as an archive is asked for again and again."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
