"""WFDB records, as PhysioNet distributes them: a header with files of signals and annotations."""

import os
import re
import warnings
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np

from seqconv.data.recording import Recording
from seqconv.domains.medical.leads import choose_leads, converter_limits, per_millivolt
from seqconv.domains.medical.wfdb_header import FORMATS, read_header


def read_wfdb(
    path: str | os.PathLike, *, leads: Sequence[str] | None = None, annotator: str | None = "atr"
) -> Recording:
    """Read a record of the Waveform Database format: its leads in millivolt and the annotations of one annotator.

    Parameters
    ----------
    path : str or path
        The header, ``.../119.hea``, or the record, ``.../119``. The wfdb package is needed (``seqconv[medical]``).
    leads : sequence of str, optional
        Leads to read, in this order; None reads all.
    annotator : str, optional
        Ending of the annotation file; None, or a file that does not exist, gives no annotations.

    Returns
    -------
    Recording
        float32 millivolt, NaN where the format marks a sample as not observed.

    Raises
    ------
    ValueError
        If the header cannot be read exactly: a file outside the record's folder, no gain above 0, leads of different
        rates, several segments. The message names file and line.
    ValueError
        If a wanted lead has another unit than volts.
    ValueError
        If a signal file is longer or shorter than the header says, or has another checksum.
    ValueError
        If annotations cannot be decoded or are not in order of time.
    OSError
        If a file does not exist.

    Notes
    -----
    The header is read strictly here, and the signal file measured before wfdb decodes it. Formats without a fixed size
    (8, and compressed 508 to 524) are rejected. Annotations beyond the end are kept; `ECGAdapter.cases` names them.

    References
    ----------
    Moody and others, WFDB Applications Guide, header(5), signal(5) and annot(5).

    Examples
    --------
    >>> import pathlib, tempfile
    >>> record = pathlib.Path(tempfile.mkdtemp(), "tiny.hea")
    >>> _ = record.write_text("tiny 1 360 2\\ntiny.dat 16 0\\n")
    >>> read_wfdb(record)
    Traceback (most recent call last):
    ...
    ValueError: .../tiny.hea, line 2: a gain above 0 is required, ... got '0'; write the gain into the header.
    """
    header = _header_path(path)
    n_samples, rate, found = read_header(header)
    chosen = choose_leads([lead.name for lead in found], leads, header)
    for lead in (found[i] for i in chosen):
        if per_millivolt(lead.unit) is None:
            raise ValueError(
                f"{header}: lead {lead.name!r} must be in mV, uV or V, got {lead.unit!r}; leave it out by leads=[...]."
            )
    n_samples = _measure_files(header.parent, found, n_samples)
    digital = _decode(header, found, n_samples)
    signal = np.stack([_millivolt(digital[:, i], found[i]) for i in chosen], axis=1)
    limits = [_limits(digital[:, i], found[i]) for i in chosen]
    samples, symbols = _read_annotations(header, annotator, rate)
    return Recording(signal, rate, [found[i].name for i in chosen], samples, symbols, limits, header.stem)


def _header_path(path):
    path = os.fspath(path)
    if not isinstance(path, str) or "::" in path or "://" in path or "\0" in path:
        raise ValueError(f"a record must be a local file, got {path!r}; download it first.")
    header = Path(path if path.endswith(".hea") else f"{path}.hea").absolute()
    if not header.is_file():
        raise FileNotFoundError(f"the header of the record must exist, got {header}.")
    if not re.fullmatch(r"[\w-]+", header.stem):
        raise ValueError(
            f"a record must have a name of letters, digits, _ and -, got {header.stem!r}; rename its files."
        )
    return header


