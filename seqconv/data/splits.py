"""Which cases train and which watch or test."""

import warnings

import numpy as np
from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit, StratifiedShuffleSplit

from seqconv.data.dated_splits import clock_dates, walk_forward

__all__ = ["split_cases", "thin_cases", "validation_split", "walk_forward"]
_ROUNDING = 1e-6  # seconds by which windows that touch may seem to overlap


def validation_split(n_cases, fraction, random_state, classes=None, groups=None):
    """Cases for training and for validation.

    Parameters
    ----------
    n_cases : int
    fraction : float
        Share of the cases (of the groups, where given) for validation, between 0 and 1.
    random_state : int
    classes : array of shape (n_cases,), optional
        The validation part has each class in proportion.
    groups : array of shape (n_cases,), optional
        No group is in both parts; classes are then not balanced.

    Returns
    -------
    train, validation : arrays of int
        Indices, in ascending order.

    Raises
    ------
    ValueError
        Too few cases, classes or groups for both parts.

    Examples
    --------
    >>> train, validation = validation_split(10, 0.2, 0)
    >>> len(train), len(validation)
    (8, 2)
    """
    if groups is not None:
        n_groups = len(np.unique(groups))
        if n_groups < 2:
            raise ValueError(f"groups must name at least 2 groups to set some apart for validation, got {n_groups}.")
        parts = GroupShuffleSplit(1, test_size=fraction, random_state=random_state)
    elif classes is not None:
        _check_classes(np.asarray(classes), fraction)
        parts = StratifiedShuffleSplit(1, test_size=fraction, random_state=random_state)
    else:
        if round(n_cases * fraction) < 1 or n_cases < 2:
            raise ValueError(f"{n_cases} cases are too few for a validation part of {fraction}; set none aside with 0.")
        parts = ShuffleSplit(1, test_size=fraction, random_state=random_state)
    train, validation = next(parts.split(np.zeros(n_cases), classes, groups))
    return np.sort(train), np.sort(validation)


def split_cases(cases, fraction=0.25, *, by=None, random_state=0):
    """Set a part of a set apart, with whole groups where there are any.

    Parameters
    ----------
    cases : SequenceSet
    fraction : float, default=0.25
        Share of the cases (by ``"group"``: of the groups) to set apart, between 0 and 1.
    by : {"group", "case", "time"}, optional
        ``"group"``: each group is on one side alone, as it is for a patient, speaker or ticker of tomorrow. ``"case"``: at
        random, each class in proportion where `y` are classes of enough cases. ``"time"``: where ``about["stop"]`` are dates,
        as for prices, the cases of the latest dates, whatever their group; else the last cases of each group (of all where
        there are none), in the order of the set, as for windows of one recording. The cases before them that overlap them
        are in neither part, see Notes. None is ``"group"`` where the set has groups, else ``"case"``.
    random_state : int, default=0

    Returns
    -------
    rest, apart : SequenceSet

    Raises
    ------
    ValueError
        Too few cases, classes, groups or dates for both parts; ``"group"`` without groups.

    Warns
    -----
    UserWarning
        ``"case"`` for a set with groups, some of which are then on both sides: whoever learns to know a patient is tested
        on the same one, and figures are too good. ``"group"`` or ``"case"`` where ``about["stop"]`` are dates and the same
        days are on both sides: whoever learns what one ticker did is tested on others of that day. ``"time"`` for windows
        that overlap: how many are left out.

    Notes
    -----
    Windows cut closer than they are long share steps. By ``"time"``, where `about` has ``start`` and ``stop`` as the adapters
    give them, a case of the same ``record`` (without that: group) is left out of the rest if it ends, or its label was
    known (``label_stop``), after the first case set apart starts. A date that ends one case and starts the next is shared
    too; a number (second, row) is not. Of dates, cases of all records are left out whose label was known when the first case
    set apart was decided, at its ``stop``, or later.

    Examples
    --------
    >>> from seqconv.data import SequenceSet
    >>> beats = SequenceSet(list("abcdef"), groups=["Ann", "Ann", "Bob", "Bob", "Cy", "Cy"])
    >>> rest, apart = split_cases(beats, 1 / 3)
    >>> sorted(set(rest.groups) & set(apart.groups))
    []
    """
    by = by or ("case" if cases.groups is None else "group")
    if by not in ("group", "case", "time") or not 0 < fraction < 1:
        raise ValueError(
            f"by must be 'group', 'case', 'time' or None and fraction between 0 and 1, got {by!r} and {fraction!r}."
        )
    if by == "group" and cases.groups is None:
        raise ValueError("by='group' needs groups in the set, it has none; name the patient or source of each case.")
    if by == "time":
        rest, apart = _split_by_time(cases, fraction)
        rest = _without_overlap(cases, rest, apart)
    else:
        classes = cases.y if by == "case" and _are_classes(cases.y, fraction) else None
        groups = cases.groups if by == "group" else None
        rest, apart = validation_split(len(cases), fraction, random_state, classes, groups)
    is_told = by != "time" and _warn_of_shared_days(cases, rest, apart)
    if by == "case" and cases.groups is not None and not is_told:
        _warn_of_shared_groups(cases.groups, rest, apart)
    return cases[rest], cases[apart]


