"""Cut recordings into labelled excerpts, around annotated beats or window after window."""

import os
import warnings
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from seqconv.arguments import choice
from seqconv.data import SequenceSet
from seqconv.data.case_errors import RECORD_ERRORS
from seqconv.data.row_names import check_row_names
from seqconv.domains.medical.cutting import DETECTED, UNLABELLED, cut_found_beats, cutter, has_beats
from seqconv.domains.medical.grid import Pass, StepGrid
from seqconv.domains.medical.records import leads_of_all, name_of, read_record, record_list
from seqconv.domains.records import column_of, naming, report_left_out, rows_of

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter


def cut_recordings(
    adapter: "Adapter",
    grid: StepGrid | None,
    records: Any,
    y: Sequence | None,
    groups: Sequence | None,
    around: str,
    classes: Any,
    stride_seconds: float | None,
    annotator: str | None,
    errors: str,
    stacklevel: int,
) -> SequenceSet:
    """Cut recordings into cases; see `ECGAdapter.cases`. `grid` is None if the adapter is not fitted."""
    if isinstance(records, SequenceSet):
        records, y, groups = records.X, records.y if y is None else y, records.groups if groups is None else groups
    records = record_list(records)
    check_row_names(records, y)
    y, groups = column_of("y", y, len(records)), column_of("groups", groups, len(records))
    names = np.array([name_of(record, place) for place, record in enumerate(records)])
    groups = _patients(names) if groups is None else groups
    choice("errors", errors, ("raise", "skip"))
    cut = cutter(adapter, y, around, classes, stride_seconds)
    read, bad = _read_each(adapter, grid, records, names, annotator, errors)
    if around == "beats" and read and (annotator == DETECTED or not any(map(has_beats, read.values()))):
        if annotator != DETECTED:
            warnings.warn(
                "no recording has annotated beats; they are found by wfdb's GQRS detector, without labels. Give "
                f"annotator={DETECTED!r} to have this without a warning.",
                stacklevel=stacklevel + 1,
            )
        cut = cut_found_beats
    cases, numbers, lost = _cut_each(adapter, grid, read, cut, errors, stacklevel)
    report_left_out("recordings or parts of them", len(records), bad + lost, len(cases), stacklevel + 1)
    labels = [case.label for case in cases]
    is_labelled = any(label is not None for label in labels)
    y = np.array(labels) if is_labelled else rows_of(y, np.array(numbers, dtype=int))
    about = _about(cases, names[numbers], adapter.window_seconds)
    about.attrs |= {"skipped": bad + lost}
    return SequenceSet([case.excerpt for case in cases], y, groups[numbers], about)


def _read_each(adapter, grid, records, names, annotator, errors):
    """Return the recordings by the number and name of their record, and the reasons of those that cannot be read."""
    leads = adapter.leads if grid is None else grid.leads
    read, bad = {}, []
    for place, (record, name) in enumerate(zip(records, names.tolist(), strict=True)):
        is_path = isinstance(record, str | os.PathLike)
        called = os.fspath(record) if is_path else name
        try:
            # Errors of a file name the file already.
            with nullcontext() if is_path else naming(called):
                endings = None if annotator == DETECTED else annotator
                read[place, called] = read_record(record, leads, endings, adapter.missing_leads)
        except RECORD_ERRORS as error:
            if errors == "raise":
                raise
            bad.append((called, str(error)))
    return read, bad


def _cut_each(adapter, grid, read, cut, errors, stacklevel):
    """Return the cases that `transform` accepts, the number of the recording of each, and the reasons of the others.

    Without a grid, leads are those that all recordings have, and the rate that of the first one with a case.
    """
    cases, numbers, bad, seen, n_unlabelled, n_short = [], [], [], Pass(), 0, 0
    leads = leads_of_all(list(read.values()), adapter.leads, adapter.missing_leads) if grid is None and read else None
    for (place, called), recording in read.items():
        try:
            with naming(called):
                learnt = grid or StepGrid.of(adapter, recording, leads)
                recording = learnt.read(recording, seen, called)
                found = cut(recording)
                n_unlabelled += sum(case.label is UNLABELLED for case in found)
                found = [case for case in found if case.label is not UNLABELLED]
                learnt.check(recording)
                found, lost = _observed(found, recording, learnt)
                if lost and errors == "raise":
                    raise ValueError(f"{lost}; errors='skip' leaves them out.")
        except RECORD_ERRORS as error:
            if errors == "raise":
                raise
            found, lost = [], str(error)
        else:
            lost = lost and f"{called}: {lost}"
            n_short += any(case.is_short for case in found)
        grid = learnt if found else grid
        bad += [(called, lost)] if lost else []
        cases += found
        numbers += [place] * len(found)
    if n_short:
        what = f"{n_short} recordings are shorter than a window; NaN fills them up."
        warnings.warn(what, stacklevel=stacklevel + 2)
    if n_unlabelled:
        what = f"{n_unlabelled} windows were left out, as no label of classes holds for half of them."
        warnings.warn(what, stacklevel=stacklevel + 2)
    if grid is not None:
        seen.warn(grid, stacklevel=stacklevel + 2)
    return cases, numbers, bad


def _patients(names):
    """Return the names as the groups; raise if two are equal."""
    known, count = np.unique(names, return_counts=True)
    if (count > 1).any():
        name = str(known[count.argmax()])
        numbers = ", ".join(map(str, np.flatnonzero(names == name)[:4]))
        raise ValueError(
            f"the names of the recordings must differ to stand for patients, recordings {numbers} are {name!r}; give "
            "groups=, the patient of each recording."
        )
    return names


def _about(cases, names, window_seconds):
    import pandas as pd

    rates = np.array([case.excerpt.recording.sampling_rate_hz for case in cases])
    anchors = np.array([case.excerpt.anchor for case in cases]) / rates
    ends = np.array([len(case.excerpt.recording.signal) for case in cases]) / rates
    before, after = window_seconds
    about = {"record": names, "start": np.maximum(anchors - before, 0), "stop": np.minimum(anchors + after, ends)}
    return pd.DataFrame(about | {"symbol": [case.symbol for case in cases]})


def _observed(cases, recording, grid):
    """Return the cases with a lead in contact, and the message on the others or None."""
    if not cases:
        return cases, None
    anchors = np.array([case.excerpt.anchor for case in cases])
    is_observed = grid.observed(recording, anchors)
    if is_observed.all():
        return cases, None
    first = anchors[~is_observed][0] / recording.sampling_rate_hz
    lost = f"{(~is_observed).sum()} of {len(cases)} cases have no lead in contact, the first at {first:.1f} s"
    return [case for case, kept in zip(cases, is_observed, strict=True) if kept], lost
