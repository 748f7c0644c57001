"""Headers of WFDB records from untrusted files, read strictly."""

import math
import re
from pathlib import Path
from typing import NamedTuple

_MOST_HEADER_BYTES = 2**20
# Format to bytes a sample, as a fraction, and the value of a sample that was not observed.
FORMATS = {
    16: ((2, 1), -(2**15)),
    24: ((3, 1), -(2**23)),
    32: ((4, 1), -(2**31)),
    61: ((2, 1), -(2**15)),
    80: ((1, 1), -(2**7)),
    160: ((2, 1), -(2**15)),
    212: ((3, 2), -(2**11)),
    310: ((4, 3), -(2**9)),
    311: ((4, 3), -(2**9)),
}
_RECORD = re.compile(
    r"(?P<name>[\w-]+)\s+(?P<n_leads>\d{1,4})\s+(?P<rate>\d{1,9}(\.\d{1,9})?)(/\S*)?(\s+(?P<n>\d{1,12})(\s.*)?)?",
    re.ASCII,
)
_FILE = re.compile(r"[\w-]+(\.\w+)?", re.ASCII)
_FORMAT = re.compile(
    r"(?P<format>\d{1,3})(x(?P<per_frame>\d{1,9}))?(:(?P<skew>\d{1,9}))?(\+(?P<offset>\d{1,12}))?", re.ASCII
)
_GAIN = re.compile(
    r"(?P<gain>-?[\d.]{1,20}([eE][+-]?\d{1,3})?)(\((?P<baseline>-?\d{1,10})\))?(/(?P<unit>\S+))?", re.ASCII
)
_INTEGER = re.compile(r"-?\d{1,10}", re.ASCII)


class WFDBLead(NamedTuple):
    """Line of the header: file, format and place of a lead, and the meaning of its numbers."""

    file: str
    format: int
    offset: int
    gain: float
    baseline: int
    unit: str
    bits: int
    zero: int
    checksum: int | None
    name: str


def read_header(header: Path) -> tuple[int, float, list[WFDBLead]]:
    """Read the header of a WFDB record.

    Parameters
    ----------
    header : pathlib.Path

    Returns
    -------
    n_samples : int
        0 if the header does not have it; then it must be measured, and checksums do not count.
    sampling_rate_hz : float
    leads : list of WFDBLead

    Raises
    ------
    ValueError
        If a line cannot be read in exactly one way; the message names file and line.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> header = pathlib.Path(tempfile.mkdtemp(), "tiny.hea")
    >>> _ = header.write_text("tiny 1 360 2\\ntiny.dat 16 200 11 1024 995 -1 0 MLII\\n# 69 M\\n")
    >>> n_samples, rate, leads = read_header(header)
    >>> n_samples, rate, leads[0].name, leads[0].gain, leads[0].baseline
    (2, 360.0, 'MLII', 200.0, 1024)
    """
    data = header.read_bytes() if header.stat().st_size <= _MOST_HEADER_BYTES else b"\xff"
    numbered = [(f"{header}, line {i}", line.strip()) for i, line in enumerate(data.splitlines(), 1)]
    # Comments can be of any encoding.
    numbered = [(place, line) for place, line in numbered if line and not line.startswith(b"#")]
    try:
        numbered = [(place, line.decode()) for place, line in numbered]
    except UnicodeDecodeError:
        raise ValueError(f"{header} must be a header of UTF-8 text of at most {_MOST_HEADER_BYTES} bytes.") from None
    place, line = numbered[0] if numbered else (f"{header}, line 1", "")
    record = _RECORD.fullmatch(line)
    if record is None:
        raise ValueError(
            f"{place}: the name, the number of leads and the rate of a record in one segment are required, got "
            f"{line[:60]!r}."
        )
    n_leads, rate, n_samples = int(record["n_leads"]), float(record["rate"]), int(record["n"] or 0)
    if not 0 < n_leads == len(numbered) - 1 or not 0 < rate < 1e7 or (record["n"] and not n_samples):
        raise ValueError(
            f"{place}: a line a lead, a rate above 0 Hz and at least one sample (or no number) are required. Got "
            f"{n_leads} leads, {len(numbered) - 1} lines, {rate:g} Hz and {n_samples} samples."
        )
    leads = [_parse_lead(line, place, number) for number, (place, line) in enumerate(numbered[1:])]
    return n_samples, rate, leads if n_samples else [lead._replace(checksum=None) for lead in leads]


def _parse_lead(line, place, number):
    file, form, gain, bits, zero, _, checksum, _, name = (line.split(None, 8) + [""] * 8)[:9]
    if not _FILE.fullmatch(file):
        raise ValueError(f"{place}: the signal must be a file in the folder of the record, got {file[:60]!r}.")
    kind = _FORMAT.fullmatch(form)
    if kind is None or int(kind["format"]) not in FORMATS:
        known = ", ".join(map(str, FORMATS))
        raise ValueError(f"{place}: the format must be one of {known}, got {form[:30]!r}; convert the record.")
    if int(kind["per_frame"] or 1) != 1 or int(kind["skew"] or 0):
        raise ValueError(f"{place}: all leads must have one rate and no skew, got {form!r}; convert the record.")
    for what, value in (("resolution", bits), ("zero", zero), ("checksum", checksum)):
        if value and not _INTEGER.fullmatch(value):
            raise ValueError(f"{place}: the {what} must be a whole number, got {value[:30]!r}.")
    bits, zero = int(bits or 0), int(zero or 0)
    if not 0 <= bits <= 32:
        raise ValueError(f"{place}: the resolution must be 0 to 32 bits, got {bits}.")
    gain, baseline, unit = _parse_gain(gain, place)
    baseline = zero if baseline is None else baseline
    checksum = int(checksum) if checksum else None
    number_format, offset = int(kind["format"]), int(kind["offset"] or 0)
    name = name.strip() or f"lead {number}"
    return WFDBLead(file, number_format, offset, gain, baseline, unit, bits, zero, checksum, name)


def _parse_gain(text, place):
    """Return the steps of the converter in a unit, its value at 0 or None, and the unit."""
    found = _GAIN.fullmatch(text)
    try:
        gain = float(found["gain"]) if found else 0.0
    # Two decimal points.
    except ValueError:
        gain = 0.0
    if not 0 < gain < math.inf:
        raise ValueError(
            f"{place}: a gain above 0 is required, the converter's steps in a millivolt, got {text[:30]!r}; write the "
            "gain into the header."
        )
    return gain, None if found["baseline"] is None else int(found["baseline"]), found["unit"] or "mV"
