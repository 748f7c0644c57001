"""Whole tasks from a folder of recordings to answers, in a few lines each."""

import pathlib
import re
import struct

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from seqconv import SeqConvClassifier
from seqconv.adapters import ECGAdapter
from seqconv.data.splits import split_cases
from seqconv.encoders import FCN
from seqconv.formats import read_header_labels

wfdb = pytest.importorskip("wfdb", reason="wfdb is not installed: pip install seqconv[medical]")
edfio = pytest.importorskip("edfio", reason="edfio is not installed: pip install seqconv[medical]")
LEADS = ["I", "II", "III", "AVR", "AVL", "AVF", "V1", "V2", "V3", "V4", "V5", "V6"]


def network(adapter):
    return SeqConvClassifier(FCN((4, 4), (9, 5)), adapter=adapter, epochs=15, learning_rate=0.03, random_state=0)


def heart(draw, seconds, rate, bpm, height=1.0):
    time = np.arange(seconds * rate) / rate
    phase = (time * bpm / 60 + draw.uniform()) % 1 - 0.5
    return height * np.exp(-0.5 * (phase * 60 / bpm / 0.02) ** 2) + 0.02 * draw.normal(size=len(time))


def test_a_folder_of_twelve_leads_and_several_labels_gives_an_auc_per_class(tmp_path):
    draw, rows = np.random.default_rng(0), []
    for number in range(40):
        fast, low = draw.random(2) < 0.5
        wave = heart(draw, 10, 100, 130 if fast else 60, 0.3 if low else 1.2)[:, None] * np.linspace(1, 0.5, 12)
        wfdb.wrsamp(f"r{number}", 100, ["mV"] * 12, LEADS, wave, fmt=["16"] * 12, write_dir=str(tmp_path))
        rows.append({"file": f"r{number}.hea", "fast": int(fast), "low": int(low), "strat_fold": number % 10 + 1})
    pd.DataFrame(rows).to_csv(tmp_path / "table.csv", index=False)

    table = pd.read_csv(tmp_path / "table.csv")
    paths, y = [str(tmp_path / file) for file in table["file"]], table[["fast", "low"]]
    cases = ECGAdapter(100, window_seconds=(0, 10)).cases(paths, y, around="windows")
    is_test = table["strat_fold"].to_numpy() > 8
    classifier = network(ECGAdapter(100, window_seconds=(0, 10))).fit(cases[~is_test])
    aucs = roc_auc_score(cases[is_test].y, classifier.predict_proba(cases[is_test].X), average=None)
    assert aucs.shape == (2,) and np.isfinite(aucs).all()
    assert cases.X[0].recording.leads == tuple(LEADS) and list(cases.y.columns) == ["fast", "low"]


def test_a_folder_of_short_and_long_records_with_a_table_of_labels_as_cinc_2017(tmp_path):
    draw, rows = np.random.default_rng(0), []
    for number in range(24):
        bpm, seconds = (140, 9) if number % 2 else (60, int(draw.integers(9, 40)))
        wave = heart(draw, seconds, 100, bpm)[:, None]
        wfdb.wrsamp(f"A{number:05d}", 100, ["mV"], ["ECG"], wave, fmt=["16"], write_dir=str(tmp_path))
        rows.append(f"A{number:05d},{'A' if number % 2 else 'N'}")
    (tmp_path / "REFERENCE.csv").write_text("\n".join(rows))

    table = pd.read_csv(tmp_path / "REFERENCE.csv", names=["record", "label"])
    paths, adapter = [str(tmp_path / name) for name in table["record"]], ECGAdapter(100, window_seconds=(0, 20))
    with pytest.warns(UserWarning, match="recordings are shorter than a window"):
        cases = adapter.cases(paths, table["label"], around="windows")
    train, test = split_cases(cases, 0.25, random_state=0)
    classifier = SeqConvClassifier(adapter=adapter, random_state=0).fit(train)
    assert set(cases.groups) == set(table["record"]) and not set(train.groups) & set(test.groups)
    assert (classifier.predict(test.X) == test.y).mean() > 0.8


