"""A set of labelled sequences, as every loader returns it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from seqconv.data.checking import reject_mixture
from seqconv.data.label_tables import kept_labels
from seqconv.data.mapped_rows import MappedRows
from seqconv.data.row_names import check_row_names


@dataclass(frozen=True, eq=False, repr=False)
class SequenceSet:
    """Labelled sequences with their groups, origins and official split.

    Parameters
    ----------
    X : list or array
        The cases. An array ``(n_cases, n_steps[, n_channels])``, a list of arrays ``(n_steps_i, n_channels)`` of
        unequal lengths, or raw records such as messages. Arrays and memory maps are not copied.
    y : array of shape (n_cases,) or (n_cases, n_outputs), data frame, or list of sets of labels, optional
        Labels or target values. Where a case may have several labels: a table of 0 and 1, a data frame of such columns,
        or the set or list of the names that each case has.
    groups : array of shape (n_cases,), optional
        Group of each case, such as its patient, speaker or ticker. A split keeps each group whole.
    about : list, array or data frame of length n_cases, optional
        Origin of each case, one item or row a case.
    part : array of shape (n_cases,), optional
        The official split: ``"train"``, ``"dev"``, ``"test"`` or the number of a fold.

    Raises
    ------
    ValueError
        If two fields differ in length.
    TypeError
        If X is not a list or an array.
        If labels mix strings with other types.

    Notes
    -----
    Lists given for ``y``, ``groups`` and ``part`` become arrays. A data frame of several columns stays one, so that
    the names of labels are kept.

    An index selects cases, never steps, and always returns a ``SequenceSet``. A slice of an array or memory map is a
    view. Any other choice of cases of a memory map is a `seqconv.data.mapped_rows.MappedRows`, which reads cases only
    when they are used.

    Examples
    --------
    >>> s = SequenceSet(["hi", "WIN now", "see you"], y=["ham", "spam", "ham"], part=["train", "train", "test"])
    >>> len(s), s[1].X
    (3, ['WIN now'])
    >>> s[s.part_is("train")]
    SequenceSet(n_cases=2, X=list, y=<U4, part=<U5)
    """

    X: Any
    y: Any = None
    groups: np.ndarray | None = None
    about: Any = None
    part: np.ndarray | None = None

    def __post_init__(self) -> None:
        if isinstance(self.X, str | bytes) or not (hasattr(self.X, "__len__") and hasattr(self.X, "__getitem__")):
            raise TypeError(f"X must be a list or an array of cases, got {type(self.X).__name__}.")
        check_row_names(self.X, self.y)
        for name in ("y", "groups", "part"):
            object.__setattr__(self, name, _as_column(getattr(self, name), name))
        for field in self._given():
            if len(getattr(self, field)) != len(self.X):
                n_items = len(getattr(self, field))
                raise ValueError(
                    f"{field} must have one item a case: X has {len(self.X)} cases, {field} has {n_items}."
                )

    def __len__(self) -> int:
        return len(self.X)

    @property
    def shape(self) -> tuple[int]:
        """Number of cases, by which scikit-learn's splitters select from a set as from an array."""
        return (len(self),)

    def __getitem__(self, index: int | slice | Sequence[int] | np.ndarray) -> "SequenceSet":
        # scikit-learn selects along the first axis by `[rows, ...]`.
        if isinstance(index, tuple) and len(index) == 2 and index[1] is Ellipsis:
            index = index[0]
        index = _as_selection(index, len(self))
        rest = {field: _select(getattr(self, field), index) for field in self._given() if field != "X"}
        return SequenceSet(_select_cases(self.X, index), **rest)

    def __repr__(self) -> str:
        kinds = ", ".join(f"{field}={_kind(getattr(self, field))}" for field in self._given())
        return f"SequenceSet(n_cases={len(self)}, {kinds})"

    def part_is(self, name: str | int) -> np.ndarray:
        """Return whether each case belongs to one part of the official split.

        Parameters
        ----------
        name : str or int
            ``"train"``, ``"dev"``, ``"test"`` or the number of a fold.

        Returns
        -------
        array of bool, shape (n_cases,)

        Raises
        ------
        ValueError
            If the set has no official split.
            If the part has no case.

        Examples
        --------
        >>> SequenceSet(["a", "b"], part=["train", "test"]).part_is("test")
        array([False,  True])
        """
        if self.part is None:
            raise ValueError(f"this set has no official split, so no part {name!r}. Split it with split_cases.")
        chosen = np.asarray([part == name for part in self.part.tolist()], dtype=bool)
        if not chosen.any():
            raise ValueError(f"part must be one of {sorted(set(self.part.tolist()), key=str)}, got {name!r}.")
        return chosen

    def _given(self):
        return [field.name for field in fields(self) if getattr(self, field.name) is not None]


def _as_column(values, name):
    if values is None or isinstance(values, np.ndarray):
        return values
    if name == "y" and (kept := kept_labels(values)) is not None:
        return kept
    array = np.asarray(values)
    if array.dtype.kind in "US":
        reject_mixture(values, name)
    if array.ndim == 0:
        raise TypeError(f"{name} must hold one item a case, got {values!r}.")
    return array


def _as_selection(index, n_cases):
    """Return the index as a slice or an array of positions."""
    if isinstance(index, slice):
        return index
    index = np.asarray(index)
    if index.dtype == bool:
        if index.shape != (n_cases,):
            raise IndexError(f"a mask must have one item a case, {n_cases} in all, got shape {index.shape}.")
        return np.flatnonzero(index)
    if index.size == 0:
        return np.zeros(0, dtype=int)
    if index.dtype.kind not in "iu" or index.ndim > 1:
        raise TypeError(f"an index must be a whole number, a slice, a mask or a list of these numbers, got {index!r}.")
    index = np.atleast_1d(index)
    outside = index[(index < -n_cases) | (index >= n_cases)]
    if len(outside):
        raise IndexError(f"an index must be below the number of cases, got case {outside[0]} of {n_cases}.")
    return index


def _select(values, index):
    if hasattr(values, "iloc"):
        return values.iloc[index]
    if isinstance(values, list | tuple) and not isinstance(index, slice):
        return [values[i] for i in index]
    return values[index]


def _select_cases(X, index):
    """Select cases as `_select` does, but read nothing of a memory map."""
    if isinstance(X, MappedRows):
        return X.choose(index)
    if isinstance(X, np.memmap) and not isinstance(index, slice):
        return MappedRows(X, index % len(X) if len(index) else index)
    return _select(X, index)


def _kind(values):
    return str(values.dtype) if isinstance(values, np.ndarray) else type(values).__name__
