"""Ways to cut one recording into cases: around annotated beats, around beats that are found, or windows."""

import warnings
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from seqconv.arguments import choice, number
from seqconv.data.excerpt import Excerpt
from seqconv.data.recording import Recording
from seqconv.domains.medical.beat_finding import find_beats
from seqconv.domains.medical.beats import AAMI_CLASSES, rhythm
from seqconv.domains.medical.intervals import label_windows

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter

# Ending of the annotations that stands for the search for beats.
DETECTED = "gqrs"
# Label of a window that no annotation labels.
UNLABELLED = object()


class Case(NamedTuple):
    """Excerpt with its label and symbol."""

    excerpt: Excerpt
    label: Any
    symbol: str = ""
    is_short: bool = False


def cutter(
    adapter: "Adapter", y: Sequence | None, around: str, classes: Any, stride_seconds: float | None
) -> Callable[[Recording], list[Case]]:
    """Return the function that cuts one recording into cases, its settings checked; see `ECGAdapter.cases`."""
    choice("around", around, ("beats", "windows"))
    is_default = isinstance(classes, str) and classes == "aami"
    if around == "beats":
        if y is not None or stride_seconds is not None:
            raise ValueError("beats have the labels and places of their annotations; leave out y and stride_seconds.")
        return partial(_cut_beats, classes=_checked_classes(classes))
    stride = sum(adapter.window_seconds) if stride_seconds is None else stride_seconds
    number("stride_seconds", stride, above=0)
    if adapter.rhythm:
        raise ValueError("rhythm=True needs beats, got around='windows'.")
    if y is not None and not is_default:
        raise ValueError("windows have their labels from y or from classes, got both; leave one out.")
    if not is_default and not callable(classes):
        _checked_classes(classes)
    label = None if is_default else partial(label_windows, seconds=sum(adapter.window_seconds), classes=classes)
    return partial(_cut_windows, window_seconds=adapter.window_seconds, stride_seconds=stride, label=label)


def _checked_classes(classes):
    if isinstance(classes, str) and classes == "aami":
        return AAMI_CLASSES
    if classes is None:
        return {symbol: symbol for symbol in AAMI_CLASSES}
    if not isinstance(classes, dict) or not classes:
        raise ValueError(f"classes must be 'aami', None or a dict from symbols to labels, got {classes!r:.60}.")
    return classes


def has_beats(recording: Recording) -> bool:
    """Return whether a beat is annotated."""
    return np.isin(recording.symbols, [*AAMI_CLASSES]).any()


def cut_found_beats(recording: Recording) -> list[Case]:
    """Cut a recording around the beats that are found in it; they have no labels."""
    beats = find_beats(recording)
    if not len(beats):
        raise ValueError("a beat must be found by wfdb's GQRS detector, none is; leave the recording out.")
    rhythms = rhythm(np.append(np.diff(beats) / recording.sampling_rate_hz, np.nan))
    return [Case(Excerpt(recording, at, heard), None) for at, heard in zip(beats.tolist(), rhythms, strict=True)]


def _cut_beats(recording, classes):
    is_beat = np.isin(recording.symbols, [*AAMI_CLASSES, *classes])
    beats, symbols = _within(recording, recording.samples[is_beat], recording.symbols[is_beat].tolist())
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
        Case(Excerpt(recording, at, heard), classes[symbol], symbol) for at, symbol, heard in found if symbol in classes
    ]


def _within(recording, beats, symbols):
    """Return the beats within a recording; a beat cut off at its end is left out, beats far beyond are an error."""
    n_samples = len(recording.signal)
    inside = (beats >= 0) & (beats < n_samples)
    if not inside.all():
        place = beats[np.flatnonzero(~inside)[-1]]
        what = f"a beat is annotated at sample {place} of a recording of {n_samples} samples"
        if place < 0 or place > n_samples + recording.sampling_rate_hz:
            raise ValueError(f"{what}; cut the annotations or fetch the whole signal.")
        warnings.warn(f"{recording.name}: {what}; it is left out.", stacklevel=7)
    return beats[inside], [symbol for symbol, kept in zip(symbols, inside, strict=True) if kept]


def _cut_windows(recording, window_seconds, stride_seconds, label):
    rate = recording.sampling_rate_hz
    duration, length = len(recording.signal) / rate, sum(window_seconds)
    is_short = duration < length - 1e-9
    n_windows = 1 if is_short else int((duration - length) / stride_seconds + 1e-9) + 1
    starts = np.arange(n_windows) * stride_seconds
    anchors = np.minimum(np.round((starts + window_seconds[0]) * rate).astype(int), len(recording.signal) - 1)
    labels = [(None, "")] * n_windows if label is None else label(recording, starts)
    return [
        Case(Excerpt(recording, anchor), UNLABELLED if label and mark is None else mark, name, is_short)
        for anchor, (mark, name) in zip(anchors.tolist(), labels, strict=True)
    ]
