"""One zip of stored members, written whole or not at all, and read only if it is byte for byte what was written.

The zip is the plainest there is: members stored one behind the other, no compression, no extra fields, no dates, nothing
in front, between or behind. So every byte is either checked or refused, and no member can be larger than the file.
``manifest.json``, the first member, names every other with its size and sha256.
"""

import contextlib
import errno
import hashlib
import json
import os
import re
import secrets
import stat
import struct
import zlib
from reprlib import repr as shown

from seqconv.estimators.parts import parse_json

_FORMAT, _VERSION, _MANIFEST = "seqconv estimator", 1, "manifest.json"
_NAME = re.compile(r"[A-Za-z0-9_]{1,100}(/[A-Za-z0-9_]{1,100}){0,5}\.(json|npy)")
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")
_MOST_MEMBERS, _MOST_BYTES = 60_000, 2**32 - 2**24  # what a zip without 64-bit fields can hold


def write(path, parts, written_by):
    """Write the members to a new file that takes the place of the old one when all of it is on the disk.

    Parameters
    ----------
    path : str or path
        Where it is a link, the file that it points to is replaced.
    parts : dict of str to bytes
    written_by : dict of str to str
        Versions, for the manifest.

    Raises
    ------
    OSError
        The message names the path; an old file, device or pipe there is as it was.
    """
    sums = {name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for name, data in parts.items()}
    manifest = {"format": _FORMAT, "version": _VERSION, "written_by": written_by, "members": sums}
    parts = {_MANIFEST: json.dumps(manifest, indent=1).encode("ascii"), **parts}
    if len(parts) > _MOST_MEMBERS or sum(len(name) * 2 + 76 + len(data) for name, data in parts.items()) > _MOST_BYTES:
        raise ValueError(f"a saved file holds at most {_MOST_BYTES} bytes, this estimator needs more; pickle it.")
    try:
        _replace(os.path.realpath(path), parts)
    except OSError as error:
        reason = f"{error.strerror}; the estimator was not saved, and an old file there is as it was"
        raise OSError(error.errno, reason, str(path)) from error


def read(path):
    """All members but the manifest, each checked.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    dict of str to bytes

    Raises
    ------
    ValueError
        Anything but a whole file of this format; the message names the place.
    OSError
        There is no such file, or it cannot be read.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise ValueError("a file is required, this is a folder or a device.")
    with open(path, "rb") as file:
        file_size = os.fstat(file.fileno()).st_size
        entries = _read_directory(file, file_size)
        file.seek(0)
        parts = {name: _read_member(file, name, *entry) for name, entry in entries.items()}
    _check_manifest(parse_json(parts.pop(_MANIFEST), _MANIFEST, file_size), parts)
    return parts


def _replace(path, parts):
    folder, name = os.path.split(path)
    with contextlib.suppress(FileNotFoundError):
        mode = os.stat(path).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # a folder is refused below, by name
            raise OSError(errno.EEXIST, "A device or pipe is in the way")
    unfinished = os.path.join(folder, f".{name[:50]}.{secrets.token_hex(8)}.unfinished")
    try:
        with open(unfinished, "xb") as file:
            with contextlib.suppress(FileNotFoundError):  # who may read the old file may read the new one
                os.chmod(unfinished, stat.S_IMODE(os.stat(path).st_mode))
            _write_zip(file, parts)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.remove(unfinished)
        raise
    _sync_folder(folder)


def _sync_folder(folder):
    """Make the new name last through a loss of power, on the systems where a folder can be synced."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_zip(file, parts):
    directory, offset = [], 0
    for name, data in parts.items():
        local, central = _headers(name, len(data), zlib.crc32(data), offset)
        file.write(local)
        file.write(data)
        directory.append(central)
        offset += len(local) + len(data)
    central = b"".join(directory)
    file.write(central + _END.pack(b"PK\5\6", 0, 0, len(parts), len(parts), len(central), offset, 0))