def test_sleep_recordings_with_hypnograms_are_learnt_by_subject(tmp_path):
    draw, stages = np.random.default_rng(0), ["Sleep stage W", "Sleep stage 2", "Sleep stage W", "Sleep stage R"]
    for subject in range(4):
        hertz = np.repeat([10, 2, 10, 5], 9000)
        wave = 30 * np.sin(2 * np.pi * np.cumsum(hertz) / 100) + 5 * draw.normal(size=len(hertz))
        made = edfio.EdfSignal(wave, 100, label="EEG Fpz-Cz", physical_dimension="uV", physical_range=(-200, 200))
        temperature = edfio.EdfSignal(
            np.full(360, 37.0), 1, label="Temp", physical_dimension="DegC", physical_range=(34, 40)
        )
        edfio.Edf([made, temperature]).write(tmp_path / f"SC400{subject}E0-PSG.edf")
        notes = [edfio.EdfAnnotation(90 * i, 90, stage) for i, stage in enumerate(stages)]
        edfio.Edf([], annotations=notes).write(tmp_path / f"SC400{subject}EC-Hypnogram.edf")

    classes = {"Sleep stage W": "W", "Sleep stage 2": "N2", "Sleep stage R": "REM"}
    paths, adapter = sorted(tmp_path.glob("*-PSG.edf")), ECGAdapter(50, window_seconds=(0, 30), band_hz=(0.5, 20))
    with pytest.warns(UserWarning, match="not in volts are left out: 'Temp' in 'DegC'"):
        cases = adapter.cases(paths, around="windows", classes=classes)
    train, test = split_cases(cases, 0.25, random_state=0)
    classifier = network(adapter).fit(train)
    assert len(cases) == 48 and len(set(test.groups)) == 1
    assert (classifier.predict(test.X) == test.y).mean() > 0.8


def test_a_model_trained_on_recordings_warns_of_arrays_in_predict(tmp_path):
    from seqconv.data.recording import Recording

    draw = np.random.default_rng(0)
    X = [Recording(heart(draw, 8, 500, 60 + 70 * (i % 2))[:, None], 500, ["II"], name=str(i)) for i in range(12)]
    classifier = network(ECGAdapter(100)).fit(X, np.array(["slow", "fast"] * 6))
    with pytest.warns(UserWarning, match="arrays are taken as they are, neither resampled nor filtered"):
        classifier.predict([one.signal for one in X])


def test_diagnoses_of_headers_are_the_labels_of_their_records(tmp_path):
    draw = np.random.default_rng(0)
    for number in range(6):
        dx = ["Dx: 1"] if number % 2 else ["Dx: 1,2"]
        wave = heart(draw, 10, 100, 60)[:, None]
        wfdb.wrsamp(f"E{number}", 100, ["mV"], ["II"], wave, fmt=["16"], comments=dx, write_dir=str(tmp_path))

    paths = sorted(tmp_path.glob("*.hea"))
    y = read_header_labels(paths)
    cases = ECGAdapter(100, window_seconds=(0, 10)).cases(paths, y, around="windows")
    assert cases.y.to_numpy().tolist() == [[1, 1], [1, 0]] * 3 and list(cases.y.columns) == ["1", "2"]


