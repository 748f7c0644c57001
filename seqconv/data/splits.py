"""Which cases train and which watch."""

import numpy as np
from sklearn.model_selection import GroupShuffleSplit, ShuffleSplit, StratifiedShuffleSplit


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
