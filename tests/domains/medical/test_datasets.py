"""Heartbeats and the eye state: read exactly, patients and time told."""

import os

import numpy as np
import pytest

from seqconv.datasets import load_eye_state, load_heartbeat_records, load_heartbeats, make_heartbeats
from seqconv.domains import home as cache
from seqconv.domains.medical.synthetic import _HEIGHTS, _WIDTHS

BEATS = "0.9,0.1,0,0.2,0\n0.8,0,0,0,2\n0.7,0.1,0.2,0.1,1\n"


def put(home, path, text):
    (home / path).parent.mkdir(parents=True, exist_ok=True)
    (home / path).write_bytes(text if isinstance(text, bytes) else text.encode())


def real(path):
    if not os.environ.get("SEQCONV_DATA") or cache.present(path) is None:
        pytest.skip(f"{path} is not in the data home SEQCONV_DATA")


def test_beats_come_with_their_patients_in_order(home):
    put(home, "medical/mitbih_ds1/mitbih_ds1.csv", BEATS)
    put(home, "medical/mitbih_ds1/mitbih_ds1_records.csv", "record\n101\n106\n106\n")
    beats = load_heartbeats()
    assert beats.X.shape == (3, 4, 1) and beats.y.tolist() == ["N", "V", "S"]
    assert beats.groups.tolist() == ["101", "106", "106"] and beats.part is None
    assert beats.about["beat"].tolist() == [0, 0, 1] and beats.about["record"].tolist() == beats.groups.tolist()
    assert np.isnan(beats.X[1, 1:]).all() and beats.X[0, 2, 0] == 0


@pytest.mark.parametrize("records", ["record\n101\n106\n", "101\n106\n106\n", "patient\n101\n106\n106\n"])
def test_records_that_are_not_those_of_the_beats_are_refused(home, records):
    put(home, "medical/mitbih_ds1/mitbih_ds1.csv", BEATS)
    put(home, "medical/mitbih_ds1/mitbih_ds1_records.csv", records)
    with pytest.raises(ValueError, match="mitbih_ds1_records.csv must be a line 'record' and one for each of 3 beats"):
        load_heartbeats()


def test_missing_files_say_what_to_put_where(home):
    with pytest.raises(OSError, match=r"mitbih_ds1.csv must be in .*mitbih_ds1 .* put it at .*mitbih_ds1.csv"):
        load_heartbeats()


def test_records_are_fetched_with_all_their_files(home, offer):
    pytest.importorskip("wfdb", reason="wfdb is not installed: pip install seqconv[medical]")
    for name in ("119", "207"):
        header = f"{name} 2 360 2\n{name}.dat 16 200 11 0 0 0 0 MLII\n{name}.dat 16 200 11 0 0 0 0 V1\n"
        offer(f"medical/mitbih_wfdb/{name}.hea", header.encode())
        offer(f"medical/mitbih_wfdb/{name}.dat", np.zeros(4, "<i2").tobytes())
        offer(f"medical/mitbih_wfdb/{name}.atr", b"\x01\x04\0\0")
    found = load_heartbeat_records()
    assert found.groups.tolist() == ["119", "207"] and [one.name for one in found.X] == ["119", "207"]
    assert found.X[0].leads == ("MLII", "V1") and found.X[0].symbols.tolist() == ["N"]
    assert load_heartbeat_records(["V1"]).X[1].leads == ("V1",)


def eyes(n=1280, change=640):
    rng = np.random.default_rng(0)
    header = "".join(f"@attribute C{i} numeric\n" for i in range(14)) + "@attribute eyeDetection {0,1}\n@data\n"
    values = 4000 + 10 * rng.normal(size=(n, 14))
    values[100, 3] = 90_000
    rows = [",".join(f"{v:.2f}" for v in row) + f",{int(i >= change)}" for i, row in enumerate(values)]
    return values, header + "\n".join(rows)  # as distributed: no line end behind the last row


def test_windows_of_the_eye_state_are_in_order_of_time_and_pure(home):
    values, text = eyes(change=650)
    put(home, "medical/eeg_eye_state/EEG_Eye_State.arff", text)
    found = load_eye_state(test_fraction=0.4)
    assert found.X.shape == (9, 128, 14) and found.X.dtype == np.float32  # ten, but one holds both states
    assert found.y.tolist() == ["open"] * 5 + ["closed"] * 4
    assert found.part.tolist() == ["train"] * 5 + ["test"] * 4
    assert found.about["start"].tolist() == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    median = np.median(np.round(values, 2)[:768], axis=0)
    assert np.isnan(found.X).sum() == 1 and np.isnan(found.X[0, 100, 3])
    np.testing.assert_allclose(found.X[5], np.round(values[768:896], 2) - median, atol=1e-3)


def test_the_test_part_teaches_nothing_and_no_window_reaches_into_it(home):
    _, text = eyes()
    put(home, "medical/eeg_eye_state/EEG_Eye_State.arff", text)
    first = load_eye_state(stride_seconds=0.25, test_fraction=0.4)
    train = first.part_is("train")
    assert (first.about["stop"][train] <= 6).all() and (first.about["start"][~train] >= 6).all()
    lines = text.split("\n")
    lines[16 + 768 :] = [",".join(["5000"] * 14) + ",1"] * 512
    put(home, "medical/eeg_eye_state/EEG_Eye_State.arff", "\n".join(lines))
    second = load_eye_state(stride_seconds=0.25, test_fraction=0.4)
    np.testing.assert_array_equal(first.X[train], second.X[second.part_is("train")])


