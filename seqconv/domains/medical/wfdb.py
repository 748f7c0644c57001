"""WFDB records, as PhysioNet distributes them: a header with files of signals and annotations."""

import dataclasses
import os
import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from seqconv.data.recording import Recording
from seqconv.domains.medical.leads import choose_leads, per_millivolt, plain_name
from seqconv.domains.medical.reading import RawLead, choose_in_units, to_recording
from seqconv.domains.medical.wfdb_annotations import call_wfdb, read_wfdb_annotations

# wfdb skips what it cannot read in a field of the header: "1.2.3" becomes 1.2 and shifts the fields after it.
_RECORD_FIELDS = (r"\S+", r"\d+", r"\d*\.?\d+(/\S*)?", r"\d+")
_SEGMENT_FIELDS = (r"[\w-]+|~", r"\d+")
_GAIN = r"(-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?)(\(-?\d+\))?(/(?P<unit>[\w^?%/\u00b0-]+))?"
_LEAD_FIELDS = (r"~?[\w-]*(\.\w+)?", r"\d+(x\d+)?(:\d+)?(\+\d+)?", _GAIN, r"\d+", *[r"-?\d+"] * 3, r"\d+")
# Bytes of a sample; compressed formats have no fixed size.
_BYTES = {"8": 1, "16": 2, "24": 3, "32": 4, "61": 2, "80": 1, "160": 2, "212": 3 / 2, "310": 4 / 3, "311": 4 / 3}


def read_wfdb(
    path: str | os.PathLike,
    *,
    leads: Sequence[str] | None = None,
    annotator: str | None = "atr",
    units: str | Mapping[str, str] | None = None,
    missing_leads: str = "raise",
) -> Recording:
    """Read a record of the Waveform Database format: its leads in millivolt and the annotations of one annotator.

    Parameters
    ----------
    path : str or path
        The header, ``.../119.hea``, or the record, ``.../119``. The wfdb package is needed (``seqconv[medical]``).
    leads : sequence of str, optional
        Leads to read, or aliases, in this order; None reads all in volts, and warns of others.
    annotator : str, optional
        Ending of the annotation file; None, or a file that does not exist, gives no annotations.
    units : str or dict, optional
        Unit of all leads, or of each by its name, in place of that of the header.
    missing_leads : {"raise", "nan"}, default="raise"
        Raise if a wanted lead is missing, or give NaN in its place.

    Returns
    -------
    Recording
        float32 millivolt at the highest rate of its leads. NaN where the format marks a sample as not observed, and in
        the gaps of records of several segments. Comments are those of the header, without ``#``.

    Raises
    ------
    ValueError
        If a field of the header cannot be read, or a signal file does not fit it or its checksum.
    ValueError
        If a wanted lead is missing, or none is in volts.
    ValueError
        If annotations cannot be decoded.
    OSError
        If a file does not exist.

    Warns
    -----
    UserWarning
        If the gain is missing or 0, which means 200 steps a millivolt, or leads are not in volts.
    UserWarning
        If a signal file is longer than the header says, or annotations are not in order of time.

    References
    ----------
    Moody and others, WFDB Applications Guide, header(5), signal(5) and annot(5).

    Examples
    --------
    >>> import pathlib, tempfile
    >>> record = pathlib.Path(tempfile.mkdtemp(), "tiny.hea")
    >>> _ = record.write_text("tiny 1 360 2\\ntiny.dat 16 1.2.3\\n")
    >>> read_wfdb(record)
    Traceback (most recent call last):
    ...
    ValueError: .../tiny.hea, line 2: field 3 of the header cannot be read, got '1.2.3'.
    """
    header = _header_path(path)
    found = _read_header(header)
    read = _read_segments if hasattr(found, "seg_name") else _read_single
    recording = read(header, found, leads, units, missing_leads)
    samples, symbols, texts = read_wfdb_annotations(header, annotator, found.fs, recording.sampling_rate_hz)
    fields = {"samples": samples, "symbols": symbols, "texts": texts, "comments": found.comments}
    return dataclasses.replace(recording, **fields)


def units_of_wfdb(path: str | os.PathLike) -> list[tuple[str, str]]:
    """Return name and unit of each lead, from the headers alone."""
    header = _header_path(path)
    found = _read_header(header)
    if hasattr(found, "seg_name"):
        found = _read_header(header.with_name(f"{next(name for name in found.seg_name if name != '~')}.hea"))
    return list(zip(_names(found), found.units or (), strict=True))


