"""Windows over recordings, as labelled cases."""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from seqconv.arguments import choice, whole
from seqconv.data.arrays import as_numpy
from seqconv.data.recording import Recording
from seqconv.data.sequence_set import SequenceSet
from seqconv.data.window_labels import labels_of_steps, labels_of_windows, warn_of_constants


def windows(
    recording: Any,
    labels: Any = None,
    *,
    n_steps: int,
    stride: int | None = None,
    groups: Any = None,
    label_at: str = "majority",
    background: Any = None,
    tail: str = "drop",
) -> SequenceSet:
    """Cut recordings into windows of equal length.

    Parameters
    ----------
    recording : array of shape (n_steps,) or (n_steps, n_channels), data frame or Recording
        One recording. Several come as a list, a dict of name to recording, or a `SequenceSet`, whose y and groups count
        where `labels` and `groups` are None. Rows of a data frame must be in order of time.
    labels : object, optional
        Labels of one recording, in one of these forms. Those of several come as a list, or a dict by name.

        - One label for the whole recording.
        - One label a step. None and NaN mean no label.
        - A list of intervals ``(start, stop, label)``, or a data frame with these columns. `start` is the first step and
          `stop` the first step after the interval. A list without any is an unlabelled recording.
        - The name of a column of the data frames, with one label a step. It is then not a channel.
    n_steps : int
        Number of steps of a window, at least 1.
    stride : int, optional
        Number of steps between the starts of two windows, at least 1. None means `n_steps`: windows do not overlap.
    groups : object, optional
        Group of the recording, one each for several. None means the names of the recordings, if there are several.
    label_at : {"majority", "end"}, default="majority"
        ``"majority"`` takes the label of most steps, of equal ones the first in sorted order. At least half of the steps
        must have a label. ``"end"`` takes the label of the last step, for answers about the present.
    background : object, optional
        Label of steps without one, such as ``"other"``. None leaves windows without a label out.
    tail : {"drop", "keep"}, default="drop"
        Whether to add a last window that ends with the recording, so that each step is in a window. A recording shorter
        than a window is then padded with NaN.

    Returns
    -------
    SequenceSet
        X: array (n_windows, n_steps, n_channels), or a list of data frames if the recordings are frames.
        about: a data frame with ``record`` (name or number), ``start`` and ``stop`` (steps; stop is not included), by
        which `split_cases` keeps overlapping windows apart.

    Raises
    ------
    ValueError
        If a recording is empty, has another shape or other channels than the first; the message names it.
        If labels or groups do not fit the recordings, or an interval does not lie within its recording.
        If no recording is as long as a window, or no window has a label.
    TypeError
        If a channel is not numbers.

    Warns
    -----
    UserWarning
        If recordings are shorter than a window, and left out.
        If a column is one value a recording, as a label or an id is.
        If intervals of different labels overlap; the later one of the list counts.

    Notes
    -----
    Windows of one array are views of it: they take no memory of their own, and cannot be written to.

    Examples
    --------
    >>> cases = windows(np.arange(10.0), [(0, 4, "rest"), (4, 10, "walk")], n_steps=4, stride=2)
    >>> cases.X[:, 0, 0].tolist(), cases.y.tolist()
    ([0.0, 2.0, 4.0, 6.0], ['rest', 'rest', 'walk', 'walk'])
    >>> cases.about.iloc[-1].tolist()
    [0, 6, 10]
    """
    n_steps = whole("n_steps", n_steps, 1)
    stride = n_steps if stride is None else whole("stride", stride, 1)
    label_at = choice("label_at", label_at, ("majority", "end"))
    tail = choice("tail", tail, ("drop", "keep"))
    if isinstance(recording, SequenceSet):
        labels = recording.y if labels is None else labels
        groups = recording.groups if groups is None else groups
    names, recordings, is_one = _named(recording)
    groups = _each("groups", groups, names, is_one)
    groups = names if groups is None and not is_one else groups
    if isinstance(labels, str) and all(labels in getattr(one, "columns", ()) for one in recordings):
        given = [one[labels].to_numpy() for one in recordings]
        recordings = [one.drop(columns=labels) for one in recordings]
    else:
        given = _each("labels", labels, names, is_one)
    signals = _checked(names, recordings)
    warn_of_constants(signals)
    starts = [_starts(len(signal), n_steps, stride, tail) for signal in signals]
    _warn_of_short(names, signals, starts, n_steps)
    record = np.repeat(np.arange(len(names)), list(map(len, starts)))
    stops = np.concatenate([np.minimum(one + n_steps, len(x)) for one, x in zip(starts, signals, strict=True)])
    y, kept = None, np.ones(len(record), bool)
    if given is not None:
        steps = [labels_of_steps(*one, background) for one in zip(given, map(len, signals), names, strict=True)]
        y = labels_of_windows(steps, starts, stops, record, label_at)
        kept = np.array([label is not None for label in y])
        if not kept.any():
            raise ValueError(
                f"at least one of {len(y)} windows must have a label, none has; give a background, or labels."
            )
        y = [label for label in y if label is not None]
    about = pd.DataFrame({"record": record, "start": np.concatenate(starts), "stop": stops})
    about["record"] = pd.Series([names[i] for i in record], dtype=object).infer_objects()
    about = about[kept].reset_index(drop=True)
    groups = None if groups is None else [groups[i] for i in record[kept]]
    return SequenceSet(_cut(signals, starts, n_steps, kept), y, groups, about)


