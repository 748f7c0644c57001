"""WFDB records: exactly what an independent decoder reads, and no header that lies or wanders."""

import os
import pathlib
import subprocess
import sys
import warnings

import numpy as np
import pytest

from seqconv.formats import read_wfdb

wfdb = pytest.importorskip("wfdb", reason="wfdb is not installed: pip install seqconv[medical]")

HEADER = "tiny 2 360 4\ntiny.dat 16 200 11 1024 1024 {} 0 MLII\ntiny.dat 16 100(0)/uV 16 0 -5 {} 0 V1\n# 69 M\n"
DIGITAL = np.array([[1024, -5], [1034, 7], [-32768, 32000], [1024, 9]], dtype="<i2")


def checksum(values):
    """Of a header: the sum in 16 bits, with its sign."""
    return (int(values.astype(np.int64).sum()) + 2**15) % 2**16 - 2**15


def annotation_bytes(beats):
    """(interval, code) of each annotation as the format has them, ending with two zero bytes."""
    data = b""
    for interval, code in beats:
        if interval > 1023:
            data += (59 << 10).to_bytes(2, "little")
            data += (interval >> 16).to_bytes(2, "little") + (interval & 0xFFFF).to_bytes(2, "little")
            interval = 0
        data += (code << 10 | interval).to_bytes(2, "little")
    return data + b"\0\0"


def note(text):
    """A text at sample 0, as the format has facts about the annotations."""
    data = text.encode() + b"\0" * (len(text) % 2)
    return (22 << 10).to_bytes(2, "little") + (63 << 10 | len(text)).to_bytes(2, "little") + data


@pytest.fixture
def record(tmp_path):
    folder = tmp_path / "record"
    folder.mkdir()
    (folder / "tiny.dat").write_bytes(DIGITAL.tobytes())
    (folder / "tiny.hea").write_text(HEADER.format(*(checksum(values) for values in DIGITAL.T)))
    (folder / "tiny.atr").write_bytes(annotation_bytes([(1, 1), (2, 5)]))
    return folder / "tiny.hea"


def change(record, old, new):
    text = record.read_text()
    assert old in text
    record.write_text(text.replace(old, new))


def test_a_record_is_read_in_millivolt_with_its_annotations(record):
    for path in (record, str(record), record.with_suffix("")):
        found = read_wfdb(path)
        np.testing.assert_allclose(found.signal[:, 0], [0, 0.05, np.nan, 0])
        np.testing.assert_allclose(found.signal[:, 1], [-5e-5, 7e-5, 0.32, 9e-5])
        assert found.signal.dtype == np.float32 and found.leads == ("MLII", "V1") and found.name == "tiny"
        assert (
            found.sampling_rate_hz == 360 and found.samples.tolist() == [1, 3] and found.symbols.tolist() == ["N", "V"]
        )
    np.testing.assert_allclose(found.limits_mv, [[-5.12, 5.115], [-0.32768, 0.32767]])


def test_leads_are_chosen_by_name_and_order(record):
    found = read_wfdb(record, leads=["V1", "MLII"])
    assert found.leads == ("V1", "MLII") and found.signal[1, 1] == np.float32(0.05)
    assert read_wfdb(record, leads=["V1"]).signal.shape == (4, 1)
    with pytest.raises(ValueError, match="tiny.hea: a lead 'III' is required once, got no such lead"):
        read_wfdb(record, leads=["III"])
    change(record, "0 V1", "0 MLII")
    with pytest.raises(ValueError, match="got more than one such lead"):
        read_wfdb(record, leads=["MLII"])
    with pytest.raises(TypeError, match="leads must be a list of names"):
        read_wfdb(record, leads="MLII")


def test_without_annotations_there_are_none(record):
    assert len(read_wfdb(record, annotator=None).samples) == 0
    assert len(read_wfdb(record, annotator="qrs").samples) == 0
    with pytest.raises(ValueError, match="annotator must be the ending"):
        read_wfdb(record, annotator="../atr")