def thin_cases(cases, n_most, random_state=0):
    """At most so many cases of each class of each group, so that neither a common class nor a long recording drowns others.

    Parameters
    ----------
    cases : SequenceSet
        With `y`; without groups all cases are one group.
    n_most : int
    random_state : int, default=0

    Returns
    -------
    SequenceSet
        In the order of `cases`.

    Raises
    ------
    ValueError
        Without y, or `n_most` below 1.

    Examples
    --------
    >>> from seqconv.data import SequenceSet
    >>> beats = SequenceSet(list("abcdef"), y=list("NNNNNV"), groups=["Ann"] * 3 + ["Bob"] * 3)
    >>> thin_cases(beats, 1).y.tolist()
    ['N', 'N', 'V']
    """
    if cases.y is None or n_most < 1:
        raise ValueError(
            f"n_most must be at least 1 and the set must have y, got n_most={n_most!r}, y={cases.y!r:.40}."
        )
    groups = np.zeros(len(cases)) if cases.groups is None else np.asarray(cases.groups)
    draw, kept = np.random.default_rng(random_state), []
    for group in np.unique(groups):
        for label in np.unique(cases.y):
            rows = np.flatnonzero((groups == group) & (cases.y == label))
            kept.append(rows if len(rows) <= n_most else draw.choice(rows, n_most, replace=False))
    return cases[np.sort(np.concatenate(kept))]


def _are_classes(y, fraction):
    """Whether y are classes, each with enough cases to be on both sides."""
    if y is None or y.ndim != 1 or y.dtype.kind not in "OUSib":
        return False
    _, counts = np.unique(y, return_counts=True)
    n_apart = int(np.ceil(len(y) * fraction))
    return counts.min() >= 2 and min(n_apart, len(y) - n_apart) >= len(counts)


def _stop_dates(cases):
    """The dates at which the cases stop, None where `about` tells none."""
    dates = clock_dates(cases.about["stop"]) if "stop" in getattr(cases.about, "columns", ()) else np.zeros(0)
    if dates.dtype.kind != "M":
        return None
    if np.isnat(dates).any():
        raise ValueError(f"each case must have a date in about['stop'], case {int(np.isnat(dates).argmax())} has none.")
    return dates


def _split_by_time(cases, fraction):
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


def _without_overlap(cases, rest, apart):
    """The rest without the cases that share steps with one set apart, as far as `about` tells where they lie."""
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
    if are_dates:  # of other records: what was known only when the first case apart was decided, or after
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
            "a case must lie wholly before those set apart, none does; set fewer apart or cut shorter ones."
        )
    return rest[~shares[rest]]


def _warn_of_shared_days(cases, rest, apart):
    """Warn where days are on both sides; whether there was need."""
    dates = _stop_dates(cases)
    if dates is None:
        return False
    first = max(dates[part].min() for part in (rest, apart))
    last = min(dates[part].max() for part in (rest, apart))
    if first <= last:
        first, last = np.datetime_as_string([first, last], "D")
        warnings.warn(
            f"days from {first} to {last} are on both sides of a split by group or case: figures on the part set apart will "
            "be too good for days to come; split by='time'.",
            stacklevel=3,
        )
    return first <= last


def _warn_of_shared_groups(groups, rest, apart):
    shared = np.intersect1d(groups[rest], groups[apart])
    if len(shared):
        warnings.warn(
            f"{len(shared)} of {len(np.unique(groups))} groups, such as {shared[0]}, are on both sides of a split by case: "
            "figures on the part set apart will be too good for new groups; split by='group'.",
            stacklevel=3,
        )


def _check_classes(classes, fraction):
    names, counts = np.unique(classes, return_counts=True)
    if counts.min() < 2:
        name = names.tolist()[counts.argmin()]
        raise ValueError(
            f"each class needs 2 cases to be in the training and the validation part, class {name!r} has "
            f"{counts.min()}; set validation_fraction=0 or give validation_data."
        )
    n_validation = int(np.ceil(len(classes) * fraction))
    if min(n_validation, len(classes) - n_validation) < len(names):
        raise ValueError(
            f"{len(classes)} cases of {len(names)} classes are too few for a validation part of {fraction} with each "
            "class; set validation_fraction=0 or give validation_data."
        )