def run(title, capsys):
    """Run a block of docs/tasks.md; return its names and what it prints."""
    page = (pathlib.Path(__file__).parents[3] / "docs" / "tasks.md").read_text(encoding="utf-8")
    block = re.search(rf"^## {title}.*?^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[1]
    names = {}
    exec(block, names)  # noqa: S102 - the lines are those of the page
    return names, capsys.readouterr().out


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Make a folder of that name where a block looks for it."""
    monkeypatch.chdir(tmp_path)

    def make(name):
        (tmp_path / name).mkdir()
        return tmp_path / name

    return make


def write_mat(folder, name, wave, leads, rate=100, comments=()):
    """Write a record as the challenges have it: format 16 within a MATLAB file, after 24 bytes of its header."""
    digital = np.round(wave * 1000).astype("<i2")
    head = struct.pack("<5I", 30, len(leads), len(wave), 0, 4) + b"val\0"
    (folder / f"{name}.mat").write_bytes(head + digital.tobytes())
    lines = [f"{name} {len(leads)} {rate} {len(wave)}"]
    for lead, column in zip(leads, digital.T, strict=True):
        checksum = (int(column.sum(dtype=np.int64)) + 2**15) % 2**16 - 2**15
        lines.append(f"{name}.mat 16+24 1000/mV 16 0 {column[0]} {checksum} 0 {lead}")
    (folder / f"{name}.hea").write_text("\n".join([*lines, *comments]) + "\n")


def twelve_leads(draw, is_fast, is_low):
    wave = heart(draw, 10, 100, 130 if is_fast else 60, 0.3 if is_low else 1.2)
    return wave[:, None] * np.linspace(1, 0.5, 12)


def test_ptb_xl_by_strat_fold_to_an_auc_per_class(place, capsys):
    folder, draw, rows = place("ptb-xl"), np.random.default_rng(0), []
    (folder / "records100" / "00000").mkdir(parents=True)
    for number in range(44):
        fast, low = number % 2, number // 2 % 2
        name = f"{number + 1:05d}_lr"
        wave, records = twelve_leads(draw, fast, low), str(folder / "records100" / "00000")
        wfdb.wrsamp(name, 100, ["mV"] * 12, LEADS, wave, fmt=["16"] * 12, write_dir=records)
        codes = {"SR": 0.0} | ({"CLBBB": 100.0} if fast else {})
        codes |= {"IMI": 80.0, "AMI": 15.0} if low else {}
        codes |= {} if fast or low else {"NORM": 100.0}
        fold = 10 if number >= 32 else number % 9 + 1
        rows.append([number + 1, number // 2 + 0.0, str(codes), fold, f"records100/00000/{name}"])
    columns = ["ecg_id", "patient_id", "scp_codes", "strat_fold", "filename_lr"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "ptbxl_database.csv", index=False)
    statements = {"NORM": "NORM", "IMI": "MI", "AMI": "MI", "CLBBB": "CD", "SR": None}
    pd.DataFrame({"diagnostic_class": statements}).to_csv(folder / "scp_statements.csv")

    names, printed = run("PTB-XL", capsys)
    assert names["classifier"].classes_.tolist() == ["CD", "MI", "NORM"]
    assert names["report"].by_class["support"].tolist() == [6, 6, 3] and len(names["train"]) == 32
    assert names["report"].by_class["roc_auc"].min() > 0.9
    assert [line.split()[0] for line in printed.splitlines()] == ["roc_auc", "CD", "MI", "NORM", "macro_roc_auc"]


def test_cinc_2017_by_its_reference_to_a_row_a_class(place, capsys):
    folder, draw, rows = place("training2017"), np.random.default_rng(0), []
    for number in range(24):
        bpm, seconds = (140, 9) if number % 2 else (60, int(draw.integers(9, 40)))
        write_mat(folder, f"A{number:05d}", heart(draw, seconds, 100, bpm)[:, None], ["ECG"])
        rows.append(f"A{number:05d},{'A' if number % 2 else 'N'}")
    (folder / "REFERENCE.csv").write_text("\n".join(rows) + "\n")

    names, printed = run("The challenge of 2017", capsys)
    assert names["report"].classes.tolist() == ["A", "N"] and names["report"].overall["accuracy"] > 0.8
    assert names["report"].by_class["support"].tolist() == [3, 3] and "sensitivity" in printed


@pytest.mark.parametrize("line", ["# Dx: {}", "#Dx: {}"])
def test_cinc_2020_by_its_headers_to_thresholds_and_a_row_a_label(place, capsys, line):
    folder, draw = place("training2020"), np.random.default_rng(0)
    for number in range(32):
        fast, low = number % 2, number // 2 % 2
        dx = ["59118001"] * fast + ["164889003"] * low or ["426783006"]
        comments = ["#Age: 60", line.format(",".join(dx))]
        write_mat(folder, f"A{number:04d}", twelve_leads(draw, fast, low), LEADS, comments=comments)

    names, printed = run("The challenge of 2020", capsys)
    assert names["classifier"].classes_.tolist() == ["164889003", "426783006", "59118001"]
    assert names["report"].by_class["support"].tolist() == [4, 2, 4]
    assert names["report"].overall["macro_f1"] > 0.8 and "macro_roc_auc" in printed and "subset_accuracy" in printed
