"""Cut recordings into labelled excerpts, around annotated beats or window after window."""

import os
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seqconv.arguments import choice, number
from seqconv.data import SequenceSet
from seqconv.data.case_errors import RECORD_ERRORS
from seqconv.data.excerpt import Excerpt
from seqconv.domains.medical.beats import AAMI_CLASSES, rhythm
from seqconv.domains.medical.grid import StepGrid
from seqconv.domains.medical.records import name_of, read_record, record_list
from seqconv.domains.records import column_of, naming, report_left_out

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter


class _Case(NamedTuple):
    """Excerpt with its label and symbol."""

    excerpt: Excerpt
    label: Any
    symbol: str = ""


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
    y, groups = column_of("y", y, len(records)), column_of("groups", groups, len(records))
    names = np.array([name_of(record, place) for place, record in enumerate(records)])
    groups = _patients(names) if groups is None else groups
    choice("errors", errors, ("raise", "skip"))
    cut = _cutter(adapter, y, around, classes, stride_seconds)
    cases, numbers, bad = _cut_each(adapter, grid, records, names, cut, annotator, errors)
    report_left_out("recordings or parts of them", len(records), bad, len(cases), stacklevel + 1)
    y = np.array([case.label for case in cases]) if around == "beats" else None if y is None else y[numbers]
    about = _about(cases, names[numbers], adapter.window_seconds)
    return SequenceSet([case.excerpt for case in cases], y, groups[numbers], about)


def _cut_each(adapter, grid, records, names, cut, annotator, errors):
    """Return the cases that `transform` accepts, the number of the recording of each, and the reasons of the others.

    Without a grid, that of the first recording with a case is used.
    """
    cases, numbers, bad = [], [], []
    for place, (record, name) in enumerate(zip(records, names.tolist(), strict=True)):
        is_path = isinstance(record, str | os.PathLike)
        called = os.fspath(record) if is_path else name
        try:
            # Errors of a file name the file already.
            with nullcontext() if is_path else naming(called):
                recording = read_record(record, adapter.leads if grid is None else grid.leads, annotator)
            with naming(called):
                found = cut(recording)
                learnt = grid or StepGrid.of_first(adapter, recording)
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
        grid = learnt if found else grid
        bad += [lost] if lost else []
        cases += found
        numbers += [place] * len(found)
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


def _cutter(adapter, y, around, classes, stride_seconds):
    """Return the function that cuts one recording into cases, its settings checked."""
    choice("around", around, ("beats", "windows"))
    if around == "beats":
        if y is not None or stride_seconds is not None:
            raise ValueError("beats have the labels and places of their annotations; leave out y and stride_seconds.")
        return partial(_cut_beats, classes=_checked_classes(classes))
    stride = sum(adapter.window_seconds) if stride_seconds is None else stride_seconds
    number("stride_seconds", stride, above=0)
    if adapter.rhythm:
        raise ValueError("rhythm=True needs beats, got around='windows'.")
    return partial(_cut_windows, window_seconds=adapter.window_seconds, stride_seconds=stride)


def _checked_classes(classes):
    if isinstance(classes, str) and classes == "aami":
        return AAMI_CLASSES
    if classes is None:
        return {symbol: symbol for symbol in AAMI_CLASSES}
    if not isinstance(classes, dict) or not classes:
        raise ValueError(f"classes must be 'aami', None or a dict from symbols to labels, got {classes!r:.60}.")
    return classes


def _cut_beats(recording, classes):
    samples, n_samples = recording.samples, len(recording.signal)
    beyond = np.flatnonzero((samples < 0) | (samples >= n_samples))
    if len(beyond):
        raise ValueError(
            f"annotation {beyond[0]} is at sample {samples[beyond[0]]} of a recording of {n_samples} samples; cut the "
            "annotations or fetch the whole signal."
        )
    is_beat = np.isin(recording.symbols, [*AAMI_CLASSES, *classes])
    beats, symbols = samples[is_beat], recording.symbols[is_beat].tolist()
    if not symbols:
        raise ValueError("a beat must be annotated, none is; give the annotator, or cut by around='windows'.")
    if not set(symbols) & set(classes):
        wanted, there = (", ".join(map(repr, sorted(set(some), key=str))) for some in (classes, symbols))
        raise ValueError(f"a beat of a symbol of classes ({wanted:.80}) is required, got {there:.80} alone.")
    if (np.diff(beats) < 0).any():
        raise ValueError("the annotations must be in order of time; sort them.")
    intervals = np.append(np.diff(beats) / recording.sampling_rate_hz, np.nan)
    rhythms = rhythm(intervals)
    found = zip(beats.tolist(), symbols, rhythms, strict=True)
    return [
        _Case(Excerpt(recording, at, heard), classes[symbol], symbol)
        for at, symbol, heard in found
        if symbol in classes
    ]


def _cut_windows(recording, window_seconds, stride_seconds):
    rate = recording.sampling_rate_hz
    duration, length = len(recording.signal) / rate, sum(window_seconds)
    n_windows = int((duration - length) / stride_seconds + 1e-9) + 1 if duration >= length - 1e-9 else 0
    if n_windows < 1:
        raise ValueError(f"a recording must last at least the {length:g} s of a window, it lasts {duration:g} s.")
    starts = np.arange(n_windows) * stride_seconds
    anchors = np.minimum(np.round((starts + window_seconds[0]) * rate).astype(int), len(recording.signal) - 1)
    return [_Case(Excerpt(recording, anchor), None) for anchor in anchors.tolist()]


def _observed(cases, recording, grid):
    """Return the cases with a lead in contact, and the message on the others or None."""
    anchors = np.array([case.excerpt.anchor for case in cases])
    is_observed = grid.observed(recording, anchors)
    if is_observed.all():
        return cases, None
    first = anchors[~is_observed][0] / recording.sampling_rate_hz
    lost = f"{(~is_observed).sum()} of {len(cases)} cases have no lead in contact, the first at {first:.1f} s"
    return [case for case, kept in zip(cases, is_observed, strict=True) if kept], lost
