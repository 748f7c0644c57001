"""Checks of the records of an ECGAdapter, and the way from a record to a recording."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from seqconv.data.excerpt import Excerpt
from seqconv.data.recording import Recording
from seqconv.domains.medical.edf import read_edf
from seqconv.domains.medical.leads import choose_leads
from seqconv.domains.medical.parameters import MOST_LEADS
from seqconv.domains.medical.wfdb import read_wfdb
from seqconv.domains.records import check_each, list_of


def check_records(X: Any) -> list:
    """Return the records as a list, checked without opening a file; see `Adapter.check`."""
    return check_each(record_list(X), check_record)


def record_list(X: Any) -> list:
    """Return X as a list, whatever its items are; a 3-D array is a list of 2-D ones.

    Raises
    ------
    TypeError
        If X is a single record or no list.
    ValueError
        If X is empty.
    """
    is_one = isinstance(X, Recording | Excerpt) or (isinstance(X, np.ndarray) and X.ndim < 2)
    return list_of("recordings, excerpts, paths or arrays", X, is_one=is_one)


def check_record(record: Any) -> Any:
    """Return a record with its path as a string, checked without opening a file.

    Raises
    ------
    TypeError
        If the record is of another kind.
    ValueError
        If an array has no observed value or another shape, or an excerpt is outside of its recording.
    OSError
        If a file does not exist or is a folder.
    """
    if isinstance(record, Recording):
        return record
    if isinstance(record, Excerpt):
        n_samples = len(record.recording.signal)
        if not 0 <= record.anchor < n_samples:
            raise ValueError(f"an excerpt must be in its recording of {n_samples} samples, got {record!r}.")
        return record
    if isinstance(record, str | os.PathLike):
        return _check_path(os.fspath(record))
    if isinstance(record, np.ndarray) and not isinstance(record, np.ma.MaskedArray):
        return _check_array(record)
    raise TypeError(
        "a record must be a Recording, an Excerpt, a path of a WFDB header or EDF file, or an array (n_steps, n_leads), "
        f"got {record!r:.60}."
    )


def _check_path(path):
    if not isinstance(path, str):
        raise TypeError(f"a path must be text, got {path!r}.")
    root, ending = os.path.splitext(path)
    if (os.path.isfile(path) and (ending == ".hea" or ending.lower() == ".edf")) or os.path.isfile(f"{path}.hea"):
        return path
    if os.path.isdir(path):
        headers = [file for file in sorted(os.listdir(path)) if file.endswith((".hea", ".edf"))]
        found = f"such as {os.path.join(path, headers[0])}, {len(headers)} in all" if headers else "it has none"
        raise IsADirectoryError(f"a record must be a file, got the folder {path}; list its headers, {found}.")
    if not os.path.exists(path):
        raise FileNotFoundError(f"a record must be an .edf file or have a header .hea that exists, got {path}.")
    advice = "convert it"
    if os.path.isfile(f"{root}.hea"):
        advice = f"give its header, {root}.hea"
    elif ending == ".HEA":
        advice = "rename the files of the record to small letters, .hea"
    elif ".csv" in os.path.basename(path).lower():
        advice = "read it with seqconv.formats.read_heartbeats, or pandas, and give its rows as arrays"
    raise ValueError(f"a record must be an .edf file or have a header .hea, got {path}; {advice}.")


def _check_array(record):
    if record.ndim == 1:
        record = record[:, None]
    if record.ndim != 2 or 0 in record.shape or record.dtype.kind not in "fiu":
        raise ValueError(
            f"an array must be numbers (n_steps, n_leads), at least one of each, got {record.dtype} {record.shape}."
        )
    if record.shape[1] > MOST_LEADS:
        raise ValueError(
            f"an array must be (n_steps, n_leads) of at most {MOST_LEADS} leads, got shape {record.shape}; transpose it."
        )
    with np.errstate(over="ignore"):
        values = record.astype(np.float32)
    if np.isinf(values).any():
        raise ValueError("an array must be finite or NaN (missing) and fit float32, got an infinite or larger value.")
    if np.isnan(values).all():
        raise ValueError("a record must have an observed value, got NaN alone; leave it out.")
    return record


def read_record(record: Any, leads: Sequence[str] | None = None, annotator: str | None = "atr") -> Recording:
    """Return the recording of a path, or a Recording with the wanted leads alone.

    Parameters
    ----------
    record : str, path or Recording
    leads : sequence of str, optional
    annotator : str or None
        Ending of the annotation file of a WFDB record.

    Raises
    ------
    TypeError
        If the record is of another kind.
    ValueError
        If a file is damaged or a wanted lead is missing.
    OSError
        If a file cannot be read.
    """
    if isinstance(record, Recording):
        return _with_leads(record, leads)
    if not isinstance(record, str | os.PathLike):
        raise TypeError(f"a Recording or a path of a WFDB header or EDF file is required, got {record!r:.60}.")
    path = _check_path(os.fspath(record))
    if path.lower().endswith(".edf"):
        return read_edf(path, leads=leads)
    return read_wfdb(path, leads=leads, annotator=annotator)


def _with_leads(recording, leads):
    """Return the recording with these leads alone, in this order; itself where it has no others."""
    if leads is None or tuple(leads) == recording.leads:
        return recording
    columns = choose_leads(list(recording.leads), leads, recording.name or "the recording")
    limits = None if recording.limits_mv is None else recording.limits_mv[columns]
    rate, annotations = recording.sampling_rate_hz, (recording.samples, recording.symbols)
    return Recording(recording.signal[:, columns], rate, leads, *annotations, limits, recording.name)


def name_of(record: Any, number: int) -> str:
    """Return what messages and groups call a recording: its name, that of its file, or its number."""
    name = ""
    if isinstance(record, Recording):
        name = record.name
    elif isinstance(record, str | os.PathLike):
        name = os.path.splitext(os.path.basename(os.fspath(record)))[0]
    return str(name) or f"recording {number}"
