"""Doubts about recorders: sampling rates or channels that go with the classes would be learnt in place of the sound."""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import chi2_contingency

from seqconv.data.case_errors import RECORD_ERRORS
from seqconv.data.label_tables import is_several_labels
from seqconv.domains.audio.records import check_record, clip_list, form_of
from seqconv.domains.forms import as_records

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter

# So many headers are read at random.
_MOST_CLIPS = 200
# Chance and strength (Cramer's V, 0 to 1) from which an association is told.
_CHANCE, _STRENGTH = 1e-3, 0.5


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
    if is_several_labels(y):
        return
    y = np.asarray(y)
    if y.shape != (len(records),) or y.dtype.kind == "f":
        return
    for what, values, do in (("sampling rate", rates, way), ("number of channels", channels, "mix all to one channel")):
        if _go_together(values, y[rows]):
            pairs = {}
            for value, label in zip(values, y[rows], strict=True):
                pairs.setdefault(f"{value:g}", set()).add(str(label))
            told = "; ".join(f"{value}: {', '.join(sorted(labels)[:3])}" for value, labels in list(pairs.items())[:3])
            warnings.warn(
                f"the {what} goes with the class ({told}), so that the recorder may be learnt in place of the sound; {do}.",
                stacklevel=stacklevel + 1,
            )


def _go_together(values, labels):
    """Return whether a value predicts the label well and beyond chance."""
    value_names, row = np.unique(values, return_inverse=True)
    label_names, column = np.unique(labels.astype(str), return_inverse=True)
    if len(value_names) < 2 or len(label_names) < 2:
        return False
    counts = np.zeros((len(value_names), len(label_names)))
    np.add.at(counts, (row, column), 1)
    squared, chance, _, _ = chi2_contingency(counts, correction=False)
    return chance < _CHANCE and np.sqrt(squared / counts.sum() / (min(counts.shape) - 1)) > _STRENGTH
