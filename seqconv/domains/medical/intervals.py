"""Labels of windows, from annotations that hold for a stretch of time."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from seqconv.data.recording import Recording
from seqconv.domains.medical.beats import AAMI_CLASSES


def label_windows(
    recording: Recording,
    starts: np.ndarray,
    seconds: float,
    classes: Mapping[str, Any] | Callable[[str], Any] | None,
) -> list[tuple[Any, str]]:
    """Label each window by the annotation that holds for the most of it.

    Parameters
    ----------
    recording : Recording
    starts : array of shape (n_windows,)
        Seconds at which the windows begin.
    seconds : float
        Length of a window.
    classes : dict, callable or None
        Label of each text or symbol; a function of it; None is the text or symbol itself, of all that are no beats. A
        label None means no label.

    Returns
    -------
    list of (label, name)
        Name is the text or symbol. Both are None and empty where no label holds for half of the window.

    Raises
    ------
    ValueError
        If no annotation has a label.

    Notes
    -----
    An annotation holds for its duration. Where that is unknown or 0, it holds until the next one of its kind, or the
    end: texts beside one symbol, such as ``"(AFIB"`` and ``"(N"`` beside ``"+"``, are of one kind; all beats are of
    one; so are other annotations that have a label.

    Examples
    --------
    >>> recording = Recording(np.zeros((90, 1)), 1, ["EEG"], [0, 60], ["W", "R"], durations=[60, 30])
    >>> label_windows(recording, np.array([0, 30, 60]), 30, {"W": "wake", "R": "REM"})
    [('wake', 'W'), ('wake', 'W'), ('REM', 'R')]
    """
    spans = _spans(recording, classes)
    if not spans:
        there = ", ".join(sorted({repr(name) for name in _names(recording)})) or "none"
        wanted = ", ".join(map(repr, classes)) if isinstance(classes, Mapping) else "text or symbol"
        raise ValueError(f"an annotation of classes ({wanted:.80}) is required, got {there:.120}; give annotator or y.")
    end = len(recording.signal) / recording.sampling_rate_hz
    stops = np.minimum(starts + seconds, end)
    kinds = list(dict.fromkeys((label, name) for _, _, label, name in spans))
    of_label = {label: [span[:2] for span in spans if span[2] == label] for label in dict.fromkeys(k[0] for k in kinds)}
    labels = list(of_label)
    covered = np.stack([_covered(np.array(of_label[label]), starts, stops) for label in labels])
    best, names = covered.argmax(axis=0), {label: name for label, name in reversed(kinds)}
    holds = covered.max(axis=0) >= (stops - np.maximum(starts, 0)) / 2 - 1e-9
    found = [labels[i] for i in best]
    return [(label, names[label]) if held else (None, "") for label, held in zip(found, holds, strict=True)]


def _names(recording):
    texts = recording.symbols if recording.texts is None else recording.texts
    return [str(text) or str(symbol) for text, symbol in zip(texts, recording.symbols, strict=True)]


def _spans(recording, classes):
    """Return (start, stop, label, name) of each annotation that has a label, in seconds."""
    names, symbols = _names(recording), recording.symbols.tolist()
    onsets = recording.samples / recording.sampling_rate_hz
    lasts = np.zeros(len(onsets)) if recording.durations is None else np.nan_to_num(recording.durations)
    kinds, labels = [], []
    for name, symbol, seconds in zip(names, symbols, lasts, strict=True):
        is_text = recording.texts is not None and name != symbol
        is_beat = symbol in AAMI_CLASSES and not is_text and not seconds
        kinds.append(symbol if is_text else "beat" if is_beat else "")
        labels.append(_label(classes, name, symbol, is_beat))
    until, spans = {}, []
    for place in np.argsort(onsets, kind="stable")[::-1].tolist():
        kind, start, label = kinds[place], float(onsets[place]), labels[place]
        end = until.get(kind, len(recording.signal) / recording.sampling_rate_hz)
        if label is not None:
            spans.append((start, start + lasts[place] if lasts[place] else max(start, end), label, names[place]))
        if not lasts[place] and (kind or label is not None):
            until[kind] = start
    return spans[::-1]


def _label(classes, name, symbol, is_beat):
    if classes is None:
        return None if is_beat else name
    if callable(classes):
        return classes(name)
    return classes.get(name, classes.get(symbol))


def _covered(spans: Sequence, starts: np.ndarray, stops: np.ndarray) -> np.ndarray:
    """Return the seconds of each window that the spans cover together."""
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    # Overlapping spans count once.
    so_far = np.maximum.accumulate(spans[:, 1])
    first = np.maximum(spans[:, 0], np.concatenate([[-np.inf], so_far[:-1]]))
    last = np.maximum(first, spans[:, 1])
    edges, total = np.stack([first, last], axis=1).ravel(), np.cumsum(last - first)
    values = np.stack([np.concatenate([[0], total[:-1]]), total], axis=1).ravel()
    return np.interp(stops, edges, values) - np.interp(starts, edges, values)
