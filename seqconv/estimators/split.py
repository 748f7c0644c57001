"""Choose the cases to train on and those to validate on."""

from typing import Any

import numpy as np
from sklearn.utils.validation import check_consistent_length

from seqconv.data.case_errors import case_error
from seqconv.data.checking import is_missing, reject_mixture
from seqconv.data.splits import validation_split
from seqconv.training.defaults import choose_validation_fraction


def split(
    targets: Any, encoded: np.ndarray, weight: np.ndarray, groups: Any, fraction: float | None, is_text: bool, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of the training part and of the validation part; cases of weight 0 are in neither.

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

    Raises
    ------
    ValueError
        If a part would be empty, or if a class would be missing in the training part.
    """
    kept = np.flatnonzero(weight)
    if groups is not None:
        check_consistent_length(encoded, groups)
        groups = _checked_groups(groups)[kept]
    classes = targets.strata(encoded[kept])
    chosen = choose_validation_fraction(len(kept), fraction, is_text, classes, groups)
    if chosen == 0:
        return kept, kept[:0]
    rows, watched = validation_split(len(kept), chosen, seed, classes, groups)
    missing = targets.missing(encoded[kept[rows]])
    if missing is None:
        return kept[rows], kept[watched]
    if fraction is None:  # the default gives way
        return kept, kept[:0]
    raise ValueError(
        f"each class must be in the training part, class {missing!r} is not: all its cases are in the validation part or "
        "have weight 0. Set validation_fraction=0, give validation_data or change the weights."
    )


def _checked_groups(groups):
    labels = np.asarray(groups, dtype=object)
    if labels.ndim != 1:
        raise ValueError(f"groups must be one label a case, got shape {labels.shape}.")
    missing = [is_missing(label) for label in labels]
    if any(missing):
        raise case_error(ValueError, missing.index(True), "each case must have a group, {case} has none.")
    reject_mixture(labels, "groups")
    return np.asarray(groups)
