"""The part of a split by time: the latest cases, and the earlier ones that overlap them."""

import warnings

import numpy as np

from seqconv.data.dated_splits import clock_dates
from seqconv.data.sequence_set import SequenceSet

# Seconds by which windows that only touch may seem to overlap, because their times are rounded.
_ROUNDING = 1e-6


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
    dates = _stop_dates(cases)
    if dates is not None:
        is_apart = dates >= np.sort(dates)[-int(np.ceil(fraction * len(dates)))]
        if is_apart.all():
            raise ValueError(f"{len(np.unique(dates))} date(s) are too few to set {fraction} of the cases apart.")
        return np.flatnonzero(~is_apart), np.flatnonzero(is_apart)
    groups = np.zeros(len(cases)) if cases.groups is None else np.asarray(cases.groups)
    is_apart = np.zeros(len(cases), bool)
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        n_apart = int(np.ceil(fraction * len(rows)))
        if not 0 < n_apart < len(rows):
            raise ValueError(f"{len(rows)} case(s) of group {group!r} are too few to set {fraction} of them apart.")
        is_apart[rows[-n_apart:]] = True
    return np.flatnonzero(~is_apart), np.flatnonzero(is_apart)


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
    about = cases.about
    if not {"start", "stop"} <= {*getattr(about, "columns", ())}:
        return rest
    starts, stops = clock_dates(about["start"]), clock_dates(about["stop"])
    if "label_stop" in about:
        stops = np.fmax(stops, clock_dates(about["label_stop"]))
    are_dates = starts.dtype.kind == "M"
    records = about["record"].to_numpy() if "record" in about else cases.groups
    records = np.zeros(len(cases)) if records is None else np.asarray(records)
    shares = np.zeros(len(cases), bool)
    if are_dates:
        # Other records move with the same market: their labels must be known before the first case apart is decided.
        shares[rest] = stops[rest] >= clock_dates(about["stop"])[apart].min()
    for record in np.unique(records[apart]):
        first = starts[apart[records[apart] == record]].min()
        same = rest[records[rest] == record]
        shares[same] |= stops[same] >= first if are_dates else stops[same] - first > _ROUNDING
    if shares.any():
        what = "days" if are_dates else "steps"
        warnings.warn(
            f"{shares.sum()} of {len(rest)} cases share {what} with a case set apart and are left out of both parts.",
            stacklevel=3,
        )
    if shares[rest].all():
        raise ValueError(
            "a case must end before those set apart start, none does. Set fewer apart or cut shorter cases."
        )
    return rest[~shares[rest]]


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
    dates = _stop_dates(cases)
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


def _stop_dates(cases):
    """Return the dates at which the cases stop, or None where `about` has none."""
    dates = clock_dates(cases.about["stop"]) if "stop" in getattr(cases.about, "columns", ()) else np.zeros(0)
    if dates.dtype.kind != "M":
        return None
    if np.isnat(dates).any():
        raise ValueError(f"each case must have a date in about['stop'], case {int(np.isnat(dates).argmax())} has none.")
    return dates