def _named(recording):
    """Return the names of the recordings, the recordings, and whether one was given alone."""
    if isinstance(recording, SequenceSet):
        known = "record" in getattr(recording.about, "columns", ())
        names = recording.about["record"].tolist() if known else list(range(len(recording)))
        return names, list(recording.X), False
    if isinstance(recording, Mapping):
        return list(recording), list(recording.values()), False
    if isinstance(recording, list | tuple) and all(
        hasattr(one, "__array__") or isinstance(one, Recording) for one in recording
    ):
        names = [one.name or i if isinstance(one, Recording) else i for i, one in enumerate(recording)]
        return names if len(set(names)) == len(names) else list(range(len(names))), list(recording), False
    if getattr(recording, "ndim", 0) == 3:
        return list(range(len(recording))), list(recording), False
    return [recording.name or 0 if isinstance(recording, Recording) else 0], [recording], True


def _each(name, values, names, is_one):
    """Return one value a recording, or None."""
    if values is None or is_one:
        return values if values is None else [values]
    if isinstance(values, Mapping | pd.Series):
        missing = [one for one in names if one not in values]
        if missing:
            raise ValueError(f"{name} must have a value for each recording, {missing[0]!r} has none.")
        return [values[one] for one in names]
    if isinstance(values, str) or not isinstance(values, Sequence | np.ndarray) or len(values) != len(names):
        n_values = "one" if isinstance(values, str) or not hasattr(values, "__len__") else len(values)
        raise ValueError(f"{name} must have one value a recording, {len(names)} in all, got {n_values}.")
    return list(values)


def _checked(names, recordings):
    """Return data frames with the columns of the first, or arrays (steps, channels)."""
    if not recordings:
        raise ValueError("recording must hold at least one recording, got none.")
    are_frames = all(hasattr(one, "columns") for one in recordings)
    found = [
        _checked_frame(*one, recordings[0]) if are_frames else _signal(*one)
        for one in zip(names, recordings, strict=True)
    ]
    for name, one in zip(names, found, strict=True):
        if one.shape[1] != found[0].shape[1]:
            raise ValueError(
                f"all recordings must have {found[0].shape[1]} channels as the first, {name!r} has {one.shape[1]}; fill a "
                "missing channel with NaN."
            )
    return found


def _checked_frame(name, frame, first):
    if set(frame.columns) != set(first.columns) or not frame.columns.is_unique:
        raise ValueError(
            f"all recordings must have the columns {first.columns.tolist()}, {name!r} has {frame.columns.tolist()}; rename "
            "them, or fill a missing one with NaN."
        )
    wrong = [column for column, kind in frame.dtypes.items() if not pd.api.types.is_numeric_dtype(kind)]
    if wrong or frame.empty:
        what = (
            f"{wrong[0]!r} is {frame[wrong[0]].dtype}; convert or drop it" if wrong else f"it has shape {frame.shape}"
        )
        raise (TypeError if wrong else ValueError)(f"the columns of recording {name!r} must be numbers, {what}.")
    return frame[first.columns]


def _signal(name, one):
    signal = one.signal if isinstance(one, Recording) else np.asarray(as_numpy(one))
    if signal.dtype.kind not in "fiub":
        raise TypeError(f"recording {name!r} must be real numbers, got dtype {signal.dtype}.")
    signal = signal[:, None] if signal.ndim == 1 else signal
    if signal.ndim != 2 or 0 in signal.shape:
        raise ValueError(f"recording {name!r} must be (steps, channels), at least one of each, got {signal.shape}.")
    return signal if signal.dtype in (np.float32, np.float64) else signal.astype(np.float64)


def _starts(n, n_steps, stride, tail):
    starts = np.arange(0, n - n_steps + 1, stride)
    last = max(n - n_steps, 0)
    return np.append(starts, last) if tail == "keep" and (not len(starts) or starts[-1] < last) else starts


def _warn_of_short(names, signals, starts, n_steps):
    short = [name for name, one in zip(names, starts, strict=True) if len(one) == 0]
    if len(short) == len(names):
        longest = max(map(len, signals))
        raise ValueError(
            f"a recording must have at least {n_steps} steps, the longest has {longest}; cut shorter windows, or give "
            'tail="keep".'
        )
    if short:
        warnings.warn(
            f"{len(short)} of {len(names)} recordings have fewer than {n_steps} steps and are left out, such as {short[0]!r}; "
            'give tail="keep" to pad them.',
            stacklevel=3,
        )


def _cut(signals, starts, n_steps, kept):
    """Return the windows as a view where one array is cut evenly, else as an array, or as a list of frames."""
    n_before = np.cumsum([0, *map(len, starts)])
    chosen = [one[kept[n_before[i] : n_before[i + 1]]] for i, one in enumerate(starts)]
    if hasattr(signals[0], "columns"):
        return [
            frame.iloc[start : start + n_steps] for frame, one in zip(signals, chosen, strict=True) for start in one
        ]
    parts = []
    for signal, one in zip(signals, chosen, strict=True):
        if len(one) and len(signal) < n_steps:
            signal = np.pad(signal, ((0, n_steps - len(signal)), (0, 0)), constant_values=np.nan)
        if len(one):
            view = np.lib.stride_tricks.sliding_window_view(signal, n_steps, axis=0).swapaxes(1, 2)
            step = int(one[1] - one[0]) if len(one) > 1 else 1
            is_even = (np.diff(one) == step).all()
            parts.append(view[one[0] : one[-1] + 1 : step] if is_even else view[one])
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