@pytest.mark.parametrize(
    "options, message",
    [
        ({"window_seconds": 0.001}, "at least a sample"),
        ({"stride_seconds": 0}, "at least a sample"),
        ({"test_fraction": 0}, "test_fraction must be between 0 and 1"),
        ({"max_microvolt": 0}, "max_microvolt above 0"),
        ({"window_seconds": 6}, "both parts must have a window"),
    ],
)
def test_windows_that_cannot_be_are_refused(home, options, message):
    put(home, "medical/eeg_eye_state/EEG_Eye_State.arff", eyes()[1])
    with pytest.raises(ValueError, match=message):
        load_eye_state(**options)


def test_the_real_eye_state_is_whole():
    real("medical/eeg_eye_state/EEG_Eye_State.arff")
    found = load_eye_state()
    assert found.X.shape[1:] == (128, 14) and np.nanmax(np.abs(found.X)) <= 500
    assert found.about["stop"].iloc[-1] <= 117.1 and set(found.y[found.part_is("test")]) == {"open", "closed"}


def test_the_real_records_are_whole():
    real("medical/mitbih_wfdb/119.dat")
    pytest.importorskip("wfdb", reason="wfdb is not installed: pip install seqconv[medical]")
    found = load_heartbeat_records(["MLII"])
    assert [one.signal.shape for one in found.X] == [(650_000, 1)] * 2
    assert [np.isin(one.symbols, list("NLRAVE")).sum() for one in found.X] == [1987, 1860]


# Made-up hearts.


def test_the_same_seed_gives_the_same_hearts_however_many():
    few, many = make_heartbeats(2, 20), make_heartbeats(4, 20)
    np.testing.assert_array_equal(few.X, many.X[:40])
    assert few.y.tolist() == many.y[:40].tolist()
    assert not np.array_equal(make_heartbeats(2, 20, random_state=1).X, few.X)
    state = np.random.get_state()[1].copy()
    make_heartbeats(1, 4)
    np.testing.assert_array_equal(np.random.get_state()[1], state)


def test_beats_are_those_of_the_recordings():
    beats, recordings = make_heartbeats(2, 20), make_heartbeats(2, 20, as_recordings=True)
    one = recordings.X[1]
    np.testing.assert_array_equal(beats.X[20:], [one.signal[at - 50 : at + 75] for at in one.samples])
    assert beats.y[20:].tolist() == one.symbols.tolist() and one.symbols[[0, -1]].tolist() == ["N", "N"]
    assert one.leads == ("II",) and np.abs(one.signal).max() <= 5.12 and recordings.y is None
    assert (np.diff(one.samples) > 0).all() and one.samples[-1] + 125 < len(one.signal)


def test_classes_differ_as_the_notes_say():
    made = make_heartbeats(40, 60, 250, as_recordings=True).X
    early = {kind: [] for kind in "NSVF"}
    for one in made:
        intervals = np.diff(one.samples)
        usual = np.median(intervals)
        for symbol, before in zip(one.symbols[1:], intervals, strict=True):
            early[symbol].append(before / usual)
    assert np.median(early["S"]) < 0.85 and np.median(early["V"]) < 0.85 and np.median(early["N"]) > 0.9
    assert all(set(one.symbols) == set("NSVF") for one in made)
    beats = make_heartbeats(40, 60)
    widths = {}
    for kind in "NV":
        centred = beats.X[beats.y == kind, :, 0] - np.median(beats.X[beats.y == kind, :, 0], axis=1, keepdims=True)
        widths[kind] = np.median((np.abs(centred) > np.abs(centred[:, 50:51]) / 2).sum(axis=1))
    assert widths["V"] > widths["N"]


def test_the_model_is_that_of_the_paper():
    heights = _HEIGHTS * _WIDTHS**2
    np.testing.assert_allclose(heights / heights[2], [0.25, -1 / 6, 1, -0.25, 0.4])


@pytest.mark.parametrize("options", [{"n_patients": 0}, {"n_beats": 3}, {"sampling_rate_hz": 50}])
def test_hearts_that_cannot_be_are_refused(options):
    with pytest.raises(ValueError, match=f"{next(iter(options))} must be a"):
        make_heartbeats(**options)


def test_the_real_beats_are_whole():
    real("medical/mitbih_ds1/mitbih_ds1.csv")
    beats = load_heartbeats()
    assert beats.X.shape == (50998, 187, 1) and len(set(beats.groups)) == 22
    counts = dict(zip(*np.unique(beats.y, return_counts=True), strict=True))
    assert counts == {"N": 45844, "S": 943, "V": 3788, "F": 415, "Q": 8}
    assert ((beats.y == "F") & (beats.groups == "208")).sum() == 373
    assert np.isnan(beats.X[:, -1, 0]).mean() > 0.99 and not np.isnan(beats.X[:, 0]).any()
