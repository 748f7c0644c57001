"""The part of a split by time: the latest cases, and the earlier ones that overlap them."""

import warnings
from typing import Any

import numpy as np

from seqconv.data.case_times import times_of
from seqconv.data.sequence_set import SequenceSet

# Seconds by which windows that only touch may seem to overlap, because their times are rounded.
_ROUNDING = 1e-6


def rows_by_time(about: Any, fraction: float, rows: Any = None, groups: Any = None) -> tuple[np.ndarray, np.ndarray]:
    """Set the latest of some cases apart, and leave out those that overlap them or whose label is known too late.

    Parameters
    ----------
    about : table
        Data frame, structured array or dict of arrays, one item a case. ``stop`` is the time at which a case ends.
        Also used are ``start``, ``label_stop`` (when the label is known) and ``record`` if they exist.
    fraction : float
        Share of the cases to set apart, between 0 and 1.
    rows : array of int, optional
        Cases to split, such as those of positive weight. None splits all.
    groups : array of shape (n_cases,), optional
        Record of each case, if `about` has none.

    Returns
    -------
    train, validation : arrays of int
        Places in `about`, in the order of `rows`. Cases left out are in neither.

    Raises
    ------
    ValueError
        If there are too few times for both parts, a case has no date, or no case is left to train on.

    Examples
    --------
    >>> about = {"start": np.arange(8), "stop": np.arange(8) + 3, "label_stop": np.arange(8) + 4}
    >>> train, validation = rows_by_time(about, 0.25)
    >>> train.tolist(), validation.tolist()
    ([0, 1, 2], [6, 7])
    """
    times = times_of(about)
    if "stop" not in times:
        raise ValueError("about must have the column 'stop', when each case ends, to split by time.")
    rows = np.arange(len(times["stop"])) if rows is None else np.asarray(rows)
    times = {name: values[rows] for name, values in times.items()}
    groups = None if groups is None else np.asarray(groups)[rows]
    rest, apart = _latest(times, times.get("record", groups), len(rows), fraction)
    return rows[rest[~_overlaps(times, groups, rest, apart)]], rows[apart]


def split_by_time(cases: SequenceSet, fraction: float) -> tuple[np.ndarray, np.ndarray]:
    """Set the latest cases apart: by date where `about` has dates, else the last cases of each group.

    Parameters
    ----------
    cases : SequenceSet
    fraction : float
        Share of the cases to set apart, between 0 and 1.

    Returns
    -------
    rest, apart : arrays of int
        Indices, in ascending order.

    Raises
    ------
    ValueError
        If there are too few dates, or cases of a group, for both parts.
        If a case has no date; the message names the case.

    Examples
    --------
    >>> rest, apart = split_by_time(SequenceSet(list("abcd")), 0.25)
    >>> rest.tolist(), apart.tolist()
    ([0, 1, 2], [3])
    """
    return _latest(_times(cases), cases.groups, len(cases), fraction)


def without_overlap(cases: SequenceSet, rest: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """Return the rest without the cases that overlap one set apart, as `split_cases` says.

    Parameters
    ----------
    cases : SequenceSet
        Without ``start`` and ``stop`` in its `about`, the rest is returned unchanged.
    rest, apart : arrays of int
        Indices of the two parts.

    Returns
    -------
    array of int
        Indices, in the order of `rest`.

    Raises
    ------
    ValueError
        If no case of the rest remains.

    Warns
    -----
    UserWarning
        If cases are left out; the message says how many. It points to the caller's caller.
    """
    times = _times(cases)
    shares = _overlaps(times, cases.groups, rest, apart)
    if shares.any():
        what = "days" if times["start"].dtype.kind == "M" else "steps"
        warnings.warn(
            f"{shares.sum()} of {len(rest)} cases share {what} with a case set apart and are left out of both parts.",
            stacklevel=3,
        )
    return rest[~shares]


def warn_of_shared_days(cases: SequenceSet, rest: np.ndarray, apart: np.ndarray) -> bool:
    """Warn if the same days are in both parts, and return whether they are.

    Parameters
    ----------
    cases : SequenceSet
        Without dates in ``about["stop"]``, nothing is compared.
    rest, apart : arrays of int
        Indices of the two parts.

    Returns
    -------
    bool

    Warns
    -----
    UserWarning
        The message names the first and last shared day. It points to the caller's caller.
    """
    dates = _stop_dates(_times(cases))
    if dates is None:
        return False
    first = max(dates[part].min() for part in (rest, apart))
    last = min(dates[part].max() for part in (rest, apart))
    is_shared = bool(first <= last)
    if is_shared:
        first, last = np.datetime_as_string([first, last], "D")
        warnings.warn(
            f"days from {first} to {last} are on both sides of a split by group or case. "
            "Figures will be too good for days to come; split by='time'.",
            stacklevel=3,
        )
    return is_shared


def _latest(times, groups, n_cases, fraction):
    """Return the rest and the latest cases."""
    dates = _stop_dates(times)
    if dates is not None:
        is_apart = dates >= np.sort(dates)[-int(np.ceil(fraction * len(dates)))]
        if is_apart.all():
            raise ValueError(f"{len(np.unique(dates))} date(s) are too few to set {fraction} of the cases apart.")
        return np.flatnonzero(~is_apart), np.flatnonzero(is_apart)
    groups = np.zeros(n_cases) if groups is None else np.asarray(groups)
    is_apart = np.zeros(n_cases, bool)
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        n_apart = int(np.ceil(fraction * len(rows)))
        if not 0 < n_apart < len(rows):
            raise ValueError(f"{len(rows)} case(s) of group {group!r} are too few to set {fraction} of them apart.")
        is_apart[rows[-n_apart:]] = True
    return np.flatnonzero(~is_apart), np.flatnonzero(is_apart)


def _overlaps(times, groups, rest, apart):
    """Return whether each case of the rest overlaps one set apart; raise if all do."""
    if not {"start", "stop"} <= {*times}:
        return np.zeros(len(rest), bool)
    starts, stops = times["start"], times["stop"]
    if "label_stop" in times:
        stops = np.fmax(stops, times["label_stop"])
    are_dates = starts.dtype.kind == "M"
    records = times.get("record", groups)
    records = np.zeros(len(starts)) if records is None else np.asarray(records)
    # Other records move with the same market: their labels must be known before the first case apart is decided.
    shares = stops[rest] >= times["stop"][apart].min() if are_dates else np.zeros(len(rest), bool)
    for record in np.unique(records[apart]):
        first = starts[apart[records[apart] == record]].min()
        same = records[rest] == record
        shares[same] |= stops[rest][same] >= first if are_dates else stops[rest][same] - first > _ROUNDING
    if shares.all():
        raise ValueError(
            "a case must end before those set apart start, none does. Set fewer apart or cut shorter cases."
        )
    return shares


def _times(cases):
    return times_of(cases.about)


def _stop_dates(times):
    """Return the dates at which the cases stop, or None if their stops are no dates."""
    dates = times.get("stop", np.zeros(0))
    if dates.dtype.kind != "M":
        return None
    if np.isnat(dates).any():
        raise ValueError(f"each case must have a date in about['stop'], case {int(np.isnat(dates).argmax())} has none.")
    return dates
