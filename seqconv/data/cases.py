"""Cases that are taken some at a time from an array, a memory map, or records that are decoded on demand."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

_BLOCK_BYTES = 1 << 25
_BLOCK_RECORDS = 256


def blocks(X: Any) -> Iterator[slice]:
    """Yield slices of an array of cases, in order, each of some 32 MiB.

    Examples
    --------
    >>> import numpy as np
    >>> list(blocks(np.zeros((3, 2, 1))))
    [slice(0, 3, None)]
    """
    n_bytes = int(np.prod(X.shape[1:], dtype=np.int64)) * X.dtype.itemsize
    size = max(1, _BLOCK_BYTES // max(1, n_bytes))
    return (slice(start, min(start + size, len(X))) for start in range(0, len(X), size))


def ragged_blocks(X: Any, rows: np.ndarray, n_bytes: int = _BLOCK_BYTES) -> Iterator[np.ndarray]:
    """Yield cases of unequal lengths in order, in arrays as long as their longest.

    Parameters
    ----------
    X : RaggedRows or PackedIds
    rows : array of int
        Positions of the cases wanted.
    n_bytes : int
        Most bytes of an array, if it has more than one case.
    """
    of_step = int(np.prod(X.shape[2:], dtype=np.int64)) * X.dtype.itemsize
    start, longest = 0, 0
    for stop, row in enumerate(rows):
        length = max(longest, X.lengths[row])
        if stop > start and (stop - start + 1) * length * of_step > n_bytes:
            yield X[rows[start:stop], :longest]
            start, length = stop, X.lengths[row]
        longest = length
    yield X[rows[start:], :longest]


class StoredCases:
    """Cases of an array, a memory map or of unequal lengths, read when they are taken.

    Parameters
    ----------
    X : array, RaggedRows or PackedIds of shape (n_cases, n_steps, n_channels), or token ids (n_cases, n_steps[, n_pieces])
    rows : array of int, optional
        Positions of the cases in X, in the order wanted. None means all.
    is_ids : bool, default=False
        Whether X holds token ids.
    """

    is_decoded = False

    def __init__(self, X: Any, rows: np.ndarray | None = None, is_ids: bool = False):
        self.X = X
        self.is_whole = rows is None
        self.rows = np.arange(len(X)) if rows is None else np.asarray(rows)
        self.dtype = np.dtype(np.int32 if is_ids else np.float32)

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, rows: np.ndarray) -> "StoredCases":
        """Return some of these cases; nothing is read."""
        return StoredCases(self.X, self.rows[rows], self.dtype.kind == "i")

    def take(self, chosen: np.ndarray, n_steps: int) -> np.ndarray:
        """Return the chosen cases, at most `n_steps` steps of each, as float32 or int32."""
        return self.X[self.rows[chosen], :n_steps].astype(self.dtype, copy=False)

    def in_blocks(self) -> Iterator[np.ndarray]:
        """Yield all cases in order, some at a time, in the dtype in which they are stored."""
        if hasattr(self.X, "lengths"):
            yield from ragged_blocks(self.X, self.rows)
            return
        for block in blocks(self.X):
            if block.start < len(self):
                yield self.X[block if self.is_whole else self.rows[block]]


class DecodedCases:
    """Cases of records that are decoded whenever they are taken, so that they need not fit in memory together.

    Parameters
    ----------
    n_cases : int
    decode : callable
        Given an array of positions, returns the cases there: float32 ``(n_cases, n_steps, n_channels)`` padded with
        NaN, or token ids ``(n_cases, n_steps[, n_pieces])`` padded with 0.
    is_ids : bool, default=False
        Whether token ids are decoded.
    """

    is_decoded = True

    def __init__(self, n_cases: int, decode: Callable[[np.ndarray], np.ndarray], is_ids: bool = False):
        self.n_cases = n_cases
        self.decode = decode
        self.dtype = np.dtype(np.int32 if is_ids else np.float32)
        # Widest step seen so far, in pieces or channels: batches of one width compile once.
        self.widest = ()

    def __len__(self) -> int:
        return self.n_cases

    def of(self, rows: np.ndarray) -> "DecodedCases":
        """Return some of these cases; nothing is decoded."""
        some = DecodedCases(len(rows), lambda chosen: self.decode(rows[chosen]), self.dtype.kind == "i")
        some.widest = self.widest
        return some

    def take(self, chosen: np.ndarray, n_steps: int) -> np.ndarray:
        """Return the chosen cases as arrays of `n_steps` steps, as wide as the widest seen so far."""
        X = self._decoded(chosen)[:, :n_steps]
        missing = [0, n_steps - X.shape[1], *np.subtract(self.widest, X.shape[2:])]
        return np.pad(X, [(0, n) for n in missing], constant_values=np.nan if self.dtype.kind == "f" else 0)

    def in_blocks(self) -> Iterator[np.ndarray]:
        """Yield all cases in order, some at a time."""
        for start in range(0, self.n_cases, _BLOCK_RECORDS):
            yield self._decoded(np.arange(start, min(start + _BLOCK_RECORDS, self.n_cases)))

    def _decoded(self, chosen):
        X = self.decode(chosen)
        self.widest = max(self.widest, X.shape[2:])
        return X
