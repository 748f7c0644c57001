"""Columns of recordings that are no channels, and the times of their rows."""

import re
import warnings
from typing import Any

import numpy as np
import pandas as pd

from seqconv.data.window_intervals import listed

TIME_NAMES = re.compile(r"t|date|(date_?)?time(_?stamp)?(_?m?s)?|seconds?|epoch", re.IGNORECASE)
_LABELS = re.compile(
    r"labels?|class(es|_?(id|name|label))?|category|targets?|activity(_?id)?|annotations?|ground_?truth", re.IGNORECASE
)


def step_dates(name: Any, recording: Any) -> pd.DatetimeIndex | pd.TimedeltaIndex | None:
    """Return the dates of the steps, None for recordings without.

    Raises
    ------
    ValueError
        If a date is missing, or the rows are not in order of time.
    """
    index = getattr(recording, "index", None)
    index = index.to_timestamp() if isinstance(index, pd.PeriodIndex) else index
    if not isinstance(index, pd.DatetimeIndex | pd.TimedeltaIndex):
        return None
    if index.hasnans:
        raise ValueError(
            f"each row of recording {name!r} must have a date, {int(index.isna().sum())} have none; drop them."
        )
    if not index.is_monotonic_increasing:
        raise ValueError(f"rows must be in order of time, those of recording {name!r} are not; frame.sort_index().")
    return index


def over_gaps(index: Any, starts: np.ndarray, n_steps: int) -> np.ndarray:
    """Return whether each window of a recording goes over a gap in time, bool (windows,).

    Parameters
    ----------
    index : DatetimeIndex, TimedeltaIndex or None
        Times of the steps. A gap is longer than `n_steps` times their median step.
    starts : array of int, shape (n_windows,)
    n_steps : int
        Number of steps of a window.
    """
    if index is None or len(index) < 2:
        return np.zeros(len(starts), bool)
    lengths = np.diff(index.to_numpy()).astype("timedelta64[ns]").astype(np.int64)
    usual = np.median(lengths)
    is_gap = (lengths > n_steps * usual) & (usual > 0)
    counts = np.concatenate([[0], np.cumsum(is_gap)])
    return counts[np.minimum(starts + n_steps, len(index)) - 1] > counts[starts]


def reject_labels_among(recordings: list, given: list) -> None:
    """Raise if a column equals the labels of the steps.

    Raises
    ------
    ValueError
        The message says how to give the column.
    """
    frames, labels = _with_step_labels(recordings, given)
    if not frames or pd.Series(labels).nunique() < 2:
        return
    is_missing = pd.isna(labels)
    for column in _candidates(frames, labels):
        values = _joined(frames, column)
        if np.array_equal(pd.isna(values), is_missing) and (values[~is_missing] == labels[~is_missing]).all():
            raise ValueError(
                f"column {column!r} equals the labels, so it must not be a channel; give labels={column!r}, which takes it "
                "out."
            )


def warn_of_columns(frames: list, given: list | None) -> None:
    """Warn of columns among the channels that look like a label, an id or a time.

    Parameters
    ----------
    frames : list of data frames or arrays
        Arrays have no columns that could be named, and are not looked at.
    given : list or None
        Labels of the recordings.

    Warns
    -----
    UserWarning
        It points to the caller's caller.
    """
    columns = list(getattr(frames[0], "columns", ()))
    reasons = {}
    if columns and given is not None:
        reasons |= dict.fromkeys(_renamed_labels(frames, given), "tells the label of each step")
    for column in columns:
        values = [frame[column] for frame in frames]
        if column in reasons:
            continue
        if all((one == one.iloc[0]).all() for one in values) and len({one.iloc[0] for one in values}) > 1:
            reasons[column] = "is one value a recording, as a label or an id is,"
        elif len(columns) > 1 and _LABELS.fullmatch(str(column)):
            reasons[column] = "has the name of a label"
        elif (
            len(columns) > 1
            and TIME_NAMES.fullmatch(str(column))
            and all(one.is_monotonic_increasing for one in values)
        ):
            reasons[column] = "looks like a time"
    for column, reason in reasons.items():
        way = "or make it the index" if reason == "looks like a time" else "or give it as labels"
        warnings.warn(f"column {column!r} {reason} and is taken as a channel; drop it, {way}.", stacklevel=3)


def reject_transposed(names: list, signals: list, given: list) -> None:
    """Raise if labels of steps fit the other axis of a recording.

    Raises
    ------
    ValueError
        The message names the recording.
    """
    for name, signal, one in zip(names, signals, given, strict=True):
        n_labels = len(one) if listed(one)[0] is None and np.ndim(one) == 1 else None
        if n_labels == signal.shape[1] != len(signal):
            raise ValueError(
                f"recording {name!r} must be (steps, channels), got shape {signal.shape} for {n_labels} labels; transpose "
                "it: x.T."
            )


def _with_step_labels(recordings, given):
    """Return the frames that have one label a step, and these labels in a row."""
    pairs = [
        (one, np.asarray(labels, dtype=object))
        for one, labels in zip(recordings, given, strict=True)
        if hasattr(one, "columns") and listed(labels)[0] is None and np.ndim(labels) == 1 and len(labels) == len(one)
        if one.columns.is_unique
    ]
    return [one for one, _ in pairs], np.concatenate([labels for _, labels in pairs]) if pairs else None


def _renamed_labels(frames, given):
    """Return the columns that hold the labels in other values, such as their numbers."""
    frames, labels = _with_step_labels(frames, given)
    if not frames:
        return []
    is_known = ~pd.isna(labels)
    codes, known = pd.factorize(labels[is_known])
    if not 2 <= len(known) <= len(codes) / 2:
        return []
    columns = {column: _joined(frames, column)[is_known] for column in _candidates(frames, labels)}
    return [column for column, values in columns.items() if np.array_equal(pd.factorize(values)[0], codes)]


def _candidates(frames, labels):
    """Return the columns of all frames that change with the labels over the first steps, which is quick to see."""
    n_first = min(len(frames[0]), 1000)
    is_known = ~pd.isna(labels[:n_first])
    codes, _ = pd.factorize(labels[:n_first][is_known])
    heads = frames[0].iloc[:n_first]
    return [
        column
        for column in heads.columns
        if all(column in frame.columns for frame in frames)
        and np.ndim(heads[column].iloc[0]) == 0
        and np.array_equal(pd.factorize(heads[column].to_numpy(dtype=object)[is_known])[0], codes)
    ]


def _joined(frames, column):
    return np.concatenate([frame[column].to_numpy(dtype=object) for frame in frames])
