"""Doubts about recorders: sampling rates or channels that go with the classes would be learnt in place of the sound."""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from seqconv.data.case_errors import RECORD_ERRORS
from seqconv.domains.audio.records import check_record, clip_list, form_of
from seqconv.domains.class_clues import told_by
from seqconv.domains.forms import as_records

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter

# So many headers are read at random.
_MOST_CLIPS = 200


def warn_of_recorders(adapter: "Adapter", X: Any, y: Sequence | None, stacklevel: int) -> None:
    """Warn if the recorder may tell the class, by the headers of at most 200 clips.

    Parameters
    ----------
    adapter : AudioAdapter
    X : list of clips
    y : array of shape (n_clips,) or None
        Classes. Of other targets, and of None, the rates alone are looked at.
    stacklevel : int
        Level of the user's call, counted from the caller of this function.

    Warns
    -----
    UserWarning
        If the sampling rate or the number of channels goes with the class.
    UserWarning
        If y is None, and clips of several rates are not all sampled at `sampling_rate_hz` or above.
    """
    records = clip_list(as_records(X, are_arrays=True))
    chosen = np.sort(np.random.default_rng(0).permutation(len(records))[:_MOST_CLIPS])
    forms, rows = [], []
    for row in chosen:
        try:
            forms.append(form_of(check_record(records[row]), adapter.sampling_rate_hz))
            rows.append(row)
        except RECORD_ERRORS:
            # The error is raised where the clip is read.
            continue
    rates, channels = np.array(forms, dtype=np.float64).reshape(-1, 2).T
    lowest = min(rates, default=0)
    way = f"set sampling_rate_hz={lowest:.0f}" if lowest < adapter.sampling_rate_hz else "record all with each device"
    if y is None:
        if lowest < adapter.sampling_rate_hz and lowest < max(rates, default=0):
            warnings.warn(
                f"clips have sampling rates from {lowest:g} to {max(rates):g} Hz, and the lower ones hold nothing above "
                f"half their rate; if the rates go with the classes, {way}.",
                stacklevel=stacklevel + 1,
            )
        return
    for what, values, do in (("sampling rate", rates, way), ("number of channels", channels, "mix all to one channel")):
        if told := told_by(values, y, len(records), rows):
            warnings.warn(
                f"the {what} goes with the class ({told}), so that the recorder may be learnt in place of the sound; {do}.",
                stacklevel=stacklevel + 1,
            )
