"""Recordings to labelled excerpts: around annotated beats, or one window after another."""

import os
import warnings
from functools import partial
from numbers import Real
from typing import NamedTuple

import numpy as np

from seqconv.data import SequenceSet
from seqconv.data.excerpt import Excerpt
from seqconv.domains.medical.beats import AAMI_CLASSES, rhythm
from seqconv.domains.medical.grid import StepGrid
from seqconv.domains.medical.records import check_list, name_of, read_record
from seqconv.domains.naming import naming


class _Case(NamedTuple):
    excerpt: Excerpt
    label: object
    symbol: str = ""


def cut_recordings(adapter, grid, records, y, groups, around, classes, stride_seconds, annotator, errors):
    """What `ECGAdapter.cases` says; `grid` is that of the fitted adapter, None of one that is not fitted."""
    if isinstance(records, SequenceSet):
        records, y, groups = records.X, records.y if y is None else y, records.groups if groups is None else groups
    records = check_list(records)
    y, groups = _column(y, "y", len(records)), _column(groups, "groups", len(records))
    names = np.array([name_of(record, number) for number, record in enumerate(records)])
    groups = _patients(names) if groups is None else groups
    cut = _cutter(adapter, y, around, classes, stride_seconds, errors)
    cases, numbers = _cut_each(adapter, grid, records, names, cut, annotator, errors)
    y = np.array([case.label for case in cases]) if around == "beats" else None if y is None else y[numbers]
    about = _about(cases, names[numbers], adapter.window_seconds)
    return SequenceSet([case.excerpt for case in cases], y, groups[numbers], about)


def _cut_each(adapter, grid, records, names, cut, annotator, errors):
    """The cases of all recordings and the number of the recording of each; what `transform` would refuse is none.

    Without a grid, that of the first recording that gives a case counts.
    """
    cases, numbers, bad = [], [], []
    for number, (record, name) in enumerate(zip(records, names.tolist(), strict=True)):
        place = os.fspath(record) if isinstance(record, str | os.PathLike) else name
        try:
            recording = read_record(record, place, adapter.leads if grid is None else grid.leads, annotator)
            with naming(place):
                found = cut(recording)
                learnt = grid or StepGrid.of_first(adapter, recording)
            learnt.check(recording, place)
            found, lost = _observed(found, recording, learnt, place)
            if lost and errors == "raise":
                raise ValueError(f"{lost}; errors='skip' leaves them out.")
        except (ValueError, TypeError, OSError) as error:
            if errors == "raise":
                raise
            found, lost = [], str(error).rstrip(".")
        grid = learnt if found else grid
        bad += [lost] if lost else []
        cases += found
        numbers += [number] * len(found)
    if not cases:
        raise ValueError(f"at least one recording must give a case, none of {len(records)} does: {'; '.join(bad)}.")
    if bad:
        told = f"{len(bad)} of {len(records)} recordings were left out, or parts of them: {'; '.join(bad)}."
        warnings.warn(told, stacklevel=4)
    return cases, numbers


def _patients(names):
    """The names, which stand for patients."""
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


def _cutter(adapter, y, around, classes, stride_seconds, errors):
    """What makes the cases of one recording, the settings checked."""
    for name, value, choices in (("around", around, ("beats", "windows")), ("errors", errors, ("raise", "skip"))):
        if value not in choices:
            raise ValueError(f"{name} must be one of {choices}, got {value!r}.")
    if around == "beats":
        if y is not None or stride_seconds is not None:
            raise ValueError("beats have the labels and places of their annotations; leave out y and stride_seconds.")
        return partial(_cut_beats, classes=_checked_classes(classes))
    stride = sum(adapter.window_seconds) if stride_seconds is None else stride_seconds
    if isinstance(stride, bool) or not isinstance(stride, Real) or not 0 < stride < np.inf:
        raise ValueError(f"stride_seconds must be a number above 0, got {stride_seconds!r}.")
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
            f"annotation {beyond[0]} stands at sample {samples[beyond[0]]}, the recording has {n_samples} samples; cut the "
            "annotations or fetch the whole signal."
        )
    is_beat = np.isin(recording.symbols, [*AAMI_CLASSES, *classes])
    beats, symbols = samples[is_beat], recording.symbols[is_beat].tolist()
    if not symbols:
        raise ValueError("no beat is annotated; give the annotator, or cut it by around='windows'.")
    if not set(symbols) & set(classes):
        wanted, there = (", ".join(map(repr, sorted(set(some), key=str))) for some in (classes, symbols))
        raise ValueError(f"a beat of a symbol of classes ({wanted:.80}) is required, there are only {there:.80}.")
    if (np.diff(beats) < 0).any():
        raise ValueError("the annotations must be in order of time, they are not; sort them.")
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


def _observed(cases, recording, grid, place):
    """The cases in whose windows a lead was in contact, and what is to be said of the others."""
    anchors = np.array([case.excerpt.anchor for case in cases])
    is_observed = grid.observed(recording, anchors)
    if is_observed.all():
        return cases, None
    first = anchors[~is_observed][0] / recording.sampling_rate_hz
    n_lost = (~is_observed).sum()
    lost = f"{place}: {n_lost} of {len(cases)} cases have no lead in contact, the first at {first:.1f} s"
    return [case for case, kept in zip(cases, is_observed, strict=True) if kept], lost


def _column(values, name, n_records):
    if values is None:
        return None
    values = np.asarray(values)
    if values.shape[:1] != (n_records,):
        raise ValueError(f"{name} must have one item a recording, {n_records} in all, got shape {values.shape}.")
    return values
