"""Intervals with labels, in steps, seconds or dates."""

import datetime
import re
import warnings
from typing import Any

import numpy as np
import pandas as pd

from seqconv.arguments import is_number
from seqconv.data.checking import is_missing

_ENDS = (("start", "stop"), ("start", "end"), ("onset", "duration"))
_LABELS = ("label", "trial_type", "description")
# Recordings of fewer steps may well be in steps, however little is labelled.
_LONG = 1000


def listed(given: Any) -> tuple[list | None, bool]:
    """Return the intervals as a list of (start, stop, label) and whether they must be in seconds.

    Parameters
    ----------
    given : object
        List of triples, array (n_intervals, 3), or data frame. Onset and duration of a frame are in seconds.

    Returns
    -------
    intervals : list or None
        None if the labels have another form.
    are_seconds : bool
    """
    by_lower = {str(column).lower(): column for column in reversed([*getattr(given, "columns", ())])}
    label = next((by_lower[one] for one in _LABELS if one in by_lower), None)
    ends = next((pair for pair in _ENDS if {*pair} <= {*by_lower}), None)
    if label is not None and ends is not None:
        start, stop = (given[by_lower[one]] for one in ends)
        has_onset = ends[0] == "onset"
        if has_onset:
            start, stop = _ends_of_onsets(start, stop)
        return list(zip(start, stop, given[label], strict=True)), has_onset
    if isinstance(given, np.ndarray) and given.ndim == 2 and given.shape[1] == 3:
        return given.tolist(), False
    are_triples = isinstance(given, list | tuple) and all(
        isinstance(one, list | tuple) and len(one) == 3 for one in given
    )
    return (list(given) if are_triples else None), False


def in_steps(given: Any, n_steps: int, name: Any, in_seconds: bool, rate_hz: float | None, index: Any) -> Any:
    """Return labels with their intervals in steps; other forms of labels are returned unchanged.

    Parameters
    ----------
    given : object
        Labels of one recording.
    n_steps : int
        Number of steps of the recording.
    name : object
        Name of the recording, for messages.
    in_seconds : bool
        Whether numbers are seconds.
    rate_hz : float or None
        Steps a second.
    index : DatetimeIndex, TimedeltaIndex or None
        Times of the steps, by which dates, and seconds without a rate, become steps.

    Raises
    ------
    ValueError
        If an interval has no seconds or dates, or the recording has no rate or dates to place it.
        If no interval holds a step.

    Warns
    -----
    UserWarning
        If intervals of dates hold no step.
    """
    intervals, are_seconds = listed(given)
    if intervals is None:
        return given
    in_seconds |= are_seconds
    found, by_dates = [], False
    for i, (start, stop, label) in enumerate(intervals):
        has_dates = _is_date(start) or _is_date(stop)
        if in_seconds and not has_dates and rate_hz is None and index is None:
            raise ValueError(
                f"sampling_rate_hz must be given to have intervals in seconds, recording {name!r} has none."
            )
        if has_dates or (in_seconds and rate_hz is None):
            by_dates = True
            start, stop = _by_index(start, stop, index, f"interval {i} of recording {name!r}")
            if start == stop:
                continue
        elif in_seconds:
            _check_seconds(start, stop, f"interval {i} of recording {name!r}")
            # The end may be after the last step, as annotations in whole epochs often are.
            start, stop = round(start * rate_hz), min(round(stop * rate_hz), n_steps)
        found.append((start, stop, label))
    if by_dates and len(found) < len(intervals):
        n_empty = (
            f"{len(intervals) - len(found)} of {len(intervals)} intervals of recording {name!r} hold none of its steps"
        )
        if not found:
            raise ValueError(f"an interval must hold a step, {n_empty}, from {index[0]} to {index[-1]}.")
        warnings.warn(f"{n_empty} and are ignored.", stacklevel=4)
    return found


