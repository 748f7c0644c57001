"""EDF, EDF+ and BDF files of EEG, sleep and ECG recorders."""

import os
import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from seqconv.data.recording import Recording
from seqconv.domains.medical.reading import RawLead, choose_in_units, to_recording

# Annotations have no rate of their own; this one holds them to the millisecond.
_ANNOTATIONS_HZ = 1000.0
_MOST_VALUES = 2**28
_DAY_SECONDS = 86400.0


def read_edf(
    path: str | os.PathLike,
    *,
    leads: Sequence[str] | None = None,
    units: str | Mapping[str, str] | None = None,
    annotations: str | os.PathLike | None = None,
    missing_leads: str = "raise",
) -> Recording:
    """Read a recording of the European Data Format, or of BDF: its leads in millivolt and its annotations.

    Parameters
    ----------
    path : str or path
        An ``.edf`` or ``.bdf`` file. The edfio package is needed (``seqconv[medical]``).
    leads : sequence of str, optional
        Labels of the leads to read, or aliases, in this order. None reads all in volts, and warns of others.
    units : str or dict, optional
        Unit of all leads, or of each by its label, in place of that of the file.
    annotations : str or path, optional
        File whose annotations are added. None adds those of ``SC4001EC-Hypnogram.edf`` to ``SC4001E0-PSG.edf``: one
        file that begins with the same six letters and ends so.
    missing_leads : {"raise", "nan"}, default="raise"
        Raise if a wanted lead is missing, or give NaN in its place.

    Returns
    -------
    Recording
        float32 millivolt at the highest rate of its leads, NaN in the gaps of EDF+D. Annotations have the text as
        symbol, at the nearest sample, and their durations. A file of annotations alone has no leads, and 1000 Hz.

    Raises
    ------
    ValueError
        If the file is of another kind, is damaged, or has a header of impossible numbers.
    ValueError
        If a wanted lead is missing or has equal limits (a gain of 0), or none is in volts.
    OSError
        If the file does not exist.

    Warns
    -----
    UserWarning
        If leads are not in volts, the file is cut, or annotations cannot be decoded.

    References
    ----------
    Kemp and Olivan (2003), "European data format 'plus' (EDF+), an EDF alike standard format for the exchange of
    physiological data".

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "night.edf")
    >>> _ = path.write_text("WAVEfmt ")
    >>> read_edf(path)
    Traceback (most recent call last):
    ...
    ValueError: .../night.edf must begin with version 0 (EDF) or BIOSEMI (BDF), got b'WAVEfmt '.
    """
    path = Path(os.fspath(path)).absolute()
    file = _opened(path)
    notes, beside = _annotations(file, path), _hypnogram_beside(path) if annotations is None else Path(annotations)
    if beside is not None:
        notes += _annotations_of_another(beside, file)
    notes = sorted(notes, key=lambda note: note[0])
    onsets, durations, texts = zip(*notes, strict=True) if notes else ((), (), ())
    more = {"symbols": texts, "durations": durations, "name": path.stem}
    if not file.signals and notes:
        seconds = max(onset + np.nan_to_num(duration) for onset, duration, _ in notes)
        signal = np.zeros((max(1, int(np.ceil(seconds * _ANNOTATIONS_HZ))), 0), np.float32)
        return Recording(signal, _ANNOTATIONS_HZ, (), np.round(np.array(onsets) * _ANNOTATIONS_HZ).astype(int), **more)
    names = [signal.label for signal in file.signals]
    chosen, scales = choose_in_units(
        names, [signal.physical_dimension for signal in file.signals], leads, units, missing_leads, path
    )
    places = _places_of_records(file, path, len(chosen))
    raw = [None if i is None else _read_lead(file, file.signals[i], places, path) for i in chosen]
    return to_recording(raw, scales, leads or [names[i] for i in chosen], seconds=onsets, **more)


def units_of_edf(path: str | os.PathLike) -> list[tuple[str, str]]:
    """Return name and unit of each lead, from the header alone."""
    return [(one.label, one.physical_dimension) for one in _opened(Path(os.fspath(path)).absolute()).signals]


