"""Cases as training takes them, some at a time, wherever they lie: in memory, in a memory map, in records to be decoded."""

from dataclasses import dataclass

import numpy as np

from seqconv.data.padding import lengths
from seqconv.data.scaling import ChannelStatistics

_BLOCK_BYTES = 1 << 25
_BLOCK_RECORDS = 256


def blocks(X):
    """Slices of an array of cases, in order, each small enough to be copied without a thought.

    Examples
    --------
    >>> import numpy as np
    >>> list(blocks(np.zeros((3, 2, 1))))
    [slice(0, 3, None)]
    """
    size = max(1, _BLOCK_BYTES // max(1, X[:1].nbytes))
    return (slice(start, min(start + size, len(X))) for start in range(0, len(X), size))


class StoredCases:
    """Cases of an array or a memory map, read when they are taken.

    Parameters
    ----------
    X : array of shape (n_cases, n_steps, n_channels), or token ids (n_cases, n_steps[, n_pieces])
    rows : array of int, optional
        The cases meant, in their order. None means all.
    is_ids : bool
        Whether X holds token ids.
    """

    is_decoded = False

    def __init__(self, X, rows=None, is_ids=False):
        self.X = X
        self.rows = np.arange(len(X)) if rows is None else np.asarray(rows)
        self.dtype = np.dtype(np.int32 if is_ids else np.float32)

    def __len__(self):
        return len(self.rows)

    def take(self, chosen, n_steps):
        """The chosen cases up to `n_steps` steps: float32 or ids, never more steps than the longest case has."""
        return self.X[self.rows[chosen], :n_steps].astype(self.dtype, copy=False)

    def in_blocks(self):
        """All cases in order, some at a time."""
        for block in blocks(self.X):
            if block.start < len(self):
                yield self.X[self.rows[block]].astype(self.dtype, copy=False)


class DecodedCases:
    """Series in records that are decoded whenever they are taken, so that they need not fit in memory together.

    Parameters
    ----------
    n_cases : int
    decode : callable
        Given an array of positions, the array ``(n_cases, n_steps, n_channels)`` of these cases, as long as the longest of
        them, NaN behind the end of each; or token ids ``(n_cases, n_steps[, n_pieces])``, as wide as the widest of them, 0
        behind the end of each.
    is_ids : bool
        Whether token ids are decoded.
    """

    is_decoded = True

    def __init__(self, n_cases, decode, is_ids=False):
        self.n_cases = n_cases
        self.decode = decode
        self.dtype = np.dtype(np.int32 if is_ids else np.float32)
        self.widest = ()  # pieces of a step, or channels, of all that was decoded: batches of one width compile once

    def __len__(self):
        return self.n_cases

    def take(self, chosen, n_steps):
        """The chosen cases as arrays of `n_steps` steps, token ids as wide as the widest of all that were seen."""
        X = self._decoded(chosen)[:, :n_steps]
        missing = [0, n_steps - X.shape[1], *np.subtract(self.widest, X.shape[2:])]
        return np.pad(X, [(0, n) for n in missing], constant_values=np.nan if self.dtype.kind == "f" else 0)

    def in_blocks(self):
        """All cases in order, some at a time."""
        for start in range(0, self.n_cases, _BLOCK_RECORDS):
            yield self._decoded(np.arange(start, min(start + _BLOCK_RECORDS, self.n_cases)))

    def _decoded(self, chosen):
        X = self.decode(chosen)
        self.widest = max(self.widest, X.shape[2:])
        return X


@dataclass(frozen=True)
class Survey:
    """What is to be known of all cases before the first is trained on.

    Parameters
    ----------
    lengths : array of int, shape (n_cases,)
        Steps of each case up to its last observed one.
    n_steps : int
        Steps of the longest array of cases.
    shape : tuple
        Channels of a step; pieces of a step of ids; nothing where a step is one id.
    is_complete : bool
        Whether every value is observed and no step is padding.
    centre, scale : arrays of float64, shape (n_channels,), or None
        Of `seqconv.data.scaling.channel_statistics`; None of ids.
    """

    lengths: np.ndarray
    n_steps: int
    shape: tuple
    is_complete: bool
    centre: np.ndarray | None = None
    scale: np.ndarray | None = None


def survey(cases, progress=None):
    """Look once at all cases.

    Parameters
    ----------
    cases : StoredCases or DecodedCases
    progress : callable, optional
        Told the number of cases seen so far.

    Returns
    -------
    Survey

    Examples
    --------
    >>> import numpy as np
    >>> found = survey(StoredCases(np.array([[[1.0], [2.0]], [[3.0], [np.nan]]])))
    >>> found.lengths, found.is_complete, found.centre
    (array([2, 1]), False, array([2.]))
    """
    found, statistics, shapes, is_complete = [], None, [], True
    for X in cases.in_blocks():
        found.append(lengths(X))
        shapes.append(X.shape[1:])
        if X.dtype.kind == "f":
            statistics = statistics or ChannelStatistics(X.shape[2])
            is_complete &= statistics.add(X)
        if progress is not None:
            progress(sum(map(len, found)))
    centre, scale = (None, None) if statistics is None else statistics.centre_and_scale()
    is_complete = statistics is not None and is_complete and len({shape[0] for shape in shapes}) == 1
    n_steps = max(shape[0] for shape in shapes)
    return Survey(np.concatenate(found), n_steps, max(shape[1:] for shape in shapes), is_complete, centre, scale)
