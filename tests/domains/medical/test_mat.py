"""MATLAB files without a header: the signal is read, and what they do not hold is given."""

import numpy as np
import pytest
from scipy.io import savemat

from seqconv.adapters import ECGAdapter
from seqconv.formats import read_mat

SIGNAL = np.arange(2400).reshape(12, 200)


@pytest.fixture
def save(tmp_path):
    def save(**variables):
        savemat(tmp_path / "A0001.mat", variables)
        return tmp_path / "A0001.mat"

    return save


@pytest.mark.parametrize("signal", [SIGNAL.astype("<i2"), SIGNAL.T.astype("<i2"), SIGNAL.astype(float)])
def test_a_challenge_file_is_in_millivolt_with_time_along_its_longer_side(save, signal):
    found = read_mat(save(val=signal), 500)
    np.testing.assert_allclose(found.signal, SIGNAL.T / 1000, rtol=1e-6)
    assert found.leads[:2] == ("I", "II") and found.sampling_rate_hz == 500 and found.name == "A0001"


def test_the_structure_of_cpsc_2018_is_known(save):
    found = read_mat(save(ECG={"sex": "Male", "age": 74, "data": SIGNAL / 1000}), 500, gain=1)
    np.testing.assert_allclose(found.signal[7], SIGNAL[:, 7] / 1000, rtol=1e-6)


def test_one_lead_has_a_number_or_the_name_given(save):
    path = save(val=SIGNAL[:1])
    assert read_mat(path, 300).leads == ("lead 0",) and read_mat(path, 300, leads=["I"]).leads == ("I",)


def test_another_variable_is_taken_by_name_or_if_it_is_the_only_one(save):
    assert read_mat(save(ecg=SIGNAL, rate=500), 500).signal.shape == (200, 12)
    path = save(ecg=SIGNAL, ppg=SIGNAL[:1])
    assert read_mat(path, 500, name="ppg").signal.shape == (200, 1)
    with pytest.raises(ValueError, match="A0001.mat must have one table of numbers, or name it; got ecg, ppg"):
        read_mat(path, 500)


def test_recordings_of_such_files_are_cases(save):
    cases = ECGAdapter(window_seconds=(0, 0.2)).cases([read_mat(save(val=SIGNAL), 500)], around="windows")
    assert len(cases) == 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gain": 0}, "gain must not be 0"),
        ({"sampling_rate_hz": 0}, "sampling_rate_hz"),
        ({"leads": ["I"]}, "a name for each of 12 leads"),
        ({"name": "other"}, "must have one table of numbers, or name it; got val"),
    ],
)
def test_what_cannot_be_right_is_rejected(save, change, message):
    with pytest.raises(ValueError, match=message):
        read_mat(save(val=SIGNAL), **{"sampling_rate_hz": 500} | change)


@pytest.mark.parametrize(
    ("data", "message"), [(b"\0" * 300, "cannot be decoded"), (b"MATLAB 7.3 MAT-file" + b" " * 600, "-v7")]
)
def test_other_files_are_rejected(tmp_path, data, message):
    (tmp_path / "A0001.mat").write_bytes(data)
    with pytest.raises(ValueError, match=message):
        read_mat(tmp_path / "A0001.mat", 500)
    with pytest.raises(FileNotFoundError):
        read_mat(tmp_path / "A0002.mat", 500)


def test_the_adapter_says_how_to_read_one(save):
    path = save(val=SIGNAL)
    with pytest.raises(ValueError, match="A0001.mat without a header A0001.hea.* seqconv.formats.read_mat"):
        ECGAdapter(500).fit([path])
