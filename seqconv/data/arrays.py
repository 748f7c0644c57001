"""Series in the forms that people have, as one array or as a list of cases."""

from typing import Any

import numpy as np

from seqconv.data.case_errors import case_error
from seqconv.data.checking import reject_text
from seqconv.data.mapped_rows import MappedRows
from seqconv.data.ragged_rows import RaggedRows


def as_numpy(X: Any) -> Any:
    """Convert tensors, masked arrays and data frames to NumPy arrays; return anything else unchanged.

    Masked values become NaN. Tensors that record gradients or live on a device are detached and copied.

    Raises
    ------
    TypeError
        If X is None, a string, a dict, a set, a scalar or a sparse matrix.
        If X is grouped by pandas, or has its cases one after another only, as a generator or the values of a dict.

    Examples
    --------
    >>> import numpy as np
    >>> as_numpy(np.ma.masked_equal([1.0, 2.0], 2.0))
    array([ 1., nan])
    """
    if way := _way_to_a_list(X):
        raise TypeError(f"X must be an array or a list of arrays, got {X!r:.60} of type {type(X).__name__}{way}.")
    if hasattr(X, "toarray"):
        raise TypeError("X must be dense, sparse input is not supported; give X.toarray().")
    if isinstance(X, np.ma.MaskedArray):
        return X.filled(np.nan) if X.dtype.kind in "fO" else X.astype(np.float64).filled(np.nan)
    if hasattr(X, "detach") and hasattr(X, "cpu"):  # a tensor of PyTorch
        X = X.detach().cpu()
        return (X.float() if "bfloat16" in str(X.dtype) else X).numpy()
    if is_mapped(X) or isinstance(X, list | tuple | np.ndarray):
        return X
    X = np.asarray(X)
    return X.astype(np.float32) if X.dtype.name == "bfloat16" else X


def _way_to_a_list(X):
    """Return what to do with an object that is no list of cases; nothing if it may be one."""
    if isinstance(X, dict):
        return "; give list(X.values()), with y in the same order"
    if hasattr(X, "ngroups") and hasattr(X, "obj"):
        return "; give seqconv.formats.frames_to_cases(X, label=...), which keeps each label with its case"
    if X is None or isinstance(X, set | str | bytes):
        return "; give the cases themselves, in the order of y"
    if hasattr(X, "__iter__") and not hasattr(X, "__getitem__") and not hasattr(X, "__array__"):
        return "; give list(X)"
    return "" if hasattr(X, "__len__") or hasattr(X, "__array__") else "; give one array a case"


def as_series(X: Any) -> np.ndarray | MappedRows | RaggedRows:
    """Convert series to one numeric array (cases, steps, channels); values are not looked at.

    Parameters
    ----------
    X : array of shape (n_cases, n_steps) or (n_cases, n_steps, n_channels), or list of arrays
        A list holds one array ``(n_steps_i,)`` or ``(n_steps_i, n_channels)`` a case.

    Returns
    -------
    array of any real dtype
        Cases of unequal lengths are padded with NaN when they are taken. A memory map stays a memory map.

    Raises
    ------
    ValueError
        If there is no case, step or channel, if the channels are ragged, or if numbers are complex.
    TypeError
        If there are strings or objects in place of numbers.

    Examples
    --------
    >>> import numpy as np
    >>> as_series([np.arange(3), np.arange(5)]).shape
    (2, 5, 1)
    """
    if isinstance(X, RaggedRows):
        return X
    X = as_numpy(X)
    if is_list_of_cases(X):
        X = _from_list(X)
    else:
        X = _as_numbers(X if is_mapped(X) else np.asarray(X), "X", "case")
    if X.ndim == 2:
        X = X.with_channel() if isinstance(X, MappedRows) else X[:, :, None]
    if X.ndim != 3:
        raise ValueError(
            "X must be (cases, steps), (cases, steps, channels) or a list of (steps, channels), "
            f"got shape {X.shape}. Reshape your data."
        )
    if 0 in X.shape:
        counts = "{} sample(s), {} step(s) and {} feature(s) a step".format(*X.shape)
        raise ValueError(f"X must have at least one case, step and channel, got {counts} (shape={X.shape}).")
    return X


def is_mapped(X: Any) -> bool:
    """Return whether X is a memory map, or some cases of one."""
    return isinstance(X, np.memmap | MappedRows)


def is_list_of_cases(X: Any) -> bool:
    """Return whether X holds its cases one by one: a list, series or object array of arrays.

    A list of lists of plain numbers, all of one length, is a table: its rows are cases.
    """
    is_objects = getattr(X, "dtype", None) == object and X.ndim == 1
    if not (isinstance(X, list | tuple) or is_objects) or len(X) == 0 or max(map(_n_dims, X[:2])) == 0:
        return False
    if is_objects or any(hasattr(case, "__array__") for case in X):
        return True
    sizes = {len(case) if hasattr(case, "__len__") else -1 for case in X}
    return len(sizes) > 1 or max(map(_n_dims, X[:2])) == 2


def is_wide(X: np.ndarray | MappedRows) -> bool:
    """Return whether an array's dtype holds numbers that float32 may round."""
    return X.dtype.itemsize > 2 and X.dtype != np.float32


def _n_dims(case):
    """Dimensions of an array or of nested lists, which may be ragged."""
    if isinstance(case, list | tuple):
        return 1 + max(map(_n_dims, case[:2]), default=0)
    return np.ndim(case)


def _from_list(X):
    cases = [_as_case(case, i) for i, case in enumerate(X)]
    n_channels = cases[0].shape[1]
    for i, case in enumerate(cases):
        if case.shape[1] != n_channels:
            raise case_error(
                ValueError,
                i,
                f"all cases must have {n_channels} channels as the first, {{case}} has {case.shape[1]}; "
                "fill a missing channel with NaN.",
            )
        if len(case) == 0:
            raise case_error(ValueError, i, "each case must have an observed step, {case} has no step; leave it out.")
    # Wide numbers stay wide until they are checked: float32 would round them, or make infinity of them.
    dtype = np.float64 if any(map(is_wide, cases)) else np.float32
    if len({len(case) for case in cases}) == 1:
        return np.stack(cases, dtype=dtype, casting="unsafe")
    return RaggedRows([case.astype(dtype, copy=False) for case in cases], np.nan)


def _as_case(case, i):
    """One case of a list as an array (steps, channels)."""
    try:
        found = np.asarray(as_numpy(case) if hasattr(case, "__array__") else case)
    except ValueError as error:
        raise case_error(
            ValueError,
            i,
            "each case must be (steps, channels), the steps of {case} have unequal numbers of channels; "
            "fill a missing channel with NaN.",
        ) from error
    found = _as_numbers(found, f"case {i}", "step")
    found = found[:, None] if found.ndim == 1 else found
    if found.ndim != 2:
        raise case_error(ValueError, i, f"each case must be (steps, channels), got shape {found.shape} for {{case}}.")
    return found


def _as_numbers(X, name, unit):
    """Return an array of real numbers, converted from objects where all of them are numbers."""
    if np.iscomplexobj(X):
        raise ValueError(f"{name} must be real numbers. Complex data not supported, got dtype {X.dtype}.")
    if X.dtype == object:
        reject_text(X, name, unit)
        try:
            X = X.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise TypeError(f"{name} must be real numbers; argument must be a string or a number: {error}.") from error
    if X.dtype.kind not in "fiub":
        raise TypeError(f"{name} must be real numbers, got dtype {X.dtype}; raw records need an adapter.")
    return X
