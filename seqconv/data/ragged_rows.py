"""Cases of unequal lengths, each in its own array."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

_LARGE_BYTES, _MOST_PADDING = 256e6, 0.9


class RaggedRows:
    """Cases of unequal lengths that are padded only when some of them are taken, so that one long case costs itself alone.

    Parameters
    ----------
    cases : list of arrays of shape (n_steps_i, ...)
        At least one case, all with the same shape of a step. They are not copied.
    missing : float or int
        Value of the steps after the end of a case: NaN for series, 0 for token ids.

    Examples
    --------
    >>> import numpy as np
    >>> some = RaggedRows([np.array([1, 2, 3]), np.array([4])], 0)
    >>> some.shape, some[[1, 0], :2].tolist()
    ((2, 3), [[4, 0], [1, 2]])
    """

    def __init__(self, cases: Sequence[np.ndarray], missing: float):
        self.cases = list(cases)
        self.missing = missing
        self.lengths = np.array([len(case) for case in self.cases])
        self.dtype = np.result_type(*{case.dtype for case in self.cases})
        self.shape = (len(self.cases), int(self.lengths.max()), *self.cases[0].shape[1:])
        self.ndim = len(self.shape)

    def padded(self, stacklevel: int) -> np.ndarray:
        """Return all cases as one array; warn if it is large and nearly all padding, `stacklevel` as of `warnings.warn`."""
        n_bytes = int(np.prod(self.shape)) * self.dtype.itemsize
        share = 1 - self.lengths.sum() / self.lengths.size / self.lengths.max()
        if n_bytes > _LARGE_BYTES and share > _MOST_PADDING:
            case, usual = int(self.lengths.argmax()), int(np.median(self.lengths))
            warnings.warn(
                f"the array takes {n_bytes / 1e6:.0f} MB, of which {share:.1%} are padding: case {case} has "
                f"{self.lengths.max()} steps, the usual one {usual}. Cut long cases, or give the adapter to the estimator, "
                "which pads batch by batch.",
                stacklevel=stacklevel + 1,
            )
        return self[:]

    def __len__(self) -> int:
        return len(self.cases)

    def __getitem__(self, index: Any) -> np.ndarray:
        """Return the cases of some rows as one array, padded to the longest of all or to the steps asked for."""
        rows, steps = index if isinstance(index, tuple) else (index, slice(None))
        if steps.start or steps.step:
            raise IndexError(f"steps must be the first ones, `[rows, :n_steps]`, got {steps}.")
        chosen = np.arange(len(self))[rows]
        n_steps = len(range(self.shape[1])[steps])
        found = np.full((len(chosen), n_steps, *self.shape[2:]), self.missing, self.dtype)
        for row, i in zip(found, chosen, strict=True):
            case = self.cases[i][:n_steps]
            row[: len(case)] = case
        return found

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(self[:], dtype)

    def astype(self, dtype: Any) -> "RaggedRows":
        """Return the cases as another type; those of this type already are not copied."""
        return RaggedRows([case.astype(dtype, copy=False) for case in self.cases], self.missing)
