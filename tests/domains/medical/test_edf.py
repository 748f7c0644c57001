"""EDF files: what edfio wrote comes back, and a header that does not fit its file is refused."""

import numpy as np
import pytest

from seqconv.adapters import ECGAdapter
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
        with pytest.warns(UserWarning, match="kept in their own units: 'EEG C3' in 'MV'; give units"):
            found = read_edf(path, leads=["EEG C3"]).signal[:, 0]
        np.testing.assert_allclose(found, signals[0] * 1000, rtol=1e-3, atol=1)
        return
    found = read_edf(path, leads=["EEG C3"]).signal[:, 0]
    np.testing.assert_allclose(found / (1000 if unit == "mv" else 1), signals[0], atol=1e-3)


def test_leads_that_are_not_in_volts_are_left_out_or_kept_as_they_are(path, signals):
    with pytest.warns(UserWarning, match="night.edf: leads that are not in volts are left out: 'Resp' in 'L'; give"):
        assert read_edf(path).leads == ("EEG C3", "ECG II")
    with pytest.warns(UserWarning, match="kept in their own units: 'Resp' in 'L'"):
        found = read_edf(path, leads=["EEG C3", "Resp"])
    # At the higher of the two rates.
    assert found.sampling_rate_hz == 128 and found.signal.shape == (512, 2)
    np.testing.assert_allclose(found.signal[20:-20:2, 1], signals[2, 10:246], atol=0.05)
    with pytest.raises(ValueError, match="night.edf: a lead 'V9' is required once, got no such lead among"):
        read_edf(path, leads=["V9"])
    found = read_edf(path, leads=["II", "V9"], missing_leads="nan")
    assert found.leads == ("II", "V9") and np.isnan(found.signal[:, 1]).all()


@pytest.mark.parametrize("units", ["uV", {"EEG C3": "uV"}])
def test_units_can_be_given_where_the_file_has_none(path, units):
    expected = read_edf(path, leads=["EEG C3"]).signal
    change(path, field(0, 4, 96, 8), " " * 8)
    with pytest.warns(UserWarning, match="kept in their own units: 'EEG C3' in ''"):
        read_edf(path, leads=["EEG C3"])
    np.testing.assert_array_equal(read_edf(path, leads=["EEG C3"], units=units).signal, expected)
    change(path, field(1, 4, 96, 8), " " * 8)
    with pytest.raises(
        ValueError, match="night.edf: a lead must be in mV, uV or V, got 'EEG C3' in '', .*; give units"
    ):
        read_edf(path)


