"""What an ECGAdapter takes for a record, and the one way from there to a recording."""

import os

import numpy as np

from seqconv.data.excerpt import Excerpt
from seqconv.data.recording import Recording
from seqconv.domains.medical.edf import read_edf
from seqconv.domains.medical.leads import choose_leads
from seqconv.domains.medical.parameters import MOST_LEADS
from seqconv.domains.medical.wfdb import read_wfdb


def check_records(X):
    """The records as a list, checked as far as no file has to be opened.

    Raises
    ------
    TypeError, ValueError, FileNotFoundError
        No list; a record of another kind, without values or of a file that is not there. By case.
    """
    return [check_record(record, f"case {case}") for case, record in enumerate(check_list(X))]


def check_list(X):
    """X as a list of anything; a 3-D array is a list of 2-D ones."""
    is_one = isinstance(X, str | bytes | os.PathLike | dict | set | Recording | Excerpt)
    if is_one or not (hasattr(X, "__len__") and hasattr(X, "__iter__")) or (isinstance(X, np.ndarray) and X.ndim < 2):
        raise TypeError(f"X must be a list of recordings, excerpts, paths or arrays, got one {type(X).__name__}.")
    if len(X) == 0:
        raise ValueError("at least one record is required, got none.")
    return list(X)


def check_record(record, name):
    """The record, a path as a string, or an error that calls it `name`."""
    if isinstance(record, Recording):
        return record
    if isinstance(record, Excerpt):
        n_samples = len(record.recording.signal)
        if not 0 <= record.anchor < n_samples:
            raise ValueError(f"an excerpt must lie in its recording of {n_samples} samples, {name} is {record!r}.")
        return record
    if isinstance(record, str | os.PathLike):
        return _check_path(os.fspath(record), name)
    if isinstance(record, np.ndarray) and not isinstance(record, np.ma.MaskedArray):
        return _check_array(record, name)
    raise TypeError(
        f"a record must be a Recording, an Excerpt, a path of a WFDB header or EDF file, or an array (n_steps, n_leads), "
        f"{name} is {record!r:.60}."
    )


def _check_path(path, name):
    if not isinstance(path, str):
        raise TypeError(f"a path must be text, {name} is {path!r}.")
    root, ending = os.path.splitext(path)
    if (os.path.isfile(path) and (ending == ".hea" or ending.lower() == ".edf")) or os.path.isfile(f"{path}.hea"):
        return path
    if os.path.isdir(path):
        headers = [file for file in sorted(os.listdir(path)) if file.endswith((".hea", ".edf"))]
        found = f"such as {os.path.join(path, headers[0])}, {len(headers)} in all" if headers else "it has none"
        raise IsADirectoryError(f"a record must be a file, {name} is the folder {path}; list its headers, {found}.")
    if not os.path.exists(path):
        raise FileNotFoundError(f"a record must be an .edf file or have a header .hea, {name} has none: {path}.")
    advice = "convert it"
    if os.path.isfile(f"{root}.hea"):
        advice = f"give its header, {root}.hea"
    elif ending == ".HEA":
        advice = "rename the files of the record to small letters, .hea"
    elif ".csv" in os.path.basename(path).lower():
        advice = "read it with seqconv.formats.read_heartbeats, or pandas, and give its rows as arrays"
    raise ValueError(f"a record must be an .edf file or have a header .hea, {name} is {path}; {advice}.")


def _check_array(record, name):
    if record.ndim == 1:
        record = record[:, None]
    if record.ndim != 2 or 0 in record.shape or record.dtype.kind not in "fiu":
        raise ValueError(
            f"an array must be numbers (n_steps, n_leads), at least one of each, {name} is {record.dtype} {record.shape}."
        )
    if record.shape[1] > MOST_LEADS:
        raise ValueError(
            f"an array must be (n_steps, n_leads) of at most {MOST_LEADS} leads, {name} has shape {record.shape}; "
            "transpose it."
        )
    with np.errstate(over="ignore"):
        values = record.astype(np.float32)
    if np.isinf(values).any():
        raise ValueError(f"an array must be finite or NaN (missing) and fit float32, {name} is not.")
    if np.isnan(values).all():
        raise ValueError(f"a record must have an observed value, all of {name} is NaN; leave it out.")
    return record


def read_record(record, name, leads=None, annotator="atr"):
    """The recording of a path; a Recording as it is, without other leads than those wanted.

    Parameters
    ----------
    record : str, path or Recording
    name : str
        What errors call it; of what lies in files they name the file.
    leads : sequence of str, optional
    annotator : str or None

    Returns
    -------
    Recording
    """
    if isinstance(record, Recording):
        return _with_leads(record, leads, name)
    if not isinstance(record, str | os.PathLike):
        raise TypeError(f"{name}: a Recording or a path of a WFDB header or EDF file is required, got {record!r:.60}.")
    path = _check_path(os.fspath(record), name)
    if path.lower().endswith(".edf"):
        return read_edf(path, leads=leads)
    return read_wfdb(path, leads=leads, annotator=annotator)


def _with_leads(recording, leads, name):
    """The recording with these leads alone, in this order; itself where it has no others."""
    if leads is None or tuple(leads) == recording.leads:
        return recording
    columns = choose_leads(list(recording.leads), leads, name)
    limits = None if recording.limits_mv is None else recording.limits_mv[columns]
    rate, annotations = recording.sampling_rate_hz, (recording.samples, recording.symbols)
    return Recording(recording.signal[:, columns], rate, leads, *annotations, limits, recording.name)


def name_of(record, number):
    """What messages and groups call a recording."""
    name = ""
    if isinstance(record, Recording):
        name = record.name
    elif isinstance(record, str | os.PathLike):
        name = os.path.splitext(os.path.basename(os.fspath(record)))[0]
    return str(name) or f"recording {number}"
