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
    with pytest.raises(ValueError, match="tiny.hea: a lead 'II' is required once, got no such lead"):
        read_wfdb(record, leads=["II"])
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
        (
            "tiny.dat 16 200",
            "../x.dat 16 200",
            "line 2: the signal must be a file in the folder of the record, got '../x.dat'",
        ),
        (
            "tiny.dat 16 200",
            "/etc/passwd 16 200",
            "line 2: the signal must be a file in the folder .* got '/etc/passwd'",
        ),
        ("tiny.dat 16 200", "a\\b.dat 16 200", "line 2: the signal must be a file in the folder"),
        ("tiny.dat 16 200", ". 16 200", "line 2: the signal must be a file in the folder"),
        ("16 200 11", "16 0 11", "line 2: a gain above 0 is required, .* got '0'; write the gain"),
        ("16 200 11", "16 -200 11", "line 2: a gain above 0"),
        ("16 200 11", "16 1.2.3 11", "line 2: a gain above 0"),
        ("16 200 11", "16 1e999 11", "line 2: a gain above 0"),
        ("16 200 11", "16 nan 11", "line 2: a gain above 0"),
        ("16 200 11", "212x2 200 11", "line 2: all leads must have one rate and no skew, got '212x2'"),
        ("16 200 11", "16:4 200 11", "line 2: all leads must have one rate and no skew"),
        ("16 200 11", "516 200 11", "line 2: the format must be one of 16, .* got '516'"),
        ("16 200 11", "8 200 11", "line 2: the format must be one of"),
        ("16 200 11", "xx 200 11", "line 2: the format must be one of"),
        ("16 200 11", "16 200 99", "line 2: the resolution must be 0 to 32 bits, got 99"),
        ("16 200 11", "16 200 x", "line 2: the resolution must be a whole number, got 'x'"),
        ("100(0)/uV", "100(0)/mmHg", "lead 'V1' must be in mV, uV or V, got 'mmHg'; leave it out by leads"),
        ("16 100", "212 100", "the leads of a file must follow one another in the header and have one format"),
        ("tiny 2 360 4", "tiny/3 2 360 4", "line 1: the name, .* of a record in one segment"),
        ("tiny 2 360 4", "tiny 2 0 4", "line 1: a line a lead, a rate above 0 Hz and at least one sample"),
        ("tiny 2 360 4", "tiny 2 360 0", r"at least one sample \(or no number\)"),
        (
            "tiny 2 360 4",
            "tiny 2",
            "line 1: the name, the number of leads and the rate of a record in one segment are required",
        ),
        ("tiny 2 360 4", "tiny 9999 360 4", "line 1: a line a lead, .* Got 9999 leads, 2 lines"),
        ("tiny 2 360 4", "tiny -2 360 4", "line 1: the name"),
        ("tiny 2 360 4", "tiny 2 360 5", r"tiny.dat must hold 5 samples of 2 leads, 20 bytes, got 16; it is cut"),
        ("tiny 2 360 4", "tiny 2 360 3", r"tiny.dat must hold 3 samples of 2 leads, 12 bytes, got 16"),
        ("tiny 2 360 4", "tiny 2 360 999999999999", "tiny.dat must hold 999999999999 samples"),
        ("16 200 11", "16+99999 200 11", "the leads of a file must follow one another"),
        ("tiny.dat 16 200", "none.dat 16 200", "signal file of the record must exist, got .*none.dat"),
    ],
)
def test_a_header_that_lies_or_wanders_is_refused_by_line(record, old, new, message):
    change(record, old, new)
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        read_wfdb(record)


@pytest.mark.parametrize("first", ["tiny 2 360", "tiny 2 360/360"])
def test_without_a_number_of_samples_the_file_tells_it(record, first):
    expected = read_wfdb(record)
    change(record, "tiny 2 360 4", first)
    change(record, f" {checksum(DIGITAL[:, 0])} 0 MLII", " 77 0 MLII")  # does not count then
    found = read_wfdb(record)
    np.testing.assert_array_equal(found.signal, expected.signal)
    np.testing.assert_array_equal(found.samples, expected.samples)
    for n_bytes in (0, 3, 14):
        record.with_suffix(".dat").write_bytes(DIGITAL.tobytes()[:n_bytes])
        with pytest.raises(ValueError, match="tiny.dat must hold"):
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
    with pytest.raises(ValueError, match="tiny.dat: the checksum of lead 'V1' is wrong; fetch the file again"):
        read_wfdb(record)


def test_a_link_out_of_the_folder_is_not_followed(record, tmp_path):
    secret = tmp_path / "secret.dat"
    record.with_suffix(".dat").rename(secret)
    record.with_suffix(".dat").symlink_to(secret)
    with pytest.raises(ValueError, match="tiny.dat must be in the folder of the record, got a link out of it"):
        read_wfdb(record)
    record.with_suffix(".dat").unlink()
    secret.rename(record.with_suffix(".dat"))
    notes = tmp_path / "notes.atr"
    record.with_suffix(".atr").rename(notes)
    record.with_suffix(".atr").symlink_to(notes)
    with pytest.raises(ValueError, match="tiny.atr must be in the folder"):
        read_wfdb(record)


@pytest.mark.parametrize(
    "data, message",
    [
        (b"", "must end with two zero bytes"),
        (annotation_bytes([(1, 1), (2, 5)])[:-2], "must end with two zero bytes"),
        (b"\x00", "must end with two zero bytes"),
        (annotation_bytes([(1, 1)]) + b"\x01\x04\x00\x00", "and there alone"),
        (annotation_bytes([(1, 1)])[:-2] + b"\xff\xfc\x00\x00", "must end with two zero bytes"),  # a long text
        (annotation_bytes([(1, 1)])[:-2] + b"\x01\xbc\x00\x00", "must have the code"),
        (annotation_bytes([(5, 1)])[:-2] + b"\x00\xec\xff\xff\xf0\xff\x01\x04\x00\x00", "must be in order of time"),
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
    with pytest.raises(ValueError, match="must be a header of UTF-8 text"):
        read_wfdb(record)
    record.write_bytes(b"#" * (2**20 + 1))
    with pytest.raises(ValueError, match="of at most 1048576 bytes"):
        read_wfdb(record)
    record.write_text("# nothing\n")
    with pytest.raises(ValueError, match="line 1: the name"):
        read_wfdb(record)


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
    with pytest.raises(ValueError, match="119.dat must hold 650000 samples of 2 leads, 1950000 bytes, got 1949997"):
        read_wfdb(tmp_path / "119")
    (tmp_path / "119.dat").write_bytes(data[:3000] + b"\xff" + data[3001:])
    with pytest.raises(ValueError, match="the checksum of lead"):
        read_wfdb(tmp_path / "119")
