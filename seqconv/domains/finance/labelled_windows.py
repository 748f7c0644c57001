"""Windows with a label, and records cut one by one, for prices and for order books."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from seqconv.arguments import choice, whole
from seqconv.data.case_errors import RECORD_ERRORS
from seqconv.domains.finance.labels import BarLabels
from seqconv.domains.records import naming, report_left_out


def check_cut(dead_zone: str, errors: str, stride: int, stride_name: str) -> None:
    """Raise if an argument of `cases` is out of range."""
    choice("dead_zone", dead_zone, ("drop", "keep"))
    choice("errors", errors, ("raise", "skip"))
    whole(stride_name, stride, 1)


def cut_each(
    records: list, names: Sequence, cut: Callable[[Any], Any], errors: str, kind: str, stacklevel: int
) -> tuple[list[tuple[Any, Any]], list[tuple[Any, str]]]:
    """Cut each record; raise the error of a bad one, or leave it out with one warning.

    Parameters
    ----------
    records, names : list
    cut : callable
        Function from a record to its cases.
    errors : {"raise", "skip"}
    kind : str
        What messages call several records.
    stacklevel : int
        Level of the user's call, counted from the caller of this function.

    Returns
    -------
    found : list of (name, cases)
    skipped : list of (name, error)
    """
    found, skipped = [], []
    for record, name in zip(records, names, strict=True):
        try:
            with naming(name):
                found.append((name, cut(record)))
        except RECORD_ERRORS as error:
            if errors == "raise":
                raise
            skipped.append((name, str(error)))
    report_left_out(kind, len(records), skipped, len(found), stacklevel + 1)
    return found, skipped


def label_windows(
    label: Callable | None, recording: np.ndarray, n_steps: int, length: int, stride: int, dead_zone: str
) -> tuple[np.ndarray, BarLabels | None]:
    """Return the last step of each window of a recording, and the labels of all its steps.

    Parameters
    ----------
    label : callable or None
        Function from the recording to BarLabels.
    recording : array
        Argument of `label`.
    n_steps : int
        Number of steps of the recording.
    length : int
        Number of steps of a window.
    stride : int
    dead_zone : {"drop", "keep"}

    Returns
    -------
    last : array of int, shape (n_windows,)
    labels : BarLabels or None

    Raises
    ------
    TypeError
        If `label` returns anything but the BarLabels of all steps.
    ValueError
        If a label does not name a later step at which it is known.

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
        raise TypeError(f"label must return BarLabels of all {n_steps} steps, got {labels!r:.80}.")
    is_later = (labels.known > np.arange(n_steps)) & (labels.known < n_steps)
    if not is_later[labels.label != ""].all():
        raise ValueError("each label must name the later step at which it was known.")
    return labels
