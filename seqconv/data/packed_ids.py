"""Token ids of many texts in little memory."""

from typing import Any

import numpy as np

_BLOCK = 4_096


class PackedIds:
    """Token ids that hold each distinct step once, and no padding.

    Indexed by cases, or by cases and the first steps, it gives what the same index of the array gives.

    Parameters
    ----------
    units : array of int32, shape (n_real_steps,)
        Row of `table` of each step, the steps of the first case first.
    lengths : array of int, shape (n_cases,)
        Steps of each case.
    table : array of int32, shape (n_distinct,) or (n_distinct, n_pieces)
        Ids of each distinct step.
    own : array of int32, shape (n_real_steps,), optional
        Piece that differs between equal steps.
    place : int, default=0
        Place of that piece.

    Examples
    --------
    >>> import numpy as np
    >>> ids = PackedIds(np.array([1, 0, 1]), np.array([2, 1]), np.array([7, 8]))
    >>> ids.shape, ids[:].tolist(), ids[[1], :1].tolist()
    ((2, 2), [[8, 7], [8, 0]], [[8]])
    """

    def __init__(
        self, units: np.ndarray, lengths: np.ndarray, table: np.ndarray, own: np.ndarray | None = None, place: int = 0
    ):
        self.units, self.lengths, self.table, self.own, self.place = units, lengths, table, own, place
        self.starts = np.cumsum(lengths) - lengths
        self.shape = (len(lengths), int(lengths.max()), *table.shape[1:])
        self.dtype = table.dtype

    def __len__(self) -> int:
        return len(self.lengths)

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        arrays = (self.units, self.lengths, self.starts, self.table, self.own)
        return sum(array.nbytes for array in arrays if array is not None)

    def __getitem__(self, key: Any) -> np.ndarray:
        rows, steps = key if isinstance(key, tuple) else (key, slice(None))
        if steps.start or steps.step:
            raise IndexError(f"steps must be the first ones, `[rows, :n_steps]`, got {steps}.")
        rows = np.arange(len(self))[rows]
        n_steps = len(range(self.shape[1])[steps])
        ids = np.zeros((len(rows), n_steps, *self.shape[2:]), self.dtype)
        # A block at a time, because the real steps are copied once on the way.
        for start in range(0, len(rows), _BLOCK):
            self._fill(ids[start : start + _BLOCK], rows[start : start + _BLOCK])
        return ids

    def _fill(self, ids, rows):
        lengths = np.minimum(self.lengths[rows], ids.shape[1])
        case = np.repeat(np.arange(len(rows)), lengths)
        step = np.arange(len(case)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        at = self.starts[rows][case] + step  # (n_real_steps of these cases,)
        ids[case, step] = self.table[self.units[at]]
        if self.own is not None:
            ids[case, step, self.place] = self.own[at]
