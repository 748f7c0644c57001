"""Choose the cases to train on and those to validate on."""

from typing import Any

import numpy as np
from sklearn.utils.validation import check_consistent_length

from seqconv.data.case_errors import case_error
from seqconv.data.case_times import case_times, times_of
from seqconv.data.checking import is_missing, reject_mixture
from seqconv.data.splits import validation_split
from seqconv.data.time_split import rows_by_time
from seqconv.training.defaults import choose_validation_fraction


def split(
    targets: Any,
    encoded: np.ndarray,
    weight: np.ndarray,
    groups: Any,
    fraction: float | None,
    is_text: bool,
    seed: int,
    by: str | None = None,
    times: Any = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of the training part and of the validation part; cases of weight 0 are in neither.

    By time the last cases are validated on. Earlier ones that overlap them, or whose label is known too late, are in
    neither part.

    Parameters
    ----------
    targets : ClassTargets or NumberTargets
    encoded : array of shape (n_cases, n_outputs)
    weight : array of shape (n_cases,)
    groups : array of shape (n_cases,) or None
        No group is in both parts.
    fraction : float or None
        Share of the cases, or of the groups, to validate on; None is the default.
    is_text : bool
    seed : int
    by : {"time", "group", "case"}, optional
        None is by time where cases have dates, else by group where there are groups. Else cases cut from one record are
        split by time, and those cut from several by record. All others are split at random.
    times : table, optional
        When, or where in its record, each case starts and stops, as the ``about`` of a `SequenceSet`.

    Raises
    ------
    ValueError
        If a part would be empty, or if a class would be missing in the training part.
        If `by` is "group" and there are no groups.
    """
    kept = np.flatnonzero(weight)
    if groups is not None:
        check_consistent_length(encoded, groups)
        groups = _checked_groups(groups)
    if by == "group" and groups is None:
        raise ValueError("validation_by='group' needs the groups of the cases, got none; give groups to fit.")
    if by is None:
        by, groups = _rule(times, groups, len(encoded))
    classes = targets.strata(encoded[kept])
    own_groups = groups[kept] if by == "group" else None
    chosen = choose_validation_fraction(len(kept), fraction, is_text, classes, own_groups)
    if chosen == 0:
        return kept, kept[:0]
    if by == "time":
        if times is None:
            times = {"stop": np.arange(len(encoded))}
        try:
            rows, watched = rows_by_time(times, chosen, kept, groups)
        except ValueError:
            if fraction is not None:
                raise
            return kept, kept[:0]  # the default gives way
    else:
        rows, watched = (kept[part] for part in validation_split(len(kept), chosen, seed, classes, own_groups))
    missing = targets.missing(encoded[rows])
    if missing is None:
        return rows, watched
    if fraction is None:  # the default gives way
        return kept, kept[:0]
    raise ValueError(
        f"each class must be in the training part, class {missing!r} is not: all its cases are in the validation part or "
        "have weight 0. Set validation_fraction=0, give validation_data or change the weights."
    )


def known_times(X: Any, about: Any = None) -> Any:
    """Return when or where each case starts and stops: by the table of a set, or the dates of the records; None if unknown."""
    if about is not None and "stop" in times_of(about):
        return about
    return case_times(X) if isinstance(X, list) else None


def _rule(times, groups, n_cases):
    """Return how cases are split, and their groups: those of the user, or the records they were cut from."""
    found = {} if times is None else times_of(times)
    if "stop" in found and np.asarray(found["stop"]).dtype.kind == "M":
        return "time", groups
    if groups is not None or "record" not in found:
        return "case" if groups is None else "group", groups
    n_records = len(np.unique(found["record"]))
    if n_records == 1:
        return "time", groups
    return ("group", found["record"]) if n_records < n_cases else ("case", groups)


def _checked_groups(groups):
    labels = np.asarray(groups, dtype=object)
    if labels.ndim != 1:
        raise ValueError(f"groups must be one label a case, got shape {labels.shape}.")
    missing = [is_missing(label) for label in labels]
    if any(missing):
        raise case_error(ValueError, missing.index(True), "each case must have a group, {case} has none.")
    reject_mixture(labels, "groups")
    return np.asarray(groups)