@pytest.mark.parametrize(
    "start, text, message",
    [
        # edfio reads a file of any kind as EDF.
        (0, "\x7fBIOSEMI", "must begin with version 0"),
        # edfio reads samples from a byte on that is not their first.
        (184, "1282    ", "a duration of its records and 1280 bytes. Got 4 signals, 1 s and 1282 bytes"),
        (184, "9999    ", "the file cannot be decoded"),
        (236, "x       ", "the file cannot be decoded"),
        (244, "0       ", "the file cannot be decoded"),
        (244, "nan     ", "a duration of its records"),
        (252, "0   ", "the file cannot be decoded"),
        (252, "9999", "the file cannot be decoded"),
        # edfio gives numbers that are not scaled, as it does for limits of words.
        (field(0, 4, 104, 8), "5       ", None),  # physical minimum
        (field(0, 4, 104, 8), "nan     ", "limits that differ"),
        (field(0, 4, 104, 8), "low     ", "lead 'EEG C3' must have numbers as limits"),
        (field(0, 4, 120, 8), "-32768.0", "lead 'EEG C3' must have numbers as limits"),
        (field(0, 4, 120, 8), "32767   ", "must have samples, and limits that differ"),
        (field(0, 4, 216, 8), "99999999", "must hold a data record, got none"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*data record")
def test_a_header_that_lies_is_refused(path, start, text, message):
    change(path, start, text)
    if message is None:  # a gain of 0: both limits are one
        change(path, field(0, 4, 112, 8), text)
        message = r"lead 'EEG C3' must have samples, and limits that differ \(a gain other than 0\)"
    with pytest.raises(ValueError, match=f"night.edf.*{message}"):
        read_edf(path, leads=["EEG C3"])


def test_a_decimal_comma_is_read_as_a_point(path, signals):
    old = path.read_bytes()[field(0, 4, 104, 8) :][:8].decode()
    change(path, field(0, 4, 104, 8), old.replace(".", ","))
    assert "." in old
    np.testing.assert_allclose(read_edf(path, leads=["EEG C3"]).signal[:, 0], signals[0], atol=1e-3)


@pytest.mark.parametrize("n_bytes", [0, 100, 300])
def test_a_cut_header_is_refused(path, n_bytes):
    path.write_bytes(path.read_bytes()[:n_bytes])
    with pytest.raises(ValueError, match="night.edf"):
        read_edf(path, leads=["EEG C3"])


@pytest.mark.parametrize("n_bytes", [2000, -1, -600])
def test_of_a_cut_file_the_whole_records_are_read_and_this_is_told(path, signals, n_bytes):
    path.write_bytes(path.read_bytes()[:n_bytes])
    with pytest.warns(UserWarning, match="night.edf: EDF header indicates 4 data records, but file contains"):
        found = read_edf(path, leads=["ECG II"]).signal[:, 0]
    assert len(found) in (128, 384)
    np.testing.assert_allclose(found, signals[1, : len(found)], atol=1e-3)


def test_a_recorder_that_was_switched_off_leaves_a_file_that_is_read(path, signals):
    change(path, 236, "-1      ")
    with pytest.warns(UserWarning, match="header indicates -1 data records, but file contains 4"):
        np.testing.assert_allclose(read_edf(path, leads=["II"]).signal[:, 0], signals[1], atol=1e-3)


def times_of_records(path, seconds):
    """Write the time of each data record of the fixture anew."""
    data = path.read_bytes()
    for number, second in enumerate(seconds):
        old, new = f"+{number}\x14\x14".encode(), f"+{second}\x14\x14".encode()
        assert data.count(old) == 1 and len(old) == len(new)
        data = data.replace(old, new)
    path.write_bytes(data)


def test_the_gaps_of_an_interrupted_recording_are_nan(path):
    whole = read_edf(path, leads=["ECG II"]).signal[:, 0]
    times_of_records(path, [0, 1, 5, 6])
    change(path, 192, "EDF+D")
    found = read_edf(path, leads=["ECG II"])
    np.testing.assert_array_equal(found.signal[:, 0], [*whole[:256], *np.full(384, np.nan), *whole[256:]])
    assert found.samples.tolist() == [64, 288]
    times_of_records(path, [0, 1])
    change(path, 192, "EDF+C")
    np.testing.assert_array_equal(read_edf(path, leads=["ECG II"]).signal[:, 0], whole)


def test_an_interrupted_recording_whose_times_cannot_be_is_refused(path):
    change(path, 192, "EDF+D")
    times_of_records(path, [0, 1, 0, 3])
    with pytest.raises(ValueError, match="night.edf: the data records of EDF.D must follow in time"):
        read_edf(path, leads=["ECG II"])


@pytest.fixture
def night(tmp_path):
    """A recording and its hypnogram, as Sleep-EDF names them."""
    wave = np.random.default_rng(0).normal(size=30_000) * 30
    eeg = edfio.EdfSignal(wave, 100, label="EEG Fpz-Cz", physical_dimension="uV", physical_range=(-200, 200))
    edfio.Edf([eeg]).write(tmp_path / "SC4001E0-PSG.edf")
    stages = [(0, 120, "Sleep stage W"), (120, 90, "Sleep stage 2"), (210, 90, "Sleep stage R")]
    notes = [edfio.EdfAnnotation(*stage) for stage in stages]
    edfio.Edf([], annotations=notes).write(tmp_path / "SC4001EC-Hypnogram.edf")
    return tmp_path


def test_a_hypnogram_alone_is_a_recording_of_no_leads(night):
    found = read_edf(night / "SC4001EC-Hypnogram.edf")
    assert found.signal.shape == (300_000, 0) and found.leads == ()
    assert (found.samples / found.sampling_rate_hz).tolist() == [0, 120, 210]
    assert found.durations.tolist() == [120, 90, 90] and found.symbols[2] == "Sleep stage R"


def test_a_hypnogram_beside_a_recording_is_read_with_it(night):
    found = read_edf(night / "SC4001E0-PSG.edf")
    assert found.samples.tolist() == [0, 12_000, 21_000] and found.durations.tolist() == [120, 90, 90]
    (night / "SC4001E0-PSG.edf").rename(night / "other.edf")
    assert len(read_edf(night / "other.edf").samples) == 0
    found = read_edf(night / "other.edf", annotations=night / "SC4001EC-Hypnogram.edf")
    assert found.samples.tolist() == [0, 12_000, 21_000]


def test_a_hypnogram_that_begins_later_is_moved_and_this_is_told(night):
    change(night / "SC4001E0-PSG.edf", 176, "23.59.30")
    change(night / "SC4001EC-Hypnogram.edf", 176, "00.00.00")
    with pytest.warns(UserWarning, match="Hypnogram.edf: it begins 30 s after the signals; its annotations are moved"):
        assert read_edf(night / "SC4001E0-PSG.edf").samples.tolist() == [3000, 15_000, 24_000]


def test_annotations_without_a_duration_have_nan(path):
    np.testing.assert_array_equal(read_edf(path, leads=["II"]).durations, [np.nan, 1])


def test_annotations_that_cannot_be_decoded_do_not_lose_the_signals(path):
    data = path.read_bytes()
    path.write_bytes(data.replace(b"eyes open", b"ey\xe9s op\xe9n"))
    with pytest.warns(UserWarning, match="night.edf: the annotations cannot be decoded and are left out"):
        found = read_edf(path, leads=["II"])
    assert len(found.samples) == 0 and len(found.signal) == 512


def test_bdf_is_read_with_its_24_bits(tmp_path, signals):
    made = edfio.BdfSignal(signals[0] * 1000, 128, label="Fp1", physical_dimension="uV", physical_range=(-8000, 8000))
    note = edfio.EdfAnnotation(1.5, 2, "blink")
    edfio.Bdf([made], annotations=[note]).write(tmp_path / "a.bdf")
    found = read_edf(tmp_path / "a.bdf")
    np.testing.assert_allclose(found.signal[:, 0], signals[0], atol=1e-6)
    assert found.samples.tolist() == [192] and found.durations.tolist() == [2]


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


def test_an_edf_file_of_an_older_ending_is_a_record(path, signals):
    older = path.rename(path.with_suffix(".rec"))
    cases = ECGAdapter(128, leads=["ECG II"], window_seconds=(0, 2), band_hz=None).cases(
        [older], around="windows", y=[1]
    )
    assert len(cases) == 2 and cases.groups.tolist() == ["night"] * 2
