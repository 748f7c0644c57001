"""Doubts about devices: sampling rates that go with the classes would be learnt in place of the heart."""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from seqconv.data.case_errors import RECORD_ERRORS
from seqconv.data.excerpt import Excerpt
from seqconv.data.label_tables import is_several_labels
from seqconv.data.recording import Recording
from seqconv.domains.class_clues import told_by
from seqconv.domains.medical.wfdb import header_of_wfdb

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter

# So many headers are read at random.
_MOST_RECORDS = 200


def warn_of_devices(adapter: "Adapter", records: list, y: Sequence | None, stacklevel: int) -> None:
    """Warn if the sampling rate goes with the class.

    Parameters
    ----------
    adapter : ECGAdapter
        Fitted.
    records : list of checked records
        At most 200 are looked at, the cases of one recording and class once. Arrays and EDF files are passed over.
    y : array of shape (n_records,) or None
        Classes. Other targets, and None, give no warning.
    stacklevel : int
        Level of the user's call, counted from the caller of this function.

    Warns
    -----
    UserWarning
        The message names rates and classes, and says what to do.
    """
    if y is None or is_several_labels(y):
        return
    labels, rows = np.asarray(y), {}
    if labels.shape != (len(records),) or labels.dtype.kind == "f":
        return
    for row, record in enumerate(records):
        recording = record.recording if isinstance(record, Excerpt) else record
        rows.setdefault((id(recording), str(labels[row])), (row, recording))
    some = list(rows.values())
    chosen = np.sort(np.random.default_rng(0).permutation(len(some))[:_MOST_RECORDS])
    rates = {row: rate for row, recording in (some[i] for i in chosen) if (rate := _rate(recording)) is not None}
    told = told_by(list(rates.values()), labels, len(records), list(rates))
    if not told:
        return
    lowest = min(rates.values())
    is_higher = adapter.sampling_rate_hz_ is not None and lowest < adapter.sampling_rate_hz_
    do = f"set sampling_rate_hz={lowest:g}" if is_higher else "record all with each device"
    warnings.warn(
        f"the sampling rate goes with the class ({told}), so that the device may be learnt in place of the heart; {do}.",
        stacklevel=stacklevel + 1,
    )


def _rate(recording: Any) -> float | None:
    """Return the rate of a recording or of the header of a WFDB record."""
    if isinstance(recording, Recording):
        return recording.sampling_rate_hz
    if not isinstance(recording, str) or recording.lower().endswith((".edf", ".bdf", ".rec")):
        return None
    try:
        return header_of_wfdb(recording).fs
    except RECORD_ERRORS:
        # The error is raised where the record is read.
        return None
