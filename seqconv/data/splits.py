"""Splits of cases into a training part and a validation or test part."""

import warnings
from typing import Any

import numpy as np

from seqconv.arguments import choice, number
from seqconv.data.case_times import times_of
from seqconv.data.dated_splits import walk_forward
from seqconv.data.iterative_split import iterative_split
from seqconv.data.label_tables import is_several_labels, read_labels
from seqconv.data.near_repeats import warn_of_near_repeats
from seqconv.data.sequence_set import SequenceSet
from seqconv.data.thin_cases import thin_cases
from seqconv.data.time_split import split_by_time, warn_of_shared_days, without_overlap

# Draws of groups among which one is looked for that has each class in both parts.
_MOST_DRAWS = 50

__all__ = ["split_cases", "thin_cases", "validation_split", "walk_forward"]


def validation_split(
    n_cases: int, fraction: float, random_state: int | None, classes: Any = None, groups: Any = None
) -> tuple[np.ndarray, np.ndarray]:
    """Choose the cases for training and for validation at random.

    Parameters
    ----------
    n_cases : int
        Number of cases.
    fraction : float
        Share of the cases (of the groups, where given) for validation, between 0 and 1.
    random_state : int
        Seed.
    classes : array of shape (n_cases,), or of 0 and 1 of shape (n_cases, n_labels), optional
        Class or labels of each case. The validation part holds each class, or about each label, in proportion.
    groups : array of shape (n_cases,), optional
        Group of each case. Each group is in one part only; classes are then not balanced.

    Returns
    -------
    train, validation : arrays of int
        Indices, in ascending order.

    Raises
    ------
    ValueError
        If there are too few cases, classes or groups for both parts.

    Examples
    --------
    >>> train, validation = validation_split(10, 0.2, 0)
    >>> len(train), len(validation)
    (8, 2)
    """
    # It loads the metrics of scikit-learn, which a fit without a validation part does not need.
    from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit, StratifiedShuffleSplit

    if groups is not None:
        n_groups = len(np.unique(groups))
        if n_groups < 2:
            raise ValueError(f"groups must name at least 2 groups to set some apart for validation, got {n_groups}.")
        parts = GroupShuffleSplit(1, test_size=fraction, random_state=random_state)
    elif np.ndim(classes) == 2:
        _check_size(n_cases, fraction)
        n_apart = int(np.ceil(n_cases * fraction))
        part = iterative_split(classes, [1 - n_apart / n_cases, n_apart / n_cases], random_state)
        return np.flatnonzero(part == 0), np.flatnonzero(part)
    elif classes is not None:
        _check_classes(np.asarray(classes), fraction)
        parts = StratifiedShuffleSplit(1, test_size=fraction, random_state=random_state)
    else:
        _check_size(n_cases, fraction)
        parts = ShuffleSplit(1, test_size=fraction, random_state=random_state)
    train, validation = next(parts.split(np.zeros(n_cases), classes, groups))
    return np.sort(train), np.sort(validation)


def split_cases(
    cases: SequenceSet, fraction: float = 0.25, *, by: str | None = None, random_state: int = 0
) -> tuple[SequenceSet, SequenceSet]:
    """Set a part of the cases apart, for testing or validation.

    Parameters
    ----------
    cases : SequenceSet
        The cases to split.
    fraction : float, default=0.25
        Share of the cases (by ``"group"``: of the groups) to set apart, between 0 and 1.
    by : {"group", "case", "time"}, optional
        ``"group"`` keeps each group in one part, to test on new patients, speakers or tickers. Of some draws, the first
        counts that has each class in both parts.
        ``"case"`` draws cases at random. Each class is in proportion if `y` holds classes with enough cases.
        So is about each label if a case may have several, see `seqconv.data.iterative_split`.
        ``"time"`` sets the latest cases apart, see Notes.
        None is ``"group"`` if the set has groups, else ``"case"``.
    random_state : int, default=0
        Seed.

    Returns
    -------
    rest, apart : SequenceSet
        The remaining cases and those set apart, each in the order of `cases`.

    Raises
    ------
    ValueError
        If there are too few cases, classes, groups or dates for both parts.
        If `by` is ``"group"`` and the set has no groups.
        If `by` or `fraction` is out of its range.

    Warns
    -----
    UserWarning
        If groups, or records that cases were cut from, are in both parts of a split by ``"case"``. Figures are then too
        good for new ones.
        If the same days are in both parts of a split by ``"group"`` or ``"case"``. Figures are then too good for
        days to come, because other tickers of the same day were trained on.
        If no draw of groups has each class in both parts.
        If cases are left out of a split by ``"time"`` because they overlap; the message says how many.
        If texts are in both parts, but for case, digits and blanks; the message says how many.

    Notes
    -----
    *Latest.* If ``about["stop"]`` holds dates, the cases of the latest dates are set apart, whatever their group.
    Otherwise the last cases of each group are, in the order of the set. Without groups, the last of all are.

    *Overlap.* Windows cut closer than they are long share steps. A split by ``"time"`` leaves out earlier cases that
    overlap those set apart. It needs ``start`` and ``stop`` in `about`, as the adapters give them. A case of the same
    ``record`` (or group) is left out if it ends after the first case set apart starts. So is one whose label was known
    (``label_stop``) only after that. A date that ends one case and starts the next is shared too; a number (second,
    row) is not.

    *Overlap of dates.* Cases of all records are left out if their label was known too late: on the date when the first
    case set apart was decided (its ``stop``), or after.

    Examples
    --------
    >>> from seqconv.data import SequenceSet
    >>> beats = SequenceSet(list("abcdef"), groups=["Ann", "Ann", "Bob", "Bob", "Cy", "Cy"])
    >>> rest, apart = split_cases(beats, 1 / 3)
    >>> sorted(set(rest.groups) & set(apart.groups))
    []
    """
    by = choice("by", by or ("case" if cases.groups is None else "group"), ("group", "case", "time"))
    fraction = number("fraction", fraction, above=0, below=1)
    if by == "group" and cases.groups is None:
        raise ValueError("by='group' needs groups in the set, it has none. Name the patient or source of each case.")
    if by == "time":
        rest, apart = split_by_time(cases, fraction)
        rest = without_overlap(cases, rest, apart)
    else:
        classes = _strata(cases.y, fraction) if by == "case" else None
        groups = cases.groups if by == "group" else None
        rest, apart = validation_split(len(cases), fraction, random_state, classes, groups)
        if by == "group":
            rest, apart = _with_all_classes(cases, fraction, random_state, rest, apart)
    has_warned = by != "time" and warn_of_shared_days(cases, rest, apart)
    if by == "case" and not has_warned and not _warn_of_shared(cases.groups, "groups", rest, apart):
        _warn_of_shared(times_of(cases.about).get("record"), "records", rest, apart)
    rest, apart = cases[rest], cases[apart]
    if isinstance(cases.X, list):
        warn_of_near_repeats(rest.X, apart.X)
    return rest, apart


