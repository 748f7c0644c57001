"""Some cases of a memory map, in any order, read when they are taken."""

from typing import Any

import numpy as np


class MappedRows:
    """Some cases of a memory map; choosing them reads nothing.

        Parameters
        ----------
        array : numpy.memmap of shape (n_cases, ...)
        rows : array of int
            Positions of the cases, in the order wanted.

        Notes
        -----
        An index reads the cases it names and returns an array. ``numpy.asarray`` and a pickle read all cases.

        Examples
    --------
    >>> import numpy as np
    >>> some = MappedRows(np.arange(6).reshape(3, 2), np.array([2, 0]))
    >>> some.shape, some[1].tolist(), np.asarray(some).tolist()
    ((2, 2), [0, 1], [[4, 5], [0, 1]])
    """

    def __init__(self, array: np.ndarray, rows: np.ndarray):
        self.array = array
        self.rows = rows
        self.shape = (len(rows), *array.shape[1:])
        self.ndim = array.ndim
        self.dtype = array.dtype

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index):
        cases, *rest = index if isinstance(index, tuple) else (index,)
        if cases is None or cases is Ellipsis:
            return np.asarray(self)[index]
        found = np.asarray(self.array[self.rows[cases]])
        if not rest:
            return found
        whole = (slice(None),) if isinstance(cases, slice) else (np.arange(len(found)),)
        return found[(*whole, *rest) if found.ndim == self.ndim else tuple(rest)]

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self[:], dtype)

    def __reduce__(self):
        return MappedRows, (np.asarray(self), np.arange(len(self)))

    def choose(self, index: Any) -> "MappedRows":
        """Return some of these cases; nothing is read."""
        return MappedRows(self.array, self.rows[index])

    def with_channel(self) -> "MappedRows":
        """Return cases (n_steps,) as cases (n_steps, 1)."""
        return MappedRows(self.array[..., None], self.rows)
