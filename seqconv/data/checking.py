"""Is this an array of cases, and if not, what was required, what came, and in which case?"""

import math
import numbers

import numpy as np

from seqconv.data.cases import blocks
from seqconv.data.mapped_rows import MappedRows
from seqconv.data.padding import observed_steps, pad_sequences
from seqconv.data.scaling import warn_of_rounding

_LARGEST = float(np.finfo(np.float32).max)


def refuse_what_is_no_array(X):
    """Refuse what NumPy would take for one object, and masked arrays, whose mask it would drop."""
    if X is None or isinstance(X, dict | set | str | bytes) or not (hasattr(X, "__len__") or hasattr(X, "__array__")):
        raise TypeError(f"X must be an array or a list of arrays, got {X!r:.60} of type {type(X).__name__}.")
    if isinstance(X, np.ma.MaskedArray):
        raise TypeError("X must not be a masked array; write NaN where nothing was observed: X.filled(np.nan).")


def is_missing(label):
    """Whether a label is None, NaN or what pandas has for them, or holds one that is."""
    if isinstance(label, list | tuple | np.ndarray):
        return any(map(is_missing, label))
    is_nan = isinstance(label, numbers.Real) and math.isnan(label)
    return label is None or is_nan or type(label).__name__ in ("NAType", "NaTType")


def refuse_mixture(labels, name):
    """Refuse strings among numbers: NumPy would write 1 and "1" the same way and so melt two labels into one."""
    if len({isinstance(label, str) for label in np.ravel(np.asarray(labels, object))}) > 1:
        raise TypeError(f"{name} must hold strings only or numbers only, got both; make them all strings.")


def check_sequences(X, n_channels=None, names=None):
    """Series as one float32 array with NaN where nothing was observed.

    Parameters
    ----------
    X : array of shape (n_cases, n_steps) or (n_cases, n_steps, n_channels), or list of arrays
        A list holds one array ``(n_steps_i,)`` or ``(n_steps_i, n_channels)`` a case. Real numbers; NaN is missing.
    n_channels : int, optional
        Number of channels that the cases must have.
    names : array of int, optional
        What the messages call the cases, where they are some of the user's.

    Returns
    -------
    array of float32, shape (n_cases, n_steps, n_channels)
        Missing values are kept; unequal lengths are filled with NaN at the end. A memory map, or some cases of one, keeps
        its type and stays where it is.

    Raises
    ------
    ValueError
        No cases; infinity or a number beyond float32; ragged channels; another number of channels; a case of which no
        step is observed. The message names the first such case.
    TypeError
        Complex numbers, strings or objects where numbers belong.

    Examples
    --------
    >>> import numpy as np
    >>> check_sequences([np.arange(3), np.arange(5)]).shape
    (2, 5, 1)
    """
    refuse_what_is_no_array(X)
    X = X if hasattr(X, "__len__") else np.asarray(X)
    is_map = is_mapped(X)
    names = range(len(X)) if names is None else names
    is_list = is_list_of_cases(X)
    X = _from_list(X, names, is_fit=n_channels is None) if is_list else _as_numbers(X if is_map else np.asarray(X), "X")
    if X.ndim == 2:
        X = X.with_channel() if isinstance(X, MappedRows) else X[:, :, None]
    if X.ndim != 3:
        raise ValueError(
            f"X must be (cases, steps), (cases, steps, channels) or a list of (steps, channels), got shape {X.shape}. "
            "Reshape your data."
        )
    if 0 in X.shape:
        counts = "{} sample(s), {} step(s) and {} feature(s) a step".format(*X.shape)
        raise ValueError(f"X must have at least one case, step and channel, got {counts} (shape={X.shape}).")
    if n_channels is not None and X.shape[2] != n_channels:
        raise ValueError(f"X must have {n_channels} channels a step as in fit, got {X.shape[2]}.")
    for block in blocks(X):
        _check_values(X[block], names[block])
    if n_channels is None and _is_wide(X):  # in fit
        warn_of_rounding(X[block] for block in blocks(X))
    return X if is_map else np.ascontiguousarray(X, dtype=np.float32)


def is_mapped(X):
    """Whether X lies in a memory map."""
    return isinstance(X, np.memmap | MappedRows)