def header_of_wfdb(path: str | os.PathLike) -> Any:
    """Return the header as wfdb has it, with its rate ``fs`` and its ``comments``."""
    return _read_header(_header_path(path))


def _header_path(path):
    path = os.fspath(path)
    # wfdb would fetch an address.
    if not isinstance(path, str) or "::" in path or "://" in path or "\0" in path:
        raise ValueError(f"a record must be a local file, got {path!r}; download it first.")
    header = Path(path if path.endswith(".hea") else f"{path}.hea").absolute()
    if not header.is_file():
        raise FileNotFoundError(f"the header of the record must exist, got {header}.")
    return header


def _read_header(header):
    """Return the header as wfdb has it, after a check of what wfdb would read in part."""
    lines = [(number, _text(line).split()) for number, line in enumerate(header.read_bytes().splitlines(), 1)]
    lines = [(number, fields) for number, fields in lines if fields and not fields[0].startswith("#")]
    is_multiple = bool(lines) and "/" in lines[0][1][0]
    for row, (number, fields) in enumerate(lines):
        patterns = _RECORD_FIELDS if row == 0 else _SEGMENT_FIELDS if is_multiple else _LEAD_FIELDS
        for place, (field, pattern) in enumerate(zip(fields, patterns, strict=False), 1):
            if not re.fullmatch(pattern, field):
                raise ValueError(
                    f"{header}, line {number}: field {place} of the header cannot be read, got {field!r:.60}."
                )
    found = call_wfdb(header, "header", "rdheader", str(header.with_suffix("")))
    n_lines, n_samples = found.n_seg if is_multiple else found.n_sig, found.sig_len
    if not n_lines == len(lines) - 1 > 0 or not found.fs or n_samples == 0:
        raise ValueError(
            f"{header}: a line for each lead or segment, a rate above 0 Hz and at least one sample are required. Got "
            f"{n_lines} leads or segments, {len(lines) - 1} lines, {found.fs:g} Hz and {n_samples} samples."
        )
    found.assumed = [] if len(lines[0][1]) > 2 else ["250 Hz"]
    if not is_multiple:
        gains = [re.fullmatch(_GAIN, (fields[2:] or ["0"])[0]) for _, fields in lines[1:]]
        # wfdb reads µV as V.
        found.units = [gain["unit"] or "mV" for gain in gains]
        found.assumed += ["a gain of 200 steps a mV"] if any(float(gain[1]) == 0 for gain in gains) else []
        if not np.isfinite(found.adc_gain).all():
            raise ValueError(f"{header}: each gain must be a finite number, got {found.adc_gain}.")
    return found


def _text(line):
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _names(found):
    return [name or f"lead {number}" for number, name in enumerate(found.sig_name or ())]


def _read_single(header, found, leads, units, missing_leads):
    """Return a record of one segment, without annotations."""
    names = _names(found)
    chosen, scales = choose_in_units(names, found.units, leads, units, missing_leads, header)
    if found.assumed:
        warnings.warn(f"{header}: the header lacks values; {', '.join(found.assumed)} are assumed.", stacklevel=4)
    _check_files(header, found)
    channels = sorted({i for i in chosen if i is not None})
    # wfdb cannot give format 61 frame by frame.
    options = {"smooth_frames": max(found.samps_per_frame) == 1, "channels": channels, "ignore_skew": True}
    record = call_wfdb(
        header, "signals", "rdrecord", str(header.with_suffix("")), physical=False, return_res=32, **options
    )
    raw = dict(zip(channels, _leads_of(record, found, header), strict=True))
    return to_recording([raw.get(i) for i in chosen], scales, leads or [names[i] for i in chosen], header.stem)