def _measure_files(folder, leads, n_samples):
    """Return the number of samples of the record, by the first file if the header does not have it.

    A signal file that is elsewhere or does not hold as many is rejected before anything is decoded.
    """
    for name, group in groupby(leads, key=lambda lead: lead.file):
        in_file, path = list(group), folder / name
        if len({lead[1:3] for lead in in_file}) > 1 or sum(lead.file == name for lead in leads) > len(in_file):
            raise ValueError(f"{path}: the leads of a file must follow one another in the header and have one format.")
        if path.resolve().parent != folder.resolve():
            raise ValueError(f"{path} must be in the folder of the record, got a link out of it; copy it there.")
        if not path.is_file():
            raise FileNotFoundError(f"the signal file of the record must exist, got {path}.")
        n_bytes = path.stat().st_size - in_file[0].offset
        (size, count), _ = FORMATS[in_file[0].format]
        n_samples = n_samples or n_bytes * count // size // len(in_file)
        n_values = max(1, n_samples) * len(in_file)
        if not -(-n_values * size // count) <= n_bytes <= -(-n_values // count) * size:
            raise ValueError(
                f"{path} must hold {n_samples} samples of {len(in_file)} leads, {-(-n_values * size // count)} bytes, got "
                f"{n_bytes}; it is cut or not the file of this header."
            )
    return n_samples


def _decode(header, leads, n_samples):
    """Return the numbers of the converter, int32 (n_samples, n_leads), checked against the checksums."""
    try:
        import wfdb
    except ImportError as error:
        raise ImportError("reading WFDB records needs wfdb: pip install seqconv[medical]") from error
    try:
        with warnings.catch_warnings():
            # wfdb uses a keyword that pandas will drop.
            warnings.simplefilter("ignore")
            record = wfdb.rdrecord(str(header.with_suffix("")), physical=False, return_res=32)
    except Exception as error:
        raise ValueError(f"{header}: the signals cannot be decoded ({error}).") from error
    if record.d_signal.shape != (n_samples, len(leads)) or record.file_name != [lead.file for lead in leads]:
        raise ValueError(
            f"{header}: the header must have one meaning alone, got one that wfdb reads in another way; write one lead a line."
        )
    for lead, values in zip(leads, record.d_signal.T, strict=True):
        if lead.checksum is not None and (int(values.sum(dtype=np.int64)) - lead.checksum) % 2**16:
            path = header.parent / lead.file
            raise ValueError(f"{path}: the checksum of lead {lead.name!r} is wrong; fetch the file again.")
    return record.d_signal


def _millivolt(values, lead):
    signal = (values.astype(np.float64) - lead.baseline) / lead.gain / per_millivolt(lead.unit)
    signal[values == FORMATS[lead.format][1]] = np.nan
    return signal.astype(np.float32)


def _limits(values, lead):
    """Return least and largest millivolt of the converter; NaN if the header does not have them or is plainly wrong."""
    half = 2**lead.bits // 2
    least, most = lead.zero - half, lead.zero + half - 1
    observed = values[values != FORMATS[lead.format][1]]
    if lead.bits == 0 or not len(observed) or observed.min() < least or observed.max() > most:
        return np.nan, np.nan
    digital = np.array([least, most, observed.min(), observed.max()], np.float64)
    millivolt = (digital - lead.baseline) / lead.gain / per_millivolt(lead.unit)
    return converter_limits(millivolt[2:], *millivolt[:2], 2**lead.bits)


def _read_annotations(header, annotator, rate):
    """Return sample numbers at the rate of the record, and symbols, of the annotation file of the header."""
    if annotator is None:
        return (), ()
    if not isinstance(annotator, str) or not re.fullmatch(r"\w{1,20}", annotator):
        raise ValueError(f"annotator must be the ending of a file, such as 'atr', got {annotator!r}.")
    path = header.with_suffix(f".{annotator}")
    if not path.exists():
        return (), ()
    if path.resolve().parent != header.parent.resolve():
        raise ValueError(f"{path} must be in the folder of the record, got a link out of it; copy it there.")
    if not _ends_as_it_should(path.read_bytes()):
        raise ValueError(f"{path}: the annotations must end with two zero bytes and there alone; fetch the file again.")
    import wfdb

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = wfdb.rdann(str(header.with_suffix("")), annotator)
        samples, symbols = np.asarray(found.sample, np.int64), np.asarray(found.symbol, dtype=str)
        # The file can have a rate of its own; without one, that of the header counts.
        if found.fs:
            samples = np.round(samples * (rate / found.fs)).astype(np.int64)
    except Exception as error:
        raise ValueError(f"{path}: the annotations cannot be decoded ({error}).") from error
    if not all(isinstance(symbol, str) for symbol in found.symbol):
        raise ValueError(f"{path}: each annotation must have the code of a symbol, one has not.")
    if len(samples) and (samples[0] < 0 or (np.diff(samples) < 0).any()):
        raise ValueError(f"{path}: the annotations must be in order of time from sample 0 on; sort them.")
    return samples, symbols


def _ends_as_it_should(data):
    """Return whether the annotations, read field by field, end with the file."""
    words = np.frombuffer(data[: len(data) // 2 * 2], "<u2")
    place = 0
    while place < len(words) and words[place]:
        code, value = words[place] >> 10, words[place] & 1023
        # Code 59 is a long interval, 63 a text.
        place += 1 + (2 if code == 59 else (int(value) + 1) // 2 if code == 63 else 0)
    return len(data) % 2 == 0 and place == len(words) - 1
