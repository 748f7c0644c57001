"""The forms of X that scikit-learn's users give to an adapter, as lists and arrays of records."""

from typing import Any

import numpy as np

from seqconv.data.arrays import as_numpy, as_series
from seqconv.data.case_errors import of_case


def as_records(X: Any, are_arrays: bool) -> Any:
    """Convert tensors, tables and lists of numbers to what a check of records takes; return other lists unchanged.

    Parameters
    ----------
    X : object
    are_arrays : bool
        Whether a row of a table of numbers is a record.

    Raises
    ------
    TypeError
        If X is sparse, or holds strings or objects in place of numbers.
    ValueError
        If X is a table without columns, or of complex numbers.
        If X is one series where several are meant.

    Examples
    --------
    >>> [record.shape for record in as_records([[0.5, 1.0, 0.5], [1.0]], are_arrays=True)]
    [(3,), (1,)]
    """
    # Those of pandas may hold paths or texts.
    if hasattr(X, "toarray") or (_is_foreign(X) and not hasattr(X, "iloc")):
        X = as_numpy(X)
    if not are_arrays:
        return X
    if hasattr(X, "iloc") and hasattr(X, "columns") and all(map(_is_number, X.dtypes)):
        X = X.to_numpy(dtype=np.float64, na_value=np.nan)
    if isinstance(X, np.ndarray):
        return _checked(X)
    if not isinstance(X, list):
        return X
    # One list of numbers among other clips may be a mistaken pair.
    are_lists = all(isinstance(record, list) for record in X)
    return [_as_array(case, record) if are_lists or _is_foreign(record) else record for case, record in enumerate(X)]


def _is_number(dtype):
    dtype = getattr(dtype, "numpy_dtype", dtype)
    return isinstance(dtype, np.dtype) and dtype.kind in "fiub"


def _checked(X):
    if X.ndim == 1 and X.dtype.kind in "fiubc":
        raise ValueError(
            f"X must hold one record a row, got one array of shape {X.shape}. Reshape your data: [X] is a list of one."
        )
    if X.ndim == 2 and len(X) and not X.shape[1]:
        raise ValueError(f"X has 0 feature(s) (shape={X.shape}) while a minimum of 1 is required.")
    if X.ndim >= 2 and len(X) and X.dtype.kind in "Oc":
        return as_series(X).reshape(X.shape)
    return X


def _is_foreign(X):
    # A frame has names of channels, which an array would lose.
    return hasattr(X, "__array__") and not isinstance(X, np.ndarray) and not hasattr(X, "columns")


def _as_array(case, record):
    with of_case(case):
        return np.asarray(as_numpy(record))