def _opened(path):
    """Return the file as edfio has it, after checks of what edfio takes as given."""
    try:
        import edfio
    except ImportError as error:
        raise ImportError("reading EDF files needs edfio: pip install seqconv[medical]") from error
    with open(path, "rb") as opened:
        version = opened.read(8)
    is_bdf = version == b"\xffBIOSEMI"
    if not is_bdf and version.strip() != b"0":
        raise ValueError(f"{path} must begin with version 0 (EDF) or BIOSEMI (BDF), got {version!r}.")
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            file = (edfio.read_bdf if is_bdf else edfio.read_edf)(path, header_encoding="latin-1")
        duration, expected = file.data_record_duration, 256 * (1 + len(file._signals))
    # edfio meets nonsense with errors of many kinds.
    except Exception as error:
        raise ValueError(f"{path}: the file cannot be decoded ({error}).") from error
    if file.bytes_in_header_record != expected or (file.signals and not 0 < duration < 1e6) or not file._signals:
        raise ValueError(
            f"{path}: the header must have signals, a duration of its records and {expected} bytes. Got "
            f"{len(file._signals)} signals, {duration:g} s and {file.bytes_in_header_record} bytes."
        )
    if file.num_data_records < 1:
        raise ValueError(f"{path} must hold a data record, got none; it is cut.")
    for warned in caught:
        warnings.warn(f"{path}: {warned.message}", stacklevel=3)
    return file


def _read_lead(file, signal, places, path):
    """Return the values of a signal in its unit; the values of each data record are at its place in time."""
    # Some programs write a decimal comma, which edfio answers with numbers that are not scaled.
    for field in ("_physical_min", "_physical_max"):
        setattr(signal, field, getattr(signal, field).replace(b",", b"."))
    try:
        limits, levels = tuple(signal.physical_range), signal.digital_max - signal.digital_min
        per_record = signal.samples_per_data_record
    except ValueError as error:
        raise ValueError(f"{path}: lead {signal.label!r} must have numbers as limits ({error}).") from error
    if limits[0] == limits[1] or levels < 1 or not np.isfinite(limits).all() or per_record < 1:
        raise ValueError(
            f"{path}: lead {signal.label!r} must have samples, and limits that differ (a gain other than 0). Got "
            f"{limits[0]:g} to {limits[1]:g} for {signal.digital_min} to {signal.digital_max}; leave it out by leads=[...]."
        )
    values = signal.data
    if places is not None:
        rate = signal.sampling_frequency
        starts = np.round(places * rate).astype(np.int64)
        spread = np.full(starts[-1] + per_record, np.nan, np.float32)
        spread[(starts[:, None] + np.arange(per_record)).ravel()] = values
        values = spread
    return RawLead(values, signal.sampling_frequency, limits, levels + 1)


def _places_of_records(file, path, n_leads):
    """Return the seconds at which each data record of EDF+D begins; None where they follow one another."""
    if not file.reserved[:5] in ("EDF+D", "BDF+D"):
        return None
    try:
        rows = file._timekeeping_signal.digital.reshape(file.num_data_records, -1)
        places = np.array([float(re.match(rb"[+-]\d+\.?\d*", row.tobytes())[0]) for row in rows])
    except (StopIteration, TypeError) as error:
        raise ValueError(f"{path}: each data record of EDF+D must have its time, one has none.") from error
    places -= places[0]
    per_second = n_leads * max(signal.sampling_frequency for signal in file.signals)
    if (np.diff(places) < file.data_record_duration * (1 - 1e-6)).any() or places[-1] * per_second > _MOST_VALUES:
        raise ValueError(
            f"{path}: the data records of EDF+D must follow in time, over at most {_MOST_VALUES / per_second:g} s for "
            f"{n_leads} leads; cut it into several files."
        )
    return places


def _annotations(file, path):
    """Return onset, duration (NaN if unknown) and text of the annotations."""
    try:
        found = file.annotations
        rows = next(iter(file._annotation_signals)).digital.reshape(file.num_data_records, -1)
        # edfio takes the first text of each record for its time.
        if any(row[0] and not re.match(rb"[+-][\d.]+\x14\x14\0", row.tobytes()) for row in rows):
            warnings.warn(f"{path}: data records lack their time, so that annotations can be lost.", stacklevel=3)
    except StopIteration:
        return []
    except ValueError as error:
        warnings.warn(f"{path}: the annotations cannot be decoded and are left out ({error}).", stacklevel=3)
        return []
    return [(note.onset, np.nan if note.duration is None else note.duration, note.text) for note in found]


def _hypnogram_beside(path):
    if not path.stem.upper().endswith("-PSG"):
        return None
    beside = [*path.parent.glob(f"{path.stem[:6]}*-[Hh]ypnogram{path.suffix}")]
    return beside[0] if len(beside) == 1 else None


def _annotations_of_another(path, file):
    """Return the annotations of another file, in seconds of this one."""
    other = _opened(path.absolute())
    clock = [one.starttime.hour * 3600 + one.starttime.minute * 60 + one.starttime.second for one in (other, file)]
    later = (clock[0] - clock[1] + _DAY_SECONDS / 2) % _DAY_SECONDS - _DAY_SECONDS / 2
    if later:
        warnings.warn(f"{path}: it begins {later:g} s after the signals; its annotations are moved so.", stacklevel=3)
    return [(onset + later, duration, text) for onset, duration, text in _annotations(other, path)]
