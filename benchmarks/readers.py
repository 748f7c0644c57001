"""Files that soundfile, wfdb, edfio and scipy.io.arff read, and how many of them seqconv reads with equal numbers.

The libraries write the files in a temporary folder, in all forms that they write; formats that wfdb only reads get random
bytes. Folders that are given, such as the test data of other projects, are walked in addition.

    python benchmarks/readers.py [FOLDER ...]
"""

import argparse
import io
import itertools
import os
import tempfile
import warnings
from collections import defaultdict
from pathlib import Path

import edfio
import numpy as np
import soundfile
import wfdb
from scipy.io import arff

from seqconv.domains.audio.reading import SUFFIXES
from seqconv.domains.medical.leads import per_millivolt
from seqconv.formats import read_arff, read_audio, read_edf, read_wfdb

RATES_HZ = (8000, 16000, 44100)
SOUND_SUFFIXES = (*SUFFIXES, *(f".{form.lower()}" for form in soundfile.available_formats()))
# Bytes of a value, and whether wfdb writes the format.
WFDB_FORMATS = {"8": 1, "61": 2, "160": 2, "310": 4 / 3, "311": 4 / 3}
WFDB_WRITTEN = ("16", "24", "32", "80", "212", "508", "516", "524")


def write_sounds(folder, rng):
    """Write a quarter of a second in all forms that soundfile writes, except those without a header."""
    for form, rate_hz, n_channels in itertools.product(soundfile.available_formats(), RATES_HZ, (1, 2)):
        times = np.arange(rate_hz // 4)[:, None] / rate_hz
        sound = 0.5 * np.sin(2 * np.pi * times * [[440, 660]]) + 0.1 * rng.normal(size=(len(times), 2)).clip(-3, 3)
        for subtype, endian in itertools.product(soundfile.available_subtypes(form), ("FILE", "LITTLE", "BIG")):
            path = folder / f"{form}_{subtype}_{endian}_{rate_hz}_{n_channels}.{form.lower()}"
            if form == "RAW" or not soundfile.check_format(form, subtype, endian):
                continue
            try:
                soundfile.write(path, sound[:, :n_channels], rate_hz, subtype, endian, form)
            except soundfile.LibsndfileError:
                path.unlink(missing_ok=True)


def write_records(folder, rng):
    """Write records of all formats, units and gains; with skew, several samples a frame and several segments."""
    wave = np.cumsum(rng.normal(size=(720, 2)), axis=0).clip(-30, 30) / 20
    names = ["MLII", "V1"]
    for form, (unit, gain, zero) in itertools.product(WFDB_WRITTEN, (("mV", 30, 0), ("uV", 0.04, 3), ("mmHg", 30, -7))):
        values = wave * (1000 if unit == "uV" else 1)
        options = {"fmt": [form] * 2, "adc_gain": [float(gain)] * 2, "baseline": [zero] * 2, "write_dir": str(folder)}
        wfdb.wrsamp(f"w{form}{unit}", 360, [unit] * 2, names, p_signal=values, **options)
    for form, n_bytes in WFDB_FORMATS.items():
        _write_record(folder, f"r{form}", [form] * 2, rng.bytes(int(np.ceil(1440 * n_bytes))))
    frames = {
        "skew": ("16", "16:7"),
        "frames": ("16", "16x4"),
        "both": ("16x2:1", "16x3:2"),
        "frames212": ("212", "212x3"),
    }
    for name, forms in frames.items():
        _write_record(folder, name, forms, rng.bytes(720 * 2 * 5))
    for name, gain in (("gain0", "0"), ("nogain", ""), ("negative", "-200(5)/mV"), ("exponent", "2e2(0)/mV")):
        _write_record(folder, name, ("16", "16"), (1000 * wave).astype("<i2").tobytes(), gain)
    _write_record(folder, "oneofeight", ("8", "8"), np.diff(500 * wave, axis=0, prepend=0).astype("i1").tobytes())
    # Layouts that wfdb does not read, and one that it does.
    (folder / "many.hea").write_text("many/4 2 360 2260\nw16mV 720\n~ 100\nw212mV 720\nw32mV 720\n")
    layout = "".join(f"~ 0 200 16 0 0 0 0 {lead}\n" for lead in ("V1", "MLII", "aVR"))
    (folder / "layout.hea").write_text(f"layout 3 360 0\n{layout}")
    (folder / "variable.hea").write_text("variable/4 3 360 1540\nlayout 0\nw16mV 720\n~ 100\nw24mV 720\n")


def _write_record(folder, name, forms, data, gain="200"):
    (folder / f"{name}.dat").write_bytes(data)
    lines = "".join(f"{name}.dat {form} {gain}".rstrip() + "\n" for form in forms)
    (folder / f"{name}.hea").write_text(f"{name} 2 360 720\n{lines}")


def write_edfs(folder, rng):
    """Write EDF and BDF files with annotations, several rates and odd units."""
    for kind, rates, unit, has_notes in itertools.product(
        ("Edf", "Bdf"), ((128, 128), (256, 1), (100, 12.5)), ("uV", "mV", "V", "nV", "", "degC", "%"), (False, True)
    ):
        signals = [
            getattr(edfio, f"{kind}Signal")(
                rng.normal(size=round(rate * 40)), rate, label=f"EEG {i}", physical_dimension=unit
            )
            for i, rate in enumerate(rates)
        ]
        notes = [edfio.EdfAnnotation(0.5, None, "W"), edfio.EdfAnnotation(2.25, 1, "R\u00e9m")] if has_notes else []
        name = f"{kind}{rates[1]}{unit or 'none'}{has_notes}".replace("%", "percent")
        getattr(edfio, kind)(signals, annotations=notes).write(folder / f"{name}.{kind.lower()}")
    for name, version in (("gaps", b"EDF+D"), ("nogaps", b"EDF+C")):
        data = bytearray((folder / "Edf128uVTrue.edf").read_bytes())
        data[192:197] = version
        (folder / f"{name}.edf").write_bytes(data)


def sound_pair(path):
    """Return what soundfile reads, and what seqconv does, whole and from the middle on, each as arrays or an error."""

    def theirs():
        whole, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
        return [whole, whole[len(whole) // 2 :], np.array([rate_hz])]

    def ours():
        whole, rate_hz = read_audio(path)
        return [whole, read_audio(path, len(whole) // 2 / rate_hz)[0], np.array([rate_hz])]

    return _tried(theirs), _tried(ours)


def record_pair(path):
    """Return the leads of a record as wfdb has them, each at its own rate, and as seqconv has them one by one."""
    name = str(path.with_suffix(""))

    def theirs():
        # Leads of several samples a frame would be averaged; of segments wfdb gives no frames.
        record = found if "/" in path.read_text("latin-1").split()[0] else wfdb.rdrecord(name, smooth_frames=False)
        leads = record.p_signal.T if record.e_p_signal is None else record.e_p_signal
        scaled = [lead / (per_millivolt(unit or "mV") or 1) for lead, unit in zip(leads, record.units, strict=True)]
        return [lead for lead in scaled if not np.isnan(lead).all()]

    found = _tried(lambda: wfdb.rdrecord(name))
    leads = getattr(found, "p_signal", np.zeros((1, 0))).T
    names = [
        found.sig_name[number] or f"lead {number}" for number, lead in enumerate(leads) if not np.isnan(lead).all()
    ]
    return _tried(theirs), _tried(lambda: _one_by_one(read_wfdb, path, names))


def edf_pair(path):
    """Return the signals as edfio has them in millivolt, and as seqconv has them one by one."""
    read = edfio.read_bdf if path.read_bytes()[:1] == b"\xff" else edfio.read_edf
    file = _tried(lambda: read(path, header_encoding="latin-1"))
    if isinstance(file, Exception):
        return file, _tried(lambda: _one_by_one(read_edf, path, ()))
    theirs = _tried(lambda: [one.data / (per_millivolt(one.physical_dimension) or 1) for one in file.signals])
    # Alone, a lead has its own rate, and gaps of EDF+D are NaN.
    ours = _tried(lambda: _one_by_one(read_edf, path, [one.label for one in file.signals]))
    is_apart = file.reserved[:5] in ("EDF+D", "BDF+D") and not isinstance(ours, Exception)
    return theirs, [lead[~np.isnan(lead)] for lead in ours] if is_apart else ours


def arff_pair(path):
    """Return the numeric columns as scipy has them, and as seqconv does."""

    def theirs():
        rows, header = arff.loadarff(io.StringIO(path.read_text()))
        return [rows[name] for name in header.names() if header[name][0] == "numeric"]

    return _tried(theirs), _tried(lambda: list(read_arff(path).values.T))


def _one_by_one(read, path, names):
    if not names or len(set(names)) < len(names):
        return list(read(path, leads=None).signal.T)
    return [read(path, leads=[name]).signal[:, 0] for name in names]


def _tried(read):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read()
    # Each library has errors of its own.
    except Exception as error:  # noqa: BLE001
        return error


def verdict(theirs, ours):
    """Return the column of a file, and the reason."""
    if isinstance(theirs, Exception):
        return ("neither", "") if isinstance(ours, Exception) else ("seqconv alone", "")
    if isinstance(ours, Exception):
        return "refused", f"{type(ours).__name__}: {ours}"
    if len(theirs) != len(ours):
        return "different", f"{len(theirs)} leads, {len(ours)} here"
    for number, (one, other) in enumerate(zip(theirs, ours, strict=True)):
        # One rounding to float32; after a seek, libmpg123 differs by two.
        if one.shape != other.shape or not np.allclose(one, other, rtol=3e-7, atol=2e-7, equal_nan=True):
            return "different", f"lead {number}: shapes {one.shape} and {other.shape}, or other numbers"
    return "equal", ""


KINDS = {
    "soundfile": (SOUND_SUFFIXES, sound_pair),
    "wfdb": ((".hea",), record_pair),
    "edfio": ((".edf", ".bdf", ".rec"), edf_pair),
    "scipy.io.arff": ((".arff",), arff_pair),
}


def count(folder, found):
    """Add the verdict of each file of a folder."""
    for place, _, names in os.walk(folder):
        for path in sorted(Path(place, name) for name in names if not name.startswith(".")):
            for kind, (suffixes, pair) in KINDS.items():
                if path.suffix.lower() in suffixes:
                    column, reason = verdict(*pair(path))
                    found[kind, column].append((path.relative_to(folder), reason))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--unwritten", action="store_true", help="read the given folders alone")
    parser.add_argument("--all", action="store_true", help="name also the files that soundfile and others do not read")
    arguments = parser.parse_args()
    found = defaultdict(list)
    if not arguments.unwritten:
        with tempfile.TemporaryDirectory() as folder:
            for write in (write_sounds, write_records, write_edfs):
                place = Path(folder, write.__name__)
                place.mkdir()
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    write(place, np.random.default_rng(0))
            count(folder, found)
    for folder in arguments.folders:
        count(folder, found)
    columns = ("equal", "different", "refused", "seqconv alone", "neither")
    print("| library | files | read by it | equal | different | refused here | read here alone | read by neither |")
    print("|---|---|---|---|---|---|---|---|")
    for kind in KINDS:
        counts = [len(found[kind, column]) for column in columns]
        print(f"| {kind} | {sum(counts)} | {sum(counts[:3])} | {' | '.join(map(str, counts))} |")
    for (kind, column), files in sorted(found.items()):
        for path, reason in files:
            if reason or (arguments.all and column != "equal"):
                print(f"{kind}, {column}: {path}: {reason}")


if __name__ == "__main__":
    main()
