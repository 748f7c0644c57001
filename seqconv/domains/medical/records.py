"""Checks of the records of an ECGAdapter, and the way from a record to a recording."""

import dataclasses
import os
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np

from seqconv.data.case_errors import of_case
from seqconv.data.excerpt import Excerpt
from seqconv.data.recording import Recording
from seqconv.domains.medical.edf import read_edf, units_of_edf
from seqconv.domains.medical.leads import choose_leads, common_leads, per_millivolt
from seqconv.domains.medical.parameters import MOST_LEADS
from seqconv.domains.medical.wfdb import read_wfdb, units_of_wfdb
from seqconv.domains.records import check_each, list_of

# Older files of PhysioNet, such as those of Sleep-EDF, end in .rec.
_EDF = (".edf", ".bdf", ".rec")


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
    """Return the path of an EDF file or of a header, which may be named by a signal file beside it."""
    if not isinstance(path, str):
        raise TypeError(f"a path must be text, got {path!r}.")
    root, ending = os.path.splitext(path)
    if os.path.isfile(f"{path}.hea") or (os.path.isfile(path) and ending.lower() in (".hea", *_EDF)):
        if ending == ".HEA":
            raise ValueError(f"a header must end in .hea, got {path}; rename the files of the record to small letters.")
        return path
    if ending and os.path.isfile(path) and os.path.isfile(f"{root}.hea"):
        return f"{root}.hea"
    if os.path.isdir(path):
        headers = [file for file in sorted(os.listdir(path)) if file.lower().endswith((".hea", *_EDF))]
        found = f"such as {os.path.join(path, headers[0])}, {len(headers)} in all" if headers else "it has none"
        raise IsADirectoryError(f"a record must be a file, got the folder {path}; list its headers, {found}.")
    if not os.path.exists(path):
        raise FileNotFoundError(f"a record must be an .edf file or have a header .hea that exists, got {path}.")
    if ending.lower() == ".mat":
        raise ValueError(
            f"{path} without a header {os.path.basename(root)}.hea has no rate and gain; fetch the header, or give "
            "seqconv.formats.read_mat(path, sampling_rate_hz)."
        )
    raise ValueError(
        f"a record must be an .edf or .bdf file or have a header .hea, got {path}; read it by its own library and give "
        "Recording(signal_in_millivolt, sampling_rate_hz, leads) of seqconv.data.recording, not an array."
    )


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


def read_record(
    record: Any,
    leads: Sequence[str] | None = None,
    annotator: str | None = "atr",
    missing_leads: str = "raise",
    called: str = "",
) -> Recording:
    """Return the recording of a path, or a Recording with the wanted leads alone.

    Parameters
    ----------
    record : str, path or Recording
    leads : sequence of str, optional
    annotator : str or None
        Ending of the annotation file of a WFDB record.
    missing_leads : {"raise", "nan"}, default="raise"
    called : str
        What messages call a Recording in place of its name.

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
        return _with_leads(record, leads, missing_leads, called or record.name or "the recording")
    path = _path_of(record)
    if path.lower().endswith(_EDF):
        return read_edf(path, leads=leads, missing_leads=missing_leads)
    return read_wfdb(path, leads=leads, annotator=annotator, missing_leads=missing_leads)


def lead_names(record: Any) -> list[str]:
    """Return the leads that `read_record` reads of a record, from the header of a file alone."""
    if isinstance(record, Recording):
        return list(record.leads)
    path = _path_of(record)
    units = units_of_edf(path) if path.lower().endswith(_EDF) else units_of_wfdb(path)
    return [name for name, unit in units if per_millivolt(unit) is not None]


def leads_of_all(
    records: Sequence[Any], wanted: Sequence[str] | None, missing_leads: str, numbers: Sequence[int] | None = None
) -> tuple[str, ...]:
    """Return the wanted leads, or those that all records have; any record, if missing ones become NaN.

    Parameters
    ----------
    records : list of recordings or paths
    wanted : sequence of str or None
    missing_leads : {"raise", "nan"}
    numbers : list of int, optional
        Number of the case of each record, for errors.

    Warns
    -----
    UserWarning
        If leads of some records are left out.
    """
    if wanted is not None:
        return tuple(wanted)
    sets = {}
    for place, record in enumerate(records):
        if id(record) not in sets:
            with nullcontext() if numbers is None else of_case(numbers[place]):
                sets[id(record)] = lead_names(record)
    leads, left_out = common_leads(list(sets.values()), union=missing_leads == "nan")
    if left_out:
        warnings.warn(
            f"leads that not all records have are left out: {', '.join(left_out):.200}. Name leads=[...], or fill them "
            "with NaN by missing_leads='nan'.",
            stacklevel=4,
        )
    return leads


def _path_of(record):
    if not isinstance(record, str | os.PathLike):
        raise TypeError(f"a Recording or a path of a WFDB header or EDF file is required, got {record!r:.60}.")
    return _check_path(os.fspath(record))


def _with_leads(recording, leads, missing_leads, called):
    """Return the recording with these leads alone, in this order; itself where it has no others."""
    if not recording.leads:
        raise ValueError(f"{called}: a lead is required, got annotations alone.")
    if leads is None or tuple(leads) == recording.leads:
        return recording
    columns = choose_leads(recording.leads, leads, called, missing_leads)
    there = [place for place, column in enumerate(columns) if column is not None]
    columns = [columns[place] for place in there]
    signal = np.full((len(recording.signal), len(leads)), np.nan, recording.signal.dtype)
    signal[:, there] = recording.signal[:, columns]
    limits = None if recording.limits_mv is None else np.full((len(leads), 2), np.nan)
    if limits is not None:
        limits[there] = recording.limits_mv[columns]
    return dataclasses.replace(recording, signal=signal, leads=tuple(leads), limits_mv=limits)


def name_of(record: Any, number: int) -> str:
    """Return what messages and groups call a recording: its name, that of its file, or its number."""
    name = ""
    if isinstance(record, Recording):
        name = record.name
    elif isinstance(record, str | os.PathLike):
        name = os.path.splitext(os.path.basename(os.fspath(record)))[0]
    return str(name) or f"recording {number}"