def is_list_of_cases(X):
    """Whether X holds cases one by one: a list, series or object array of arrays.

    Lists in a list are rows of a table where all are of one length and hold plain numbers.
    """
    is_objects = getattr(X, "dtype", None) == object and X.ndim == 1
    if not (isinstance(X, list | tuple) or is_objects) or len(X) == 0 or max(map(_n_dims, X[:2])) == 0:
        return False
    if is_objects or any(hasattr(case, "__array__") for case in X):
        return True
    sizes = {len(case) if hasattr(case, "__len__") else -1 for case in X}
    return len(sizes) > 1 or max(map(_n_dims, X[:2])) == 2


def _n_dims(case):
    """Dimensions of an array or of nested lists, which may be ragged."""
    if isinstance(case, list | tuple):
        return 1 + max(map(_n_dims, case[:2]), default=0)
    return np.ndim(case)


def _is_wide(X):
    """Whether an array holds numbers that float32 may round."""
    return X.dtype.itemsize > 2 and X.dtype != np.float32


def _from_list(X, names, is_fit):
    cases = [_as_numbers(_as_array(case, i), f"case {i}") for i, case in zip(names, X, strict=True)]
    cases = [case[:, None] if case.ndim == 1 else case for case in cases]
    for i, case in zip(names, cases, strict=True):
        if case.ndim != 2:
            raise ValueError(f"each case must be (steps, channels), got shape {case.shape} for case {i}.")
        if case.shape[1] != cases[0].shape[1]:
            raise ValueError(
                f"all cases must have the same channels: case {names[0]} has {cases[0].shape[1]}, case {i} has "
                f"{case.shape[1]}; fill a missing channel with NaN."
            )
        if len(case) == 0:
            raise ValueError(f"each case must have an observed step, case {i} has no step; leave it out.")
        _check_values(case[None], [i])
    if is_fit and any(map(_is_wide, cases)):
        warn_of_rounding(case[None] for case in cases)
    return pad_sequences(cases)


def _as_array(case, i):
    if isinstance(case, np.ma.MaskedArray):
        raise TypeError(f"a case must not be a masked array, case {i} is; write NaN where nothing was observed.")
    try:
        return np.asarray(case)
    except ValueError as error:
        raise ValueError(
            f"each case must be (steps, channels), the steps of case {i} have unequal numbers of channels; fill a "
            "missing channel with NaN."
        ) from error


def _as_numbers(X, name):
    """The array if it is of real numbers, converted from objects where these are all numbers."""
    if np.iscomplexobj(X):
        raise ValueError(f"{name} must be real numbers. Complex data not supported, got dtype {X.dtype}.")
    if X.dtype == object:
        refuse_text(X, name, "case" if name == "X" else "step")
        try:
            X = X.astype(np.float64)
        except (TypeError, ValueError) as error:
            raise TypeError(f"{name} must be real numbers; argument must be a string or a number: {error}.") from error
    if X.dtype.kind not in "fiub":
        raise TypeError(f"{name} must be real numbers, got dtype {X.dtype}; raw records need an adapter.")
    return X


def refuse_text(values, name, unit="case"):
    """Refuse an array that holds a string, which NumPy would read as a number where it can; `unit` is what its rows are."""
    values = np.atleast_1d(values)
    if values.dtype.kind in "OUST":
        found = next((item for item in enumerate(values.flat) if isinstance(item[1], str | bytes)), None)
        if found is not None:
            row, text = found[0] * len(values) // values.size, np.asarray(found[1]).item()
            raise TypeError(f"{name} must be numbers, got the string {text!r:.40} in {unit} {row}; convert it.")


def _check_values(X, names):
    # One pass finds out whether all is well; only where it is not are the cases looked at one by one.
    with np.errstate(invalid="ignore"):
        largest = float(np.nanmax(np.abs(X), initial=0)) if X.dtype.kind == "f" else 0
    if largest > _LARGEST:
        case = names[int(np.argmax(np.nanmax(np.abs(X), axis=(1, 2), initial=0).astype(np.float64) > _LARGEST))]
        raise ValueError(
            f"X must be finite or NaN (missing) and fit float32, got inf or a larger number in case {case}."
        )
    if X.dtype.kind == "f" and np.isnan(X[:, 0]).any():
        empty = ~observed_steps(X).any(axis=1)
        if empty.any():
            case = names[int(np.argmax(empty))]
            raise ValueError(f"each case must have an observed step, all of case {case} is NaN; leave it out.")
