"""EDF and EDF+ files of EEG, sleep and ECG recorders."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from seqconv.data.recording import Recording
from seqconv.domains.medical.leads import choose_leads, converter_limits, per_millivolt

_WHOLE = re.compile(r"-?\d{1,8}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_ANNOTATIONS = "EDF Annotations"
# Fields of a signal in the header, each for all signals together: name and bytes.
_FIELDS = {"label": 16, "transducer": 80, "unit": 8, "physical_min": 8, "physical_max": 8, "digital_min": 8}
_FIELDS |= {"digital_max": 8, "filter": 80, "n_samples": 8, "reserved": 32}


class _Header(NamedTuple):
    """Values of the header of an EDF file."""

    n_records: int
    seconds: float
    signals: list


def read_edf(path: str | os.PathLike, *, leads: Sequence[str] | None = None) -> Recording:
    """Read a recording of the European Data Format: its leads in millivolt and, for EDF+, its annotations.

    Parameters
    ----------
    path : str or path
        An ``.edf`` file. The edfio package is needed (``seqconv[medical]``).
    leads : sequence of str, optional
        Labels of the leads to read, in this order; None reads all but annotations.

    Returns
    -------
    Recording
        float32 millivolt; annotations have the text as symbol, at the nearest sample.

    Raises
    ------
    ValueError
        If the file is of another kind, or its header cannot be read exactly.
    ValueError
        If the file is longer or shorter than its header says, or an annotation cannot be decoded.
    ValueError
        If a wanted lead has equal limits (a gain of 0), or another unit than volts, or the leads have several rates.
    ValueError
        If the recording has interruptions (EDF+D).
    OSError
        If the file does not exist.

    Notes
    -----
    The header is checked here against the size of the file before edfio decodes it.

    References
    ----------
    Kemp and Olivan (2003), "European data format 'plus' (EDF+), an EDF alike standard format for the exchange of
    physiological data".

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "night.edf")
    >>> _ = path.write_text("0       cut")
    >>> read_edf(path)
    Traceback (most recent call last):
    ...
    ValueError: .../night.edf must begin with a whole EDF header of at least 256 bytes, got 11 bytes.
    """
    path = Path(os.fspath(path)).absolute()
    header = _read_header(path)
    signals = [signal for signal in header.signals if signal["label"] != _ANNOTATIONS]
    if not signals:
        raise ValueError(f"{path} must hold at least one signal that is not annotations, got none.")
    chosen = choose_leads([signal["label"] for signal in signals], leads, path)
    rates = {signals[i]["n_samples"] / header.seconds for i in chosen}
    for signal in (signals[i] for i in chosen):
        _check_signal(signal, rates, path)
    try:
        import edfio
    except ImportError as error:
        raise ImportError("reading EDF files needs edfio: pip install seqconv[medical]") from error
    try:
        file = edfio.read_edf(path)
        digital = [file.signals[i].digital for i in chosen]
        notes = [(note.onset, note.text) for note in file.annotations]
    except Exception as error:
        raise ValueError(f"{path}: the signals or annotations cannot be decoded ({error}).") from error
    scales = [_scale(signals[i]) for i in chosen]
    signal = [(values * gain + level).astype(np.float32) for values, (gain, level) in zip(digital, scales, strict=True)]
    limits = [_limits(values, signals[i]) for values, i in zip(signal, chosen, strict=True)]
    rate = rates.pop()
    samples = np.array([round(onset * rate) for onset, _ in notes], np.int64)
    names = [signals[i]["label"] for i in chosen]
    return Recording(np.stack(signal, axis=1), rate, names, samples, [text for _, text in notes], limits, path.stem)


def _read_header(path):
    """Read the header and check it against the size of the file."""
    with open(path, "rb") as file:
        fixed = file.read(256)
        if len(fixed) < 256:
            raise ValueError(
                f"{path} must begin with a whole EDF header of at least 256 bytes, got {len(fixed)} bytes."
            )
        if fixed[:8] != b"0       ":
            raise ValueError(f"{path} must be an EDF file, whose version is 0, got {fixed[:8]!r}; BDF is not read.")
        n_bytes, n_records = (_number(fixed, start, 8, path, _WHOLE) for start in (184, 236))
        seconds, n_signals = _number(fixed, 244, 8, path), _number(fixed, 252, 4, path, _WHOLE)
        if n_signals < 1 or n_bytes != 256 * (n_signals + 1) or n_records < 1 or not 0 < seconds < 1e6:
            raise ValueError(
                f"{path}: the header must have signals, records, a duration and 256 bytes for itself and each signal. "
                f"Got {n_signals} signals, {n_records} records of {seconds:g} s and {n_bytes} bytes."
            )
        if fixed[192:197] == b"EDF+D":
            raise ValueError(f"{path} must be one recording without interruptions, got EDF+D; cut it into several.")
        table = file.read(256 * n_signals)
        if len(table) < 256 * n_signals:
            raise ValueError(f"{path} must hold a header of {n_signals} signals, it is cut.")
        signals = [_signal(table, number, n_signals, path) for number in range(n_signals)]
        expected = n_bytes + 2 * n_records * sum(signal["n_samples"] for signal in signals)
        if os.fstat(file.fileno()).st_size != expected:
            raise ValueError(
                f"{path} must have the {expected} bytes of its header, got {os.fstat(file.fileno()).st_size}; it is cut "
                "or damaged."
            )
    return _Header(n_records, seconds, signals)


def _signal(table, number, n_signals, path):
    """Return the fields of one signal."""
    signal, start = {}, 0
    for name, width in _FIELDS.items():
        place = start + number * width
        if name in ("label", "unit"):
            signal[name] = table[place : place + width].decode("latin-1").strip()
        elif name in ("physical_min", "physical_max"):
            signal[name] = _number(table, place, width, path)
        elif name in ("digital_min", "digital_max", "n_samples"):
            signal[name] = _number(table, place, width, path, _WHOLE)
        start += n_signals * width
    if signal["n_samples"] < 1:
        raise ValueError(f"{path}: signal {signal['label']!r} must have a sample or more, got {signal['n_samples']}.")
    return signal


def _number(data, start, width, path, kind=_NUMBER):
    text = data[start : start + width].decode("latin-1").strip()
    if not kind.fullmatch(text):
        raise ValueError(f"{path}: the header must have a number at byte {start}, got {text!r}.")
    value = float(text)
    return int(value) if kind is _WHOLE else value


def _check_signal(signal, rates, path):
    label = signal["label"]
    if signal["physical_min"] == signal["physical_max"] or signal["digital_min"] >= signal["digital_max"]:
        raise ValueError(
            f"{path}: lead {label!r} must have limits that differ (a gain other than 0), got "
            f"{signal['physical_min']:g} to {signal['physical_max']:g} for {signal['digital_min']} to "
            f"{signal['digital_max']}; leave it out by leads=[...]."
        )
    if per_millivolt(signal["unit"]) is None:
        raise ValueError(
            f"{path}: lead {label!r} must be in mV, uV or V, got {signal['unit']!r}; leave it out by leads=[...]."
        )
    if len(rates) > 1:
        raise ValueError(f"{path}: the leads must have one rate, got {sorted(rates)} Hz; choose by leads=[...].")


def _limits(values, signal):
    """Return least and largest millivolt of the converter, NaN where the file does not have it."""
    ends = sorted(signal[name] / per_millivolt(signal["unit"]) for name in ("physical_min", "physical_max"))
    return converter_limits(values, *ends, signal["digital_max"] - signal["digital_min"] + 1)


def _scale(signal):
    """Return millivolt of a step of the converter, and of its 0."""
    low, high = (signal[limit] / per_millivolt(signal["unit"]) for limit in ("physical_min", "physical_max"))
    gain = (high - low) / (signal["digital_max"] - signal["digital_min"])
    return gain, low - signal["digital_min"] * gain