def _check_files(header, found):
    """Check what wfdb takes as given: one format a file, and its size."""
    for name in dict.fromkeys(found.file_name):
        of_file = [i for i, file in enumerate(found.file_name) if file == name]
        path, form, offset = header.with_name(name), found.fmt[of_file[0]], found.byte_offset[of_file[0]] or 0
        if len({found.fmt[i] for i in of_file}) > 1 or of_file != [*range(of_file[0], of_file[-1] + 1)]:
            raise ValueError(f"{path}: the leads of a file must follow one another in the header and have one format.")
        if form in _BYTES and path.is_file() and found.sig_len:
            n_values = found.sig_len * sum(found.samps_per_frame[i] for i in of_file)
            n_bytes, n_there = int(np.ceil(n_values * _BYTES[form] - 1e-6)), path.stat().st_size - offset
            what = f"{path} must have the {n_bytes} bytes that its header says, got {n_there}"
            if n_there < n_bytes:
                raise ValueError(f"{what}; it is cut or not the file of this header.")
            if n_there > n_bytes + 4:
                warnings.warn(f"{what}; the rest is not read. Check the number of leads.", stacklevel=5)


def _leads_of(record, found, header):
    """Yield the leads of a record that wfdb decoded, checked against their checksums, which wfdb ignores."""
    has_frames = record.e_d_signal is not None
    digitals, physical = record.e_d_signal if has_frames else record.d_signal.T, record.dac(expanded=has_frames)
    for i, (digital, values) in enumerate(zip(digitals, physical if has_frames else physical.T, strict=True)):
        checksum = record.checksum[i] if found.sig_len else None
        if checksum is not None and (int(digital.sum(dtype=np.int64)) - checksum) % 2**16:
            name = record.sig_name[i]
            raise ValueError(f"{header}: the checksum of lead {name!r} is wrong; fetch the files again.")
        # Shifted here, as the checksum is that of the file.
        n_frame = record.samps_per_frame[i]
        skew = (record.skew[i] or 0) * n_frame
        observed, values = digital[~np.isnan(values)], np.append(values[skew:], np.full(min(skew, len(values)), np.nan))
        half = 2 ** (record.adc_res[i] or 0) // 2
        ends = np.array([-half, half - 1]) + (record.adc_zero[i] or 0)
        is_known = half and len(observed) and ends[0] <= observed.min() and observed.max() <= ends[1]
        ends = (ends - record.baseline[i]) / record.adc_gain[i] if is_known else (np.nan, np.nan)
        yield RawLead(values, record.fs * n_frame, tuple(ends), 2 * half)


def _read_segments(header, found, leads, units, missing_leads):
    """Return a record of several segments, each read and scaled by itself; NaN where a segment or a lead is missing."""
    parts, names, starts = [], [], np.cumsum([0, *found.seg_len])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for name, start, length in zip(found.seg_name, starts, found.seg_len, strict=False):
            if name == "~" or not length:
                continue
            path = header.with_name(f"{name}.hea")
            if not path.is_file():
                raise FileNotFoundError(f"{header}: the header of each of its segments must exist, got no {path}.")
            one = _read_header(path)
            if hasattr(one, "seg_name") or one.fs != found.fs:
                raise ValueError(f"{path}: a segment must have the rate of its record and no segments itself.")
            names += _names(one)
            in_volts = [units or per_millivolt(unit) for unit in one.units]
            wanted = {*map(plain_name, leads or [])} & {*map(plain_name, _names(one))}
            if wanted or (leads is None and any(in_volts)):
                parts.append((start, length, _read_single(path, one, leads, units, "nan")))
    if caught:
        warnings.warn(f"{header}, {len(caught)} warnings of segments, such as {caught[0].message}", stacklevel=3)
    if not parts and leads is None:
        raise ValueError(f"{header}: a segment with leads in mV, uV or V is required, got none; give units or leads.")
    leads = list(leads or dict.fromkeys(name for _, _, part in parts for name in part.leads))
    choose_leads([*dict.fromkeys(names)], leads, header, missing_leads)
    rate = max(part.sampling_rate_hz for _, _, part in parts)
    signal = np.full((round(starts[-1] * rate / found.fs), len(leads)), np.nan, np.float32)
    for start, length, part in parts:
        first, stop = (round(place * rate / found.fs) for place in (start, start + length))
        if part.sampling_rate_hz != rate or len(set(part.leads)) < len(part.leads) or len(part.signal) < stop - first:
            raise ValueError(f"{header}: segments must have one rate, their full length, and leads of different names.")
        signal[first:stop, [leads.index(name) for name in part.leads]] = part.signal[: stop - first]
    return Recording(signal, rate, leads, name=header.stem)