def test_long_intervals_between_annotations_are_read(record):
    record.with_suffix(".atr").write_bytes(annotation_bytes([(1, 1), (70_000, 5), (3, 8)]))
    found = read_wfdb(record)
    assert found.samples.tolist() == [1, 70_001, 70_004] and found.symbols.tolist() == ["N", "V", "A"]


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("tiny.dat 16 200", "../x.dat 16 200", "line 2: field 1 of the header cannot be read, got '../x.dat'"),
        ("tiny.dat 16 200", "/etc/passwd 16 200", "line 2: field 1 .* got '/etc/passwd'"),
        ("tiny.dat 16 200", "a\\b.dat 16 200", "line 2: field 1"),
        ("tiny.dat 16 200", ". 16 200", "line 2: field 1"),
        # wfdb reads 1.2, and shifts the fields after it.
        ("16 200 11", "16 1.2.3 11", "line 2: field 3 of the header cannot be read, got '1.2.3'"),
        # wfdb reads the unit "nan" and a gain of 200.
        ("16 200 11", "16 nan 11", "line 2: field 3"),
        # wfdb reads a gain of 1.
        ("16 200 11", "16 1E3 11", "line 2: field 3"),
        # wfdb reads 0 mV everywhere.
        ("16 200 11", "16 1e999 11", "each gain must be a finite number"),
        # wfdb takes the brackets for the next field, and no baseline.
        ("16 200 11", "16 200/mm(Hg) 11", "line 2: field 3"),
        # wfdb takes the x and all after it for the name of the lead, and no baseline.
        ("16 200 11", "16 200 x", "line 2: field 4 of the header cannot be read, got 'x'"),
        # wfdb reads 1 Hz.
        ("tiny 2 360 4", "tiny 2 1e3 4", "line 1: field 3 of the header cannot be read, got '1e3'"),
        # wfdb decodes a file by the format of its first lead.
        ("16 100", "212 100", "the leads of a file must follow one another in the header and have one format"),
        ("16 200 11", "516 200 11", "have one format"),
        ("16 200 11", "xx 200 11", "line 2: field 2"),
        # wfdb leaves out the second lead.
        ("tiny 2 360 4", "tiny 1 360 4", "Got 1 leads or segments, 2 lines"),
        ("tiny 2 360 4", "tiny 9999 360 4", "Got 9999 leads or segments, 2 lines"),
        ("tiny 2 360 4", "tiny/3 2 360 4", "line 2: field 1"),
        ("tiny 2 360 4", "tiny 2 0 4", "a rate above 0 Hz and at least one sample are required"),
        ("tiny 2 360 4", "tiny 2 360 0", "at least one sample are required"),
        ("tiny 2 360 4", "tiny -2 360 4", "line 1: field 2"),
        ("tiny 2 360 4", "tiny 2 360 5", "tiny.dat must have the 20 bytes that its header says, got 16; it is cut"),
        ("tiny 2 360 4", "tiny 2 360 3", "the checksum of lead 'MLII' is wrong; fetch the files again"),
        ("tiny 2 360 4", "tiny 2 360 999999999999", "tiny.dat must have the 3999999999996 bytes"),
        ("16 200 11", "16+99999 200 11", "tiny.dat must have the 16 bytes that its header says, got -99983"),
        ("tiny.dat 16 200", "none.dat 16 200", "a file of the record must exist, got .*none.dat"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*the rest is not read")
def test_a_header_that_lies_or_wanders_is_refused_by_line(record, old, new, message):
    change(record, old, new)
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        read_wfdb(record)


# What headers of real data bases have.


@pytest.mark.parametrize(("gain", "factor"), [("0", 1), ("0(1024)/mV", 1), ("400", 0.5)])
def test_a_gain_of_0_means_200_steps_a_millivolt_and_is_told(record, gain, factor):
    expected = read_wfdb(record).signal[:, 0]
    change(record, "16 200 11", f"16 {gain} 11")
    with warnings.catch_warnings() if factor != 1 else pytest.warns(UserWarning, match="a gain of 200 steps a mV are"):
        np.testing.assert_allclose(read_wfdb(record).signal[:, 0], expected * factor, rtol=1e-6)


def test_a_line_without_gain_is_read(record):
    record.write_text("tiny 2 250 4\ntiny.dat 16\ntiny.dat 16\n")
    with pytest.warns(UserWarning, match="tiny.hea: the header lacks values; a gain of 200 steps a mV are assumed"):
        found = read_wfdb(record)
    np.testing.assert_allclose(found.signal[:, 1], DIGITAL[:, 1] / 200, rtol=1e-6)
    assert found.leads == ("lead 0", "lead 1")


def test_a_negative_gain_turns_the_lead_and_its_limits(record):
    expected = read_wfdb(record)
    change(record, "16 200 11", "16 -200 11")
    found = read_wfdb(record)
    np.testing.assert_allclose(found.signal[:, 0], -expected.signal[:, 0])
    np.testing.assert_allclose(found.limits_mv[0], -expected.limits_mv[0][::-1])


def test_without_a_rate_it_is_250_hz_as_the_format_says(record):
    change(record, "tiny 2 360 4", "tiny 2")
    with pytest.warns(UserWarning, match="lacks values; 250 Hz are assumed"):
        assert read_wfdb(record).sampling_rate_hz == 250


@pytest.mark.parametrize("unit", ["\u00b5V", "\u03bcV", "uV"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_microvolt_with_a_greek_letter_are_not_volts(record, unit, encoding):
    text = record.read_text().replace("/uV", f"/{unit}")
    record.write_bytes(text.encode(encoding) if unit[0] != "\u03bc" else text.encode())
    np.testing.assert_allclose(read_wfdb(record).signal[:, 1], [-5e-5, 7e-5, 0.32, 9e-5], rtol=1e-5)


def test_leads_that_are_not_in_volts_are_left_out_or_kept_as_they_are(record):
    change(record, "100(0)/uV", "100(0)/mmHg")
    with pytest.warns(UserWarning, match="not in volts are left out: 'V1' in 'mmHg'; give units"):
        assert read_wfdb(record).leads == ("MLII",)
    with pytest.warns(UserWarning, match="not in volts are kept in their own units: 'V1' in 'mmHg'"):
        np.testing.assert_allclose(read_wfdb(record, leads=["V1"]).signal[1, 0], 0.07)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_allclose(read_wfdb(record, units={"V1": "V"}).signal[1, 1], 70)
    change(record, "16 200 11", "16 200/mmHg 11")
    with pytest.raises(ValueError, match="a lead must be in mV, uV or V, got 'MLII' in 'mmHg', 'V1' in 'mmHg'; give"):
        read_wfdb(record)


def test_a_file_longer_than_its_header_says_is_warned_of(record):
    record.write_text("tiny 1 360 4\ntiny.dat 16 200\n")
    with pytest.warns(
        UserWarning, match="tiny.dat must have the 8 bytes that its header says, got 16; the rest is not"
    ):
        read_wfdb(record)


def test_aliases_of_leads_are_known(record):
    found = read_wfdb(record, leads=["v1", "II"])
    assert found.leads == ("v1", "II")
    np.testing.assert_array_equal(found.signal, read_wfdb(record, leads=["V1", "MLII"]).signal)
    found = read_wfdb(record, leads=["II", "V5"], missing_leads="nan")
    assert np.isnan(found.signal[:, 1]).all() and not np.isnan(found.signal[:2, 0]).any()


def test_a_skewed_lead_is_shifted(record):
    expected = read_wfdb(record).signal
    change(record, "tiny.dat 16 200", "tiny.dat 16:1 200")
    found = read_wfdb(record).signal
    np.testing.assert_array_equal(found[:, 1], expected[:, 1])
    np.testing.assert_array_equal(found[:, 0], [*expected[1:, 0], np.nan])
    change(record, "16:1 200", "16:9 200")
    assert np.isnan(read_wfdb(record).signal[:, 0]).all()


def test_leads_at_several_rates_are_brought_to_the_highest(record):
    frames = np.stack([np.arange(0, 800, 2), np.arange(1, 801, 2), np.arange(0, 400)], axis=1).astype("<i2")
    record.with_suffix(".dat").write_bytes(frames.tobytes())
    lines = f"{checksum(frames[:, :2].ravel())} 0 I\ntiny.dat 16 100 0 0 0 {checksum(frames[:, 2])} 0 II\n"
    record.write_text(f"tiny 2 100 400\ntiny.dat 16x2 100 0 0 0 {lines}")
    found = read_wfdb(record)
    assert found.sampling_rate_hz == 200 and found.signal.shape == (800, 2)
    np.testing.assert_allclose(found.signal[:, 0], np.arange(800) / 100, rtol=1e-5)
    np.testing.assert_allclose(found.signal[50:-50, 1], np.arange(50, 750) / 200, rtol=1e-3)
    assert found.samples.tolist() == [2, 6]  # of frames


def test_segments_and_the_gaps_between_them_are_one_record(record):
    folder = record.parent
    one = read_wfdb(record, annotator=None)
    (folder / "all.hea").write_text("all/3 2 360 12\ntiny 4\n~ 4\ntiny 4\n# a note\n")
    found = read_wfdb(folder / "all")
    np.testing.assert_array_equal(found.signal, [*one.signal, *np.full((4, 2), np.nan), *one.signal])
    assert found.leads == one.leads and found.comments == ("a note",)
    # A variable layout: the second segment has one lead, in microvolt.
    (folder / "layout.hea").write_text("layout 2 360 0\n~ 0 200 0 0 0 0 0 MLII\n~ 0 200 0 0 0 0 0 V1\n")
    (folder / "part.dat").write_bytes(DIGITAL[:, 1].tobytes())
    (folder / "part.hea").write_text("part 1 360 4\npart.dat 16 100/uV 16 0 -5 0 0 V1\n".replace("-5 0", "-5 32093"))
    text = (folder / "part.hea").read_text().replace("32093", str(checksum(DIGITAL[:, 1])))
    (folder / "part.hea").write_text(text)
    (folder / "some.hea").write_text("some/3 2 360 8\nlayout 0\ntiny 4\npart 4\n")
    found = read_wfdb(folder / "some")
    np.testing.assert_allclose(found.signal[4:, 1], one.signal[:, 1], rtol=1e-5)
    assert np.isnan(found.signal[4:, 0]).all() and found.leads == ("MLII", "V1")
    np.testing.assert_array_equal(read_wfdb(folder / "some", leads=["II"]).signal[:, 0], found.signal[:, 0])
    with pytest.raises(ValueError, match="some.hea: a lead 'V9' is required once, got no such lead"):
        read_wfdb(folder / "some", leads=["V9"])


@pytest.mark.parametrize(
    "text, message",
    [
        (
            "all/2 2 360 8\ntiny 4\nnone 4\n",
            "all.hea: the header of each of its segments must exist, got no .*none.hea",
        ),
        ("all/2 2 250 8\ntiny 4\ntiny 4\n", "tiny.hea: a segment must have the rate of its record"),
        ("all/2 2 360 8\ntiny 4\nall 4\n", "all.hea: a segment must have the rate of its record and no segments"),
        ("all/2 2 360 9\ntiny 4\ntiny 5\n", "all.hea: segments must have one rate, their full length"),
        ("all/2 2 360 8\ntiny 4\n../tiny 4\n", "line 3: field 1 of the header cannot be read"),
        ("all/2 2 360 8\n~ 4\n~ 4\n", "a segment with leads in mV, uV or V is required"),
    ],
)
def test_segments_that_do_not_fit_are_refused(record, text, message):
    (record.parent / "all.hea").write_text(text)
    with pytest.raises((ValueError, OSError), match=message):
        read_wfdb(record.parent / "all")


@pytest.mark.parametrize("form", ["16", "24", "32", "80", "212", "508", "516", "524"])
def test_every_format_that_wfdb_writes_is_read(tmp_path, form):
    wave = np.stack([np.round(60 * np.sin(np.arange(300) / 20)), np.arange(300) % 50], axis=1)
    how = {"fmt": [form] * 2, "adc_gain": [100.0] * 2, "baseline": [0, 0], "units": ["mV"] * 2, "sig_name": ["I", "II"]}
    wfdb.wrsamp("a", 100, p_signal=wave / 100, write_dir=str(tmp_path), **how)
    np.testing.assert_allclose(read_wfdb(tmp_path / "a").signal, wave / 100, atol=1e-6)


@pytest.mark.parametrize("form", ["8", "61", "160"])
def test_formats_that_wfdb_only_reads_are_read(tmp_path, form):
    wave = np.stack([np.round(60 * np.sin(np.arange(300) / 20)), np.arange(300) % 50], axis=1).astype(int)
    steps = np.diff(wave, axis=0, prepend=[[7, 3]]).astype("i1")  # from the first values of the header on
    data = {"8": steps, "61": wave.astype(">i2"), "160": (wave + 2**15).astype("<u2")}[form]
    (tmp_path / "a.dat").write_bytes(data.tobytes())
    lines = [
        f"a.dat {form} 100 0 0 {first} {checksum(lead)} 0 {first}" for first, lead in zip((7, 3), wave.T, strict=True)
    ]
    (tmp_path / "a.hea").write_text("\n".join(["a 2 100 300", *lines, ""]))
    np.testing.assert_allclose(read_wfdb(tmp_path / "a").signal, wave / 100, atol=1e-6)


def test_a_mat_file_of_the_challenges_is_read_by_its_header(record):
    (record.parent / "A1.mat").write_bytes(b"\0" * 24 + DIGITAL.tobytes())
    lines = [
        f"A1.mat 16+24 200/mV 16 0 0 {checksum(values)} 0 {name}"
        for values, name in zip(DIGITAL.T, ["I", "V1"], strict=True)
    ]
    (record.parent / "A1.hea").write_text(
        "\n".join(["A1 2 360 4 12:00:00 01/01/2020", *lines, "#Age: 60", "# Dx: 1,2", ""])
    )
    found = read_wfdb(record.parent / "A1.hea")
    np.testing.assert_allclose(found.signal[3], [1024 / 200, 9 / 200], rtol=1e-6)
    assert found.comments == ("Age: 60", "Dx: 1,2")


@pytest.mark.parametrize("first", ["tiny 2 360", "tiny 2 360/360"])
def test_without_a_number_of_samples_the_file_tells_it(record, first):
    expected = read_wfdb(record)
    change(record, "tiny 2 360 4", first)
    change(record, f" {checksum(DIGITAL[:, 0])} 0 MLII", " 77 0 MLII")  # does not count then
    found = read_wfdb(record)
    np.testing.assert_array_equal(found.signal, expected.signal)
    np.testing.assert_array_equal(found.samples, expected.samples)
    for n_bytes in (0, 3):
        record.with_suffix(".dat").write_bytes(DIGITAL.tobytes()[:n_bytes])
        with pytest.raises(ValueError, match="tiny.hea"):
            read_wfdb(record)


def test_comments_may_be_of_any_encoding(record):
    expected = read_wfdb(record).signal
    record.write_bytes(b"# M\xfcller, Ward 5\n" + record.read_bytes() + b"# \xb5V\n")
    np.testing.assert_array_equal(read_wfdb(record).signal, expected)


def test_nothing_is_warned_of(record):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_wfdb(record).symbols.tolist() == ["N", "V"]


def test_a_wrong_checksum_is_refused(record):
    data = bytearray(record.with_suffix(".dat").read_bytes())
    data[6] ^= 1
    record.with_suffix(".dat").write_bytes(data)
    with pytest.raises(ValueError, match="tiny.hea: the checksum of lead 'V1' is wrong; fetch the files again"):
        read_wfdb(record)


@pytest.mark.parametrize(
    "data, message",
    [
        (b"", "must end with two zero bytes"),
        (annotation_bytes([(1, 1), (2, 5)])[:-2], "must end with two zero bytes"),
        (b"\x00", "must end with two zero bytes"),
        (annotation_bytes([(1, 1)]) + b"\x01\x04\x00\x00", "and there alone"),
        (annotation_bytes([(1, 1)])[:-2] + b"\xff\xfc\x00\x00", "must end with two zero bytes"),  # a long text
        # wfdb would read these for ever.
        (note("## unknown") + annotation_bytes([(5, 1)]), "a text about the annotations must be known"),
        (note("## time resolution: 9") * 2 + annotation_bytes([(5, 1)]), "be there once, got b'## time resolution: 9'"),
    ],
)
def test_damaged_annotations_are_refused(record, data, message):
    record.with_suffix(".atr").write_bytes(data)
    with pytest.raises(ValueError, match=f"tiny.atr.*{message}"):
        read_wfdb(record)


def test_other_files_and_addresses_are_refused(record, tmp_path):
    with pytest.raises(FileNotFoundError, match="the header of the record must exist, got .*none.hea"):
        read_wfdb(tmp_path / "none")
    for address in ("s3://bucket/100", "https://example.org/100.hea", "zip://a.hea::b.zip"):
        with pytest.raises(ValueError, match="a record must be a local file"):
            read_wfdb(address)
    record.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="tiny.hea: the header cannot be decoded"):
        read_wfdb(record)
    record.write_text("# nothing\n")
    with pytest.raises(ValueError, match="tiny.hea: the header cannot be decoded"):
        read_wfdb(record)


def test_annotations_out_of_order_are_sorted_and_told(record):
    back = b"\x00\xec\xff\xff\xfe\xff\x01\x14"  # two samples back and one on, a V
    record.with_suffix(".atr").write_bytes(annotation_bytes([(3, 1)])[:-2] + back + b"\0\0")
    with pytest.warns(UserWarning, match="tiny.atr: the annotations are not in order of time; they are sorted"):
        found = read_wfdb(record)
    assert found.samples.tolist() == [2, 3] and found.symbols.tolist() == ["V", "N"]


def test_an_unknown_code_has_no_symbol_and_is_told(record):
    record.with_suffix(".atr").write_bytes(annotation_bytes([(1, 1)])[:-2] + b"\x01\xbc\x00\x00")
    with pytest.warns(UserWarning, match="tiny.atr: 1 annotations have unknown codes, so no symbol"):
        assert read_wfdb(record).symbols.tolist() == ["N", ""]


def test_texts_of_annotations_are_kept(record):
    at, texts = np.array([0, 1, 3]), ["(N", "", "(AFIB"]
    wfdb.wrann("tiny", "atr", at, ["+", "N", "+"], aux_note=texts, write_dir=str(record.parent))
    found = read_wfdb(record)
    assert found.symbols.tolist() == ["+", "N", "+"] and found.texts.tolist() == texts


def test_zeros_after_the_end_of_annotations_do_no_harm(record):
    data = record.with_suffix(".atr").read_bytes()
    record.with_suffix(".atr").write_bytes(data + b"\0" * 6)
    assert read_wfdb(record).symbols.tolist() == ["N", "V"]


def test_only_files_of_the_record_are_opened(record):
    code = (
        "import sys, wfdb, seqconv.domains.medical.wfdb as m; found = []\n"
        "sys.addaudithook(lambda event, args: found.append(args[0]) if event == 'open' else None)\n"
        f"m.read_wfdb({str(record)!r}); print(*[p for p in found if isinstance(p, str)], sep='\\n')"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    opened = {path for path in printed.split() if not path.endswith((".py", ".pyc", ".so")) and "/proc/" not in path}
    assert opened and {os.path.dirname(path) for path in opened} == {str(record.parent)}


# The real records against a decoder of our own.


def decode_212(data, n_leads):
    """Two 12-bit samples in three bytes."""
    a, b, c = np.frombuffer(data, np.uint8).reshape(-1, 3).astype(np.int32).T
    values = np.stack([a | (b & 0x0F) << 8, c | (b & 0xF0) << 4], axis=1).ravel()
    return (values - (values > 2047) * 4096).reshape(-1, n_leads)


def decode_annotations(data):
    """(sample, code) of each beat; other annotations have fields that are passed over."""
    words = np.frombuffer(data, "<u2").tolist()
    at, found, i = 0, [], 0
    while words[i]:
        code, value = words[i] >> 10, words[i] & 1023
        i += 1
        if code == 59:
            at += words[i] << 16 | words[i + 1]
            i += 2
        elif code == 63:
            i += (value + 1) // 2
        elif code < 50:
            at += value
            found.append((at, code))
    return found


@pytest.fixture
def real():
    folder = pathlib.Path(os.environ.get("SEQCONV_DATA", ""), "medical", "mitbih_wfdb")
    if not os.environ.get("SEQCONV_DATA") or not folder.is_dir():
        pytest.skip("the records 119 and 207 are not in the data home SEQCONV_DATA")
    return folder


@pytest.mark.parametrize("name", ["119", "207"])
def test_real_records_are_what_an_independent_decoder_reads(real, name):
    found = read_wfdb(real / name)
    digital = decode_212((real / f"{name}.dat").read_bytes(), 2)
    np.testing.assert_array_equal(found.signal, ((digital - 1024) / 200).astype(np.float32))
    samples, codes = zip(*decode_annotations((real / f"{name}.atr").read_bytes()), strict=True)
    assert found.samples.tolist() == list(samples)
    names = {1: "N", 2: "L", 3: "R", 5: "V", 8: "A", 10: "E", 14: "~", 16: "|", 28: "+", 31: "!", 32: "[", 33: "]"}
    assert found.symbols.tolist() == [names[code] for code in codes]


@pytest.mark.parametrize(("note", "factor"), [(250, 2), (1000, 0.5), (500, 1), (None, 1)])
def test_annotations_at_a_rate_of_their_own_are_put_where_they_belong(tmp_path, note, factor):
    wave = np.sin(np.arange(5000) / 40) * np.linspace(1, 2, 5000) + 0.3
    wfdb.wrsamp("own", 500, ["mV"], ["II"], wave[:, None], fmt=["16"], write_dir=str(tmp_path))
    at = np.array([100, 200, 1200])
    wfdb.wrann("own", "atr", at, ["N", "V", "N"], fs=note, write_dir=str(tmp_path))
    found = read_wfdb(tmp_path / "own")
    assert found.samples.tolist() == (at * factor).tolist() and found.symbols.tolist() == ["N", "V", "N"]
    assert np.isnan(found.limits_mv).all()  # stretched over all numbers of the format: no limits of a converter


def test_a_cut_real_record_is_refused(real, tmp_path):
    for ending in ("hea", "dat", "atr"):
        (tmp_path / f"119.{ending}").write_bytes((real / f"119.{ending}").read_bytes())
    data = (tmp_path / "119.dat").read_bytes()
    (tmp_path / "119.dat").write_bytes(data[:-3])
    with pytest.raises(ValueError, match="119.dat must have the 1950000 bytes that its header says, got 1949997"):
        read_wfdb(tmp_path / "119")
    (tmp_path / "119.dat").write_bytes(data[:3000] + b"\xff" + data[3001:])
    with pytest.raises(ValueError, match="the checksum of lead"):
        read_wfdb(tmp_path / "119")
