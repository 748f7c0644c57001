"""Labels of windows from labels of steps, intervals or recordings."""

import warnings
from typing import Any

import numpy as np
import pandas as pd

from seqconv.arguments import is_number
from seqconv.data.checking import is_missing, reject_mixture


def labels_of_steps(given: Any, n_steps: int, name: Any, rate_hz: float | None, background: Any) -> np.ndarray:
    """Return one label a step of a recording, None for a step without a label.

    Parameters
    ----------
    given : object
        One label, one a step, or intervals.
    n_steps : int
        Number of steps of the recording.
    name : object
        Name of the recording, for messages.
    rate_hz : float or None
        Steps a second if intervals are in seconds.
    background : object or None
        Label of the steps without one.

    Returns
    -------
    array of object, shape (n_steps,)

    Raises
    ------
    ValueError
        If the labels have another form, or an interval does not lie within the recording.

    Warns
    -----
    UserWarning
        If intervals of different labels overlap.
    """
    steps = np.full(n_steps, None, dtype=object)
    intervals = _intervals(given)
    if intervals is not None:
        if rate_hz is not None:
            intervals = [_in_steps(i, one, n_steps, name, rate_hz) for i, one in enumerate(intervals)]
        _fill(steps, intervals, name)
    elif np.ndim(given) == 0:
        steps[:] = given
    elif np.ndim(given) == 1 and len(given) == n_steps:
        steps[:] = np.asarray(given, dtype=object)
    else:
        raise ValueError(
            f"labels of recording {name!r} must be one label, one for each of {n_steps} steps, or (start, stop, label); got "
            f"shape {np.shape(given)}."
        )
    steps[pd.isna(steps)] = background
    return steps


def labels_of_windows(
    steps: list[np.ndarray], starts: list[np.ndarray], stops: np.ndarray, record: np.ndarray, label_at: str
) -> list:
    """Return the label of each window, None for those without one.

    Parameters
    ----------
    steps : list of arrays
        Labels of the steps of each recording.
    starts : list of arrays of int
        First step of each window, one array a recording.
    stops : array of int, shape (n_windows,)
        First step after each window.
    record : array of int, shape (n_windows,)
        Position of the recording of each window.
    label_at : {"majority", "end"}

    Raises
    ------
    TypeError
        If labels mix strings with other types.
    """
    joined = np.concatenate(steps)
    reject_mixture([label for label in pd.unique(joined) if not is_missing(label)], "labels")
    codes, known = pd.factorize(joined, sort=True)
    n_before = np.cumsum([0, *map(len, steps)])[record]
    first, after = np.concatenate(starts) + n_before, stops + n_before
    if label_at == "end":
        chosen = codes[after - 1]
    else:
        n_labelled = _count(codes >= 0, first, after)
        chosen, most = np.full(len(first), -1), np.zeros(len(first), np.int64)
        for code in range(len(known)):
            n_of_code = _count(codes == code, first, after)
            chosen, most = np.where(n_of_code > most, code, chosen), np.maximum(n_of_code, most)
        chosen[2 * n_labelled < after - first] = -1
    known = [*known, None]
    return [known[code] for code in chosen]


def warn_of_constants(frames: list) -> None:
    """Warn of columns that are one value a recording, but not the same in all: a label or an id among the channels.

    Parameters
    ----------
    frames : list of data frames or arrays
        Arrays have no columns that could be named, and are not looked at.

    Warns
    -----
    UserWarning
        It points to the caller's caller.
    """
    for column in getattr(frames[0], "columns", ()):
        values = [frame[column] for frame in frames]
        if all((one == one.iloc[0]).all() for one in values) and len({one.iloc[0] for one in values}) > 1:
            warnings.warn(
                f"column {column!r} is one value a recording, as a label or an id is, and is taken as a channel; drop it, or "
                "give it as labels.",
                stacklevel=3,
            )


def _count(is_there, first, after):
    sums = np.concatenate([[0], np.cumsum(is_there)])
    return sums[after] - sums[first]


def _intervals(given):
    """Return the intervals as a list of (start, stop, label), or None if the labels have another form."""
    columns = getattr(given, "columns", ())
    if {"start", "stop", "label"} <= {*columns}:
        return list(zip(given["start"], given["stop"], given["label"], strict=True))
    if isinstance(given, np.ndarray) and given.ndim == 2 and given.shape[1] == 3:
        return given.tolist()
    are_triples = isinstance(given, list | tuple) and all(
        isinstance(one, list | tuple) and len(one) == 3 for one in given
    )
    return list(given) if are_triples else None


def _in_steps(number, interval, n_steps, name, rate_hz):
    """Return an interval in steps; its end may be after the last step, as annotations in whole epochs often are."""
    start, stop, label = interval
    if not all(is_number(one) and np.isfinite(one) for one in (start, stop)):
        raise ValueError(f"interval {number} of recording {name!r} must have seconds, got {start!r} to {stop!r}.")
    return round(start * rate_hz), min(round(stop * rate_hz), n_steps), label


def _fill(steps, intervals, name):
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