def warn_of_few(given: list, lengths: list[int]) -> None:
    """Warn if intervals in steps cover so little of long recordings that they may be seconds.

    Parameters
    ----------
    given : list
        Labels of the recordings, as they came.
    lengths : list of int
        Number of steps of each recording.

    Warns
    -----
    UserWarning
        If they cover less than a tenth, and end within the first half, as seconds do.
    """
    n_covered = n_all = 0
    for one, n_steps in zip(given, lengths, strict=True):
        intervals, are_seconds = listed(one)
        if not intervals or are_seconds:
            continue
        if not all(is_number(end) for start, stop, _ in intervals for end in (start, stop)):
            return
        if max(stop for _, stop, _ in intervals) > n_steps / 2:
            return
        n_covered += sum(stop - start for start, stop, _ in intervals)
        n_all += n_steps
    if n_all >= _LONG and n_covered < n_all / 10:
        warnings.warn(
            f"intervals cover {n_covered:,.0f} of {n_all:,} steps; interval_unit='seconds'?",
            stacklevel=3,
        )


def fill(steps: np.ndarray, intervals: list, name: Any) -> None:
    """Write the labels of intervals to their steps.

    Parameters
    ----------
    steps : array of object, shape (n_steps,)
        It is changed.
    intervals : list of (start, stop, label)
        In steps.
    name : object
        Name of the recording, for messages.

    Raises
    ------
    ValueError
        If an interval does not lie within the recording, or is not in whole steps.

    Warns
    -----
    UserWarning
        If intervals of different labels overlap.
    """
    owners = np.full(len(steps), -1)
    for i, (start, stop, label) in enumerate(intervals):
        is_whole = all(
            not isinstance(one, str | bool) and one == int(one) for one in (start, stop) if not is_missing(one)
        )
        if is_missing(start) or is_missing(stop) or not is_whole:
            raise ValueError(
                f"interval {i} of recording {name!r} must have whole steps, got {start!r} to {stop!r}; give "
                "interval_unit='seconds' if these are seconds."
            )
        start, stop = int(start), int(stop)
        if not 0 <= start < min(stop, len(steps)):
            raise ValueError(
                f"interval {i} of recording {name!r} must begin within its {len(steps)} steps and end after its start, got "
                f"{start} to {stop}."
            )
        before = owners[start:stop]
        clashes = [j for j in np.unique(before[before >= 0]) if intervals[j][2] != label]
        if clashes:
            warnings.warn(
                f"intervals {clashes[0]} and {i} of recording {name!r} overlap with labels {intervals[clashes[0]][2]!r} and "
                f"{label!r}; the later one counts.",
                stacklevel=5,
            )
        steps[start:stop] = label
        owners[start:stop] = i


def _ends_of_onsets(onsets, durations):
    if pd.api.types.is_timedelta64_dtype(durations):
        durations = durations.dt.total_seconds()
    durations = pd.to_numeric(durations, errors="coerce")
    if pd.api.types.is_numeric_dtype(onsets):
        return onsets, onsets + durations
    onsets = pd.to_datetime(onsets)
    return onsets, onsets + pd.to_timedelta(durations, unit="s")


def _is_date(value):
    return isinstance(value, datetime.date | np.datetime64) or (
        isinstance(value, str) and re.match(r"\s*\d{4}-\d", value) is not None
    )


def _check_seconds(start, stop, what):
    if not all(is_number(one) and np.isfinite(one) for one in (start, stop)):
        raise ValueError(f"{what} must have seconds, got {start!r} to {stop!r}.")


def _by_index(start, stop, index, what):
    """Return the first step at or after the start, and that at or after the stop."""
    if _is_date(start) or _is_date(stop):
        if not isinstance(index, pd.DatetimeIndex):
            raise ValueError(
                f"{what} has dates, so the recording must be a data frame with an index of dates; set_index(its dates)."
            )
        if not (_is_date(start) and _is_date(stop)) or is_missing(start) or is_missing(stop):
            raise ValueError(f"{what} must have two dates, got {start!r} to {stop!r}.")
        ends = [_moment(one, index, what) for one in (start, stop)]
    else:
        _check_seconds(start, stop, what)
        ends = [index[0] + pd.Timedelta(seconds=float(one)) for one in (start, stop)]
    if ends[1] <= ends[0]:
        raise ValueError(f"{what} must end after its start, got {start} to {stop}.")
    first, after = (int(index.searchsorted(one)) for one in ends)
    return first, after


def _moment(value, index, what):
    value = pd.Timestamp(value)
    if value.tz is not None and index.tz is None:
        raise ValueError(f"{what} has a time zone, so the index must have one; frame.tz_localize(its zone).")
    # Dates without a zone are read as the clock of the recording.
    return value.tz_localize(index.tz) if value.tz is None and index.tz is not None else value
