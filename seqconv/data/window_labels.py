"""Labels of windows from labels of steps, intervals or recordings."""

from typing import Any

import numpy as np
import pandas as pd

from seqconv.data.checking import is_missing, reject_mixture
from seqconv.data.window_intervals import fill, listed


def labels_of_steps(given: Any, n_steps: int, name: Any, background: Any) -> np.ndarray:
    """Return one label a step of a recording, None for a step without a label.

    Parameters
    ----------
    given : object
        One label, one a step, or intervals in steps.
    n_steps : int
        Number of steps of the recording.
    name : object
        Name of the recording, for messages.
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
    intervals, _ = listed(given)
    if intervals is not None:
        fill(steps, intervals, name)
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


def _count(is_there, first, after):
    sums = np.concatenate([[0], np.cumsum(is_there)])
    return sums[after] - sums[first]
