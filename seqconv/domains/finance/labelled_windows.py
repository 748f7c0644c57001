"""What cutting prices and cutting order books have in common: which windows have a label, and what a bad record costs."""

import warnings

import numpy as np

from seqconv.domains.finance.labels import BarLabels
from seqconv.domains.naming import RECORD_ERRORS, naming


def check_cut(dead_zone, errors, stride, stride_name):
    """Refuse what is out of range."""
    for name, value, choices in (("dead_zone", dead_zone, ("drop", "keep")), ("errors", errors, ("raise", "skip"))):
        if value not in choices:
            raise ValueError(f"{name} must be one of {choices}, got {value!r}.")
    if isinstance(stride, bool) or not isinstance(stride, int | np.integer) or stride < 1:
        raise ValueError(f"{stride_name} must be a whole number of at least 1, got {stride!r}.")


def cut_each(records, names, cut, errors, what="records"):
    """What `cut` makes of each record, the bad ones raised or left out with a warning.

    Parameters
    ----------
    records, names : list
    cut : callable
        From a record and its name to its cases.
    errors : {"raise", "skip"}
    what : str
        What the records are called in the warning.

    Returns
    -------
    list of (name, cases)
    """
    found, bad = [], []
    for record, name in zip(records, names, strict=True):
        try:
            with naming(name):
                found.append((name, cut(record, name)))
        except RECORD_ERRORS as error:
            if errors == "raise":
                raise
            bad.append(str(error).rstrip("."))
    if not found:
        raise ValueError(f"at least one of the {what} must be readable, none of {len(bad)} is: {'; '.join(bad)}.")
    if bad:
        warnings.warn(f"{len(bad)} of {len(records)} {what} were left out: {'; '.join(bad)}.", stacklevel=4)
    return found


def label_windows(label, recording, n_steps, length, stride, dead_zone):
    """Last step of each window of a recording, and the labels of all its steps (None without a rule).

    Parameters
    ----------
    label : callable or None
        From the recording to BarLabels.
    recording : array
        What `label` takes.
    n_steps : int
        Steps of the recording.
    length : int
        Steps of a window.
    stride : int
    dead_zone : {"drop", "keep"}

    Returns
    -------
    last : array of int, shape (n_windows,)
    labels : BarLabels or None

    Examples
    --------
    >>> from seqconv.domains.finance.labels import direction
    >>> last, labels = label_windows(direction, np.array([1.0, 2, 2, 1, 2]), 5, 2, 1, "drop")
    >>> last.tolist(), labels.label[last].tolist()
    ([2, 3], ['down', 'up'])
    """
    last = np.arange(length - 1, n_steps, stride)
    if label is None:
        return last, None
    labels = _checked(label(recording), n_steps)
    left_out = ["", "none"] if dead_zone == "drop" else [""]
    return last[~np.isin(labels.label[last], left_out)], labels


def _checked(labels, n_steps):
    if not isinstance(labels, BarLabels) or {len(column) for column in labels} != {n_steps}:
        raise TypeError(f"label must give BarLabels of all {n_steps} steps, got {labels!r:.80}.")
    is_later = (labels.known > np.arange(n_steps)) & (labels.known < n_steps)
    if not is_later[labels.label != ""].all():
        raise ValueError("label must name for each label the later step at which it was known.")
    return labels
