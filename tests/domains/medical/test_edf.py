"""EDF files: what edfio wrote comes back, and a header that does not fit its file is refused."""

import numpy as np
import pytest

from seqconv.domains.medical.filtering import hide_lost_contact
from seqconv.formats import read_edf

edfio = pytest.importorskip("edfio", reason="edfio is not installed: pip install seqconv[medical]")


@pytest.fixture
def signals(rng):
    return rng.normal(size=(3, 512))


@pytest.fixture
def path(tmp_path, signals):
    made = [
        edfio.EdfSignal(signals[0] * 1000, 128, label="EEG C3", physical_dimension="uV"),
        edfio.EdfSignal(signals[1], 128, label="ECG II", physical_dimension="mV", physical_range=(-8, 8)),
        edfio.EdfSignal(signals[2, :256], 64, label="Resp", physical_dimension="L"),
    ]
    notes = [edfio.EdfAnnotation(0.5, None, "eyes open"), edfio.EdfAnnotation(2.25, 1, "blink")]
    path = tmp_path / "night.edf"
    edfio.Edf(made, annotations=notes).write(path)
    return path


def change(path, start, text):
    data = bytearray(path.read_bytes())
    data[start : start + len(text)] = text.encode()
    path.write_bytes(data)


def field(signal, n_signals, before, width):
    """Where a signal's field stands, `before` bytes of fields a signal stand before it."""
    return 256 + n_signals * before + signal * width


def test_leads_come_in_millivolt_with_annotations(path, signals):
    found = read_edf(str(path), leads=["EEG C3", "ECG II"])
    np.testing.assert_allclose(found.signal[:, 0], signals[0], atol=1e-3)
    np.testing.assert_allclose(found.signal[:, 1], signals[1], atol=1e-3)
    reference = edfio.read_edf(path)
    np.testing.assert_allclose(found.signal[:, 0], reference.signals[0].data / 1000, atol=1e-6)
    assert found.sampling_rate_hz == 128 and found.leads == ("EEG C3", "ECG II") and found.name == "night"
    assert found.samples.tolist() == [64, 288] and found.symbols.tolist() == ["eyes open", "blink"]
    np.testing.assert_allclose(found.limits_mv[1], [-8, 8])
    assert read_edf(path, leads=["ECG II"]).signal.shape == (512, 1)


@pytest.mark.parametrize("unit", ["mv", "MV", "UV", "uv"])
def test_units_are_known_in_letters_of_either_size_but_not_megavolt(path, signals, unit):
    change(path, field(0, 4, 96, 8), f"{unit:<8}")
    if unit == "MV":
        with pytest.raises(ValueError, match="lead 'EEG C3' must be in mV, uV or V, got 'MV'; leave it out"):
            read_edf(path, leads=["EEG C3"])
        return
    found = read_edf(path, leads=["EEG C3"]).signal[:, 0]
    np.testing.assert_allclose(found / (1000 if unit == "mv" else 1), signals[0], atol=1e-3)


@pytest.mark.parametrize(
    "leads, message",
    [
        (None, "lead 'Resp' must be in mV, uV or V, got 'L'; leave it out|the leads must have one rate"),
        (["EEG C3", "Resp"], "lead 'Resp' must be in mV|the leads must have one rate, got"),
        (["V9"], "a lead 'V9' is required once, got no such lead among"),
    ],
)
def test_leads_that_do_not_go_together_are_refused(path, leads, message):
    with pytest.raises(ValueError, match=f"night.edf: {message}"):
        read_edf(path, leads=leads)


@pytest.mark.parametrize(
    "start, text, message",
    [
        (0, "\x7fBIOSEMI", "must be an EDF file, whose version is 0"),
        (184, "9999    ", "256 bytes for itself and each signal. Got 4 signals, 4 records of 1 s and 9999 bytes"),
        (192, "EDF+D", "without interruptions, got EDF\\+D"),
        (236, "-1      ", "signals, records, a duration .* -1 records of 1 s"),
        (236, "99999999", "must have the .* bytes of its header, got"),
        (236, "x       ", "must have a number at byte 236, got 'x'"),
        (244, "0       ", "a duration .* 4 records of 0 s"),
        (244, "nan     ", "must have a number at byte 244"),
        (252, "0   ", "must have signals, .* Got 0 signals"),
        (252, "9999", "each signal. Got 9999 signals"),
        (field(0, 4, 104, 8), "5       ", None),  # physical minimum
        (field(0, 4, 216, 8), "0       ", "signal 'EEG C3' must have a sample or more, got 0"),
        (field(0, 4, 216, 8), "99999999", "must have the .* bytes of its header"),
        (field(0, 4, 120, 8), "32767   ", "must have limits that differ"),
    ],
)
def test_a_header_that_lies_is_refused(path, start, text, message):
    change(path, start, text)
    if message is None:  # a gain of 0: both limits are one
        change(path, field(0, 4, 112, 8), text)
        message = r"lead 'EEG C3' must have limits that differ \(a gain other than 0\)"
    with pytest.raises(ValueError, match=f"night.edf.*{message}"):
        read_edf(path, leads=["EEG C3"])


@pytest.mark.parametrize("n_bytes", [0, 100, 300, 2000, -1, -600])
def test_a_cut_file_is_refused(path, n_bytes):
    data = path.read_bytes()
    path.write_bytes(data[: n_bytes if n_bytes >= 0 else len(data) + n_bytes])
    with pytest.raises(ValueError, match="night.edf"):
        read_edf(path, leads=["EEG C3"])


def test_a_file_that_is_not_there_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="none.edf"):
        read_edf(tmp_path / "none.edf")


def test_limits_that_are_the_signals_own_extremes_are_none_of_a_converter(tmp_path):
    wave = np.concatenate([np.zeros(256), np.repeat([1.3, -0.4], 4), np.zeros(248)])
    edfio.Edf([edfio.EdfSignal(wave, 128, label="II", physical_dimension="mV")]).write(tmp_path / "stretched.edf")
    found = read_edf(tmp_path / "stretched.edf")
    assert (
        np.isnan(found.limits_mv).all()
        and not np.isnan(hide_lost_contact(wave[:, None], 128, None, found.limits_mv)).any()
    )
    clipped = edfio.EdfSignal(
        wave.clip(-0.4, 0.4), 128, label="II", physical_dimension="mV", physical_range=(-0.4, 0.4)
    )
    edfio.Edf([clipped]).write(tmp_path / "clipped.edf")
    np.testing.assert_allclose(read_edf(tmp_path / "clipped.edf").limits_mv, [[-0.4, 0.4]])


def test_a_saturated_amplifier_is_known_by_its_limits(path):
    assert read_edf(path, leads=["ECG II"]).limits_mv.tolist() == [[-8.0, 8.0]]
