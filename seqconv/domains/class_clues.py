"""Facts about records, such as their sampling rate, that go with the class."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.stats import chi2_contingency

from seqconv.data.label_tables import is_several_labels

# Chance and strength (Cramer's V, 0 to 1) from which an association is told.
_CHANCE, _STRENGTH = 1e-3, 0.5


def told_by(values: Sequence[float], y: Any, n_records: int, rows: Sequence[int]) -> str:
    """Return which values go with which classes, or an empty text if they do not go together beyond chance.

    Parameters
    ----------
    values : sequence of float
        Value of each of the records of `rows`.
    y : array of shape (n_records,)
        Classes. Other targets give an empty text.
    n_records : int
    rows : sequence of int

    Examples
    --------
    >>> told_by([250, 500] * 20, ["ill", "well"] * 20, 40, range(40))
    '250: ill; 500: well'
    >>> told_by([250, 250, 500, 500] * 10, ["ill", "well"] * 20, 40, range(40))
    ''
    """
    if is_several_labels(y):
        return ""
    y = np.asarray(y)
    if y.shape != (n_records,) or y.dtype.kind == "f":
        return ""
    values, y = np.asarray(values, dtype=float), y[np.asarray(rows, dtype=int)]
    if not _go_together(values, y):
        return ""
    pairs = {}
    for value, label in zip(values, y, strict=True):
        pairs.setdefault(f"{value:g}", set()).add(str(label))
    return "; ".join(f"{value}: {', '.join(sorted(labels)[:3])}" for value, labels in list(pairs.items())[:3])


def _go_together(values, labels):
    """Return whether a value predicts the label well and beyond chance."""
    value_names, row = np.unique(values, return_inverse=True)
    label_names, column = np.unique(labels.astype(str), return_inverse=True)
    if len(value_names) < 2 or len(label_names) < 2:
        return False
    counts = np.zeros((len(value_names), len(label_names)))
    np.add.at(counts, (row, column), 1)
    squared, chance, _, _ = chi2_contingency(counts, correction=False)
    return chance < _CHANCE and np.sqrt(squared / counts.sum() / (min(counts.shape) - 1)) > _STRENGTH
