"""Data home: where data sets are, and how a missing file is downloaded, unpacked, verified and moved there."""

import contextlib
import csv
import hashlib
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from seqconv.domains.download import download
from seqconv.domains.unpack import unpack

_MIB = 2**20


class Source(NamedTuple):
    """Origin of a file and its pinned content: one row of ``registry.tsv``."""

    url: str | None
    sha256: str
    n_bytes: int
    member: str | None = None
    layout: str | None = None


def data_home() -> Path:
    """Return the folder of the data sets: ``$SEQCONV_DATA``, else seqconv's folder in the user's cache.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ValueError
        If the variable begins with the ``~`` of a user who does not exist.

    Examples
    --------
    >>> import os
    >>> from unittest import mock
    >>> with mock.patch.dict(os.environ, SEQCONV_DATA="/data/sets"):
    ...     data_home().as_posix()
    '/data/sets'
    """
    if os.environ.get("SEQCONV_DATA"):
        try:
            return Path(os.environ["SEQCONV_DATA"]).expanduser()
        except RuntimeError as error:
            raise ValueError(f"SEQCONV_DATA must be a folder, got {os.environ['SEQCONV_DATA']!r}: {error}") from error
    import pooch

    return Path(pooch.os_cache("seqconv"))


@lru_cache(maxsize=1)
def registered() -> dict[str, Source]:
    """Return the files that can be downloaded, by their path in the data home.

    Returns
    -------
    dict of str to Source

    Examples
    --------
    >>> registered()["text/sms_spam/SMSSpamCollection"].n_bytes
    477907
    """
    with open(Path(__file__).with_name("registry.tsv"), newline="", encoding="utf-8") as file:
        _, *rows = ([None if field == "-" else field for field in row] for row in csv.reader(file, delimiter="\t"))
    return {path: Source(url, pin, int(n_bytes), *rest) for path, pin, n_bytes, url, *rest in rows}


def present(relative_path: str) -> Path | None:
    """Return the file in the data home, plain or ``.gz``, or None if it does not exist.

    Parameters
    ----------
    relative_path : str
        Path from the data home with ``/``, without ``.gz``.

    Returns
    -------
    pathlib.Path or None

    Notes
    -----
    Only downloads are checked against a pin; a file put there by the user is trusted.

    Examples
    --------
    >>> present("ucr/Nothing/Nothing_TRAIN.tsv") is None
    True
    """
    plain = data_home() / relative_path
    packed = plain.with_name(plain.name + ".gz")
    return next((path for path in (plain, packed) if path.is_file()), None)


def fetch(relative_path: str, source: Source | None = None) -> Path:
    """Return the path of a file of the data home, downloaded first if it is missing.

    Parameters
    ----------
    relative_path : str
        Path from the data home with ``/``, without ``.gz``.
    source : Source, optional
        Origin of the file; None takes that of `registered`.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    OSError
        If the download fails, is cut, differs from the pin or is an unsafe archive, or the folder cannot be written.
        The message says what to put where.
    ValueError
        If the path is neither present nor registered.

    Notes
    -----
    The file is written under a name of its own and renamed at the end, so that two processes may fetch it at once.

    Examples
    --------
    >>> import os, pathlib, tempfile
    >>> from unittest import mock
    >>> path = pathlib.Path(tempfile.mkdtemp(), "mine.txt")
    >>> _ = path.write_text("mine")
    >>> with mock.patch.dict(os.environ, SEQCONV_DATA=str(path.parent)):
    ...     fetch("mine.txt") == path
    True
    """
    found = present(relative_path)
    if found is not None:
        return found
    if source is None and relative_path not in registered():
        raise ValueError(
            f"{relative_path} must be in the data home {data_home()}, as seqconv knows no source to download it from."
        )
    source = source or registered()[relative_path]
    target = data_home() / relative_path
    try:
        if source.url is None:
            raise OSError("it has no plain file to download")
        target.parent.mkdir(parents=True, exist_ok=True)
        with _part_of(target) as part:
            download(source.url, part, 4 * source.n_bytes + _MIB)
            if source.member is not None:
                unpack(part, source.member, 4 * source.n_bytes + _MIB)
            if source.layout is not None:
                part.write_bytes(_LAYOUTS[source.layout](part.read_bytes()))
            _publish(part, target, source.sha256)
    except (OSError, ValueError) as error:
        raise OSError(_advice(target, source, error)) from error
    return target


def _advice(target, source, error):
    member = f", member {source.member} of it" if source.member else ""
    change = ", the label and the text separated by a tab," if source.layout == "label" else ""
    # The reason inside of a failed connection is the one that a user can act on.
    reason = " ".join(str(getattr(error.args[0] if error.args else None, "reason", error)).split())
    origin = f"{source.url or 'its archive'}{member}"
    return (
        f"{target.name} must be in {target.parent} and could not be fetched from {origin}: {reason}. "
        f"Get it by hand and put it{change} at {target} (or {target.name}.gz), "
        "or set SEQCONV_DATA to a folder that has it."
    )


@contextlib.contextmanager
def _part_of(target):
    """Give a file of its own name in the folder of the target, deleted at the end."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(8)}.part")
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)


def _publish(part, target, sha256):
    """Write the part to the disk and rename it to its final name if it has the pinned content."""
    with open(part, "rb+") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256:
            raise OSError(f"its sha256 must be {sha256}, got {found}")
        os.fsync(file.fileno())
    os.replace(part, target)


def _with_line_ends(data):
    """Return the data with line feeds alone, one at the end too."""
    data = data.replace(b"\r\n", b"\n")
    return data if data.endswith(b"\n") else data + b"\n"


def _with_tabs(data):
    """Turn ``label text`` lines into ``label<TAB>text`` in UTF-8."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    pairs = [line.partition(" ") for line in text.removesuffix("\n").split("\n")]
    return "".join(f"{label}\t{sentence.strip()}\n" for label, _, sentence in pairs).encode()


_LAYOUTS = {"lines": _with_line_ends, "label": _with_tabs}