def _headers(name, size, crc, offset):
    """The only local header and the only directory entry that a member can have."""
    name = name.encode("ascii")
    # Version 1.0, no flags, stored, the first day of the zip calendar.
    common = (10, 0, 0, 0, 33, crc, size, size, len(name), 0)
    local = _LOCAL.pack(b"PK\3\4", *common) + name
    readable_file_of_unix = (stat.S_IFREG | 0o644) << 16
    return local, _CENTRAL.pack(b"PK\1\2", 3 << 8 | 10, *common, 0, 0, 0, readable_file_of_unix, offset) + name


def _read_directory(file, file_size):
    """Size and checksum of every member, in the order of the file; the members fill it without a gap."""
    file.seek(max(0, file_size - _END.size))
    end = file.read(_END.size)
    if len(end) < _END.size or end[:4] != b"PK\5\6":
        raise ValueError("the end of a file of seqconv.save is missing: it is cut, or something else.")
    _, _, _, _, n_members, length, start, _ = _END.unpack(end)
    is_canonical = end == _END.pack(b"PK\5\6", 0, 0, n_members, n_members, length, start, 0)
    if not is_canonical or start + length + _END.size != file_size or not 0 < n_members <= _MOST_MEMBERS:
        raise ValueError("its directory does not fill the end of the file: it is cut, joined with another or changed.")
    file.seek(start)
    central, at, offset, entries = file.read(length), 0, 0, {}
    for number in range(n_members):
        name, size, crc, entry = _parse_entry(central, at, number)
        local, canonical = _headers(name, size, crc, offset)
        if entry != canonical:
            raise ValueError(
                f"the directory's entry of {name} has a flag, date, field or place that save never writes."
            )
        entries[name] = size, crc, local
        at, offset = at + len(entry), offset + len(local) + size
    if at != len(central) or offset != start:
        raise ValueError("there are bytes between the members and the directory that belong to no member.")
    if len({name.casefold() for name in entries}) < n_members or next(iter(entries)) != _MANIFEST:
        raise ValueError(f"members must have different names, upper and lower case alike, and begin with {_MANIFEST}.")
    return entries


def _parse_entry(central, at, number):
    if len(central) < at + _CENTRAL.size:
        raise ValueError(f"the directory ends before its entry {number}.")
    fields = _CENTRAL.unpack_from(central, at)
    crc, size, n_name = fields[7], fields[9], fields[10]
    entry = central[at : at + _CENTRAL.size + n_name]
    name = entry[_CENTRAL.size :].decode("latin-1")
    if not _NAME.fullmatch(name):
        raise ValueError(f"no member can have the name {name!r:.100}.")
    return name, size, crc, entry


def _read_member(file, name, size, crc, local):
    if file.read(len(local)) != local:
        raise ValueError(f"the header of {name} is not that of the directory.")
    data = file.read(size)
    if len(data) != size or zlib.crc32(data) != crc:
        raise ValueError(f"{name} is damaged: its checksum differs.")
    return data


def _check_manifest(manifest, parts):
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise ValueError(f"{_MANIFEST} must say format {_FORMAT!r}.")
    version = manifest.get("version")
    if type(version) is not int or version != _VERSION:
        raise ValueError(
            f"{_MANIFEST} says format version {shown(version)}, this seqconv reads version {_VERSION}; "
            "load the file with the seqconv that wrote it or a later one."
        )
    if set(manifest) != {"format", "version", "written_by", "members"} or not isinstance(manifest["members"], dict):
        raise ValueError(f"{_MANIFEST} must have format, version, written_by and members, and nothing else.")
    promised = manifest["members"]
    odd = sorted(set(promised) ^ set(parts))
    if odd:
        where = "only in the manifest" if odd[0] in promised else "not in the manifest"
        raise ValueError(f"the member {odd[0]!r:.100} is {where}.")
    for name, data in parts.items():
        if promised[name] != {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}:
            raise ValueError(f"{name} is not what the manifest says: its size or sha256 differs.")