def _with_all_classes(cases, fraction, random_state, rest, apart):
    """Return the first of some draws of groups that has each class in both parts; warn if no draw has."""
    is_class = cases.y is not None and not is_several_labels(cases.y) and cases.y.dtype.kind in "OUSib"
    if not is_class or not (lost := _lost(cases.y, rest, apart)):
        return rest, apart
    for further in range(1, _MOST_DRAWS):
        seed = None if random_state is None else random_state + further * 1_000_003
        drawn = validation_split(len(cases), fraction, seed, groups=cases.groups)
        if not _lost(cases.y, *drawn):
            return drawn
    warnings.warn(
        f"class {lost[0]!r} is in one part of the split alone, as its groups are few; give a larger fraction, or split by "
        "case.",
        stacklevel=3,
    )
    return rest, apart


def _lost(y, rest, apart):
    """Return the classes that are not in both parts."""
    return sorted(set(y.tolist()) - (set(y[rest].tolist()) & set(y[apart].tolist())), key=str)


def _strata(y, fraction):
    """Return classes, if each has enough cases to be in both parts, a table of labels, or None."""
    if y is None:
        return None
    if is_several_labels(y):
        return _labels_or_none(y)
    if y.ndim != 1 or y.dtype.kind not in "OUSib":
        return None
    _, counts = np.unique(y, return_counts=True)
    n_apart = int(np.ceil(len(y) * fraction))
    return y if counts.min() >= 2 and min(n_apart, len(y) - n_apart) >= len(counts) else None


def _labels_or_none(y):
    """Return the table of labels of y; None where it holds other targets, such as numbers."""
    try:
        return read_labels(y)[0]
    except ValueError:
        return None


def _warn_of_shared(origins, kind, rest, apart):
    """Warn if groups or records are in both parts, and return whether they are."""
    if origins is None:
        return False
    origins = np.asarray(origins)
    shared = np.intersect1d(origins[rest], origins[apart])
    if len(shared):
        way = "split by='group'" if kind == "groups" else "split by='time', or give groups"
        warnings.warn(
            f"{len(shared)} of {len(np.unique(origins))} {kind}, such as {shared[0]}, "
            f"are on both sides of a split by case. Figures will be too good for new {kind}; {way}.",
            stacklevel=3,
        )
    return len(shared) > 0


def _check_size(n_cases, fraction):
    if round(n_cases * fraction) < 1 or n_cases < 2:
        raise ValueError(f"{n_cases} cases are too few for a validation part of {fraction}. Use 0 for none.")


def _check_classes(classes, fraction):
    names, counts = np.unique(classes, return_counts=True)
    if counts.min() < 2:
        name = names.tolist()[counts.argmin()]
        raise ValueError(
            f"each class needs 2 cases to be in the training and the validation part, class {name!r} has "
            f"{counts.min()}. Set validation_fraction=0 or give validation_data."
        )
    n_validation = int(np.ceil(len(classes) * fraction))
    if min(n_validation, len(classes) - n_validation) < len(names):
        raise ValueError(
            f"{len(classes)} cases are too few for a validation part of {fraction} with each of {len(names)} classes. "
            "Set validation_fraction=0 or give validation_data."
        )
