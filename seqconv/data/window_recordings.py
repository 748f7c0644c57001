"""Recordings that windows are cut from, by name, in the forms in which they come."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from seqconv.data.arrays import as_numpy
from seqconv.data.recording import Recording
from seqconv.data.sequence_set import SequenceSet


def named(recording: Any) -> tuple[list, list, bool]:
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


def each_of(name: str, values: Any, names: list, is_one: bool) -> list | None:
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


def checked_signals(names: list, recordings: list) -> list:
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
        is_time = bool(wrong) and pd.api.types.is_datetime64_any_dtype(frame[wrong[0]])
        way = f"make it the index by frame.set_index({wrong[0]!r})" if is_time else "convert or drop it"
        what = f"{wrong[0]!r} is {frame[wrong[0]].dtype}; {way}" if wrong else f"it has shape {frame.shape}"
        raise (TypeError if wrong else ValueError)(f"the columns of recording {name!r} must be numbers, {what}.")
    return frame[first.columns]


def observed(signal: Any, starts: np.ndarray, n_steps: int) -> np.ndarray:
    """Return whether each window of a recording has an observed step, bool (windows,)."""
    is_hidden = signal.isna().to_numpy() if hasattr(signal, "columns") else np.isnan(signal)
    counts = np.concatenate([[0], np.cumsum(~is_hidden.all(axis=1))])
    return counts[np.minimum(starts + n_steps, len(signal))] > counts[starts]


def _signal(name, one):
    signal = one.signal if isinstance(one, Recording) else np.asarray(as_numpy(one))
    if signal.dtype.kind not in "fiub":
        raise TypeError(f"recording {name!r} must be real numbers, got dtype {signal.dtype}.")
    signal = signal[:, None] if signal.ndim == 1 else signal
    if signal.ndim != 2 or 0 in signal.shape:
        raise ValueError(f"recording {name!r} must be (steps, channels), at least one of each, got {signal.shape}.")
    return signal if signal.dtype in (np.float32, np.float64) else signal.astype(np.float64)
