"""Lists of records, errors that name one of them, and the report of those left out."""

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from seqconv.data import SequenceSet
from seqconv.data.case_errors import RECORD_ERRORS, CaseError, of_case
from seqconv.data.label_tables import kept_labels

# Errors that one message names.
_MOST_REASONS = 5


def list_of(kind: str, X: Any, *, is_one: bool = False) -> list:
    """Return X as a list of records.

    Parameters
    ----------
    kind : str
        What the message calls several records, such as ``"clips"``.
    X : object
    is_one : bool, default=False
        Whether X is a single record by the rules of its domain.

    Raises
    ------
    TypeError
        If X is a single record or no sequence.
    ValueError
        If X is empty.

    Examples
    --------
    >>> list_of("clips", ("a.wav", "b.wav"))
    ['a.wav', 'b.wav']
    """
    if isinstance(X, SequenceSet):
        raise TypeError(f"X must be a list of {kind}, got a SequenceSet; give its X.")
    is_one = is_one or isinstance(X, str | bytes | os.PathLike | dict | set)
    if is_one or not (hasattr(X, "__len__") and hasattr(X, "__iter__")):
        shape = f" of shape {X.shape}" if hasattr(X, "shape") else ""
        way = "give list(X.values()), in the order of y" if isinstance(X, dict) else "put it into a list"
        raise TypeError(f"X must be a list of {kind}, got one {type(X).__name__}{shape}; {way}.")
    if len(X) == 0:
        raise ValueError(f"X must be a list of {kind}, at least one, got none.")
    return list(X)


def check_each(records: list, check: Callable[[Any], Any]) -> list:
    """Return what `check` returns for each record; its errors name the case.

    Examples
    --------
    >>> check_each(["1", "x"], int)
    Traceback (most recent call last):
    ...
    seqconv.data.case_errors.CaseValueError: case 1: invalid literal for int() with base 10: 'x'
    """
    checked = []
    for case, record in enumerate(records):
        with of_case(case):
            checked.append(check(record))
    return checked


def column_of(name: str, values: Any, n_records: int) -> Any:
    """Return labels or groups of the records as an array, a data frame of several columns, or None.

    Raises
    ------
    ValueError
        If there is not one item a record.
    """
    if values is None:
        return None
    kept = kept_labels(values) if name == "y" else None
    values = np.asarray(values) if kept is None else kept
    if values.shape[:1] != (n_records,):
        raise ValueError(f"{name} must have one item a recording, {n_records} in all, got shape {values.shape}.")
    return values


def rows_of(column: Any, rows: np.ndarray) -> Any:
    """Return some rows of what `column_of` returned; those of a data frame are numbered anew.

    Examples
    --------
    >>> rows_of(column_of("y", [{"AFIB"}, {"NORM"}], 2), np.array([1, 1])).tolist()
    [{'NORM'}, {'NORM'}]
    """
    if column is None:
        return None
    return column.iloc[rows].reset_index(drop=True) if hasattr(column, "iloc") else column[rows]


def report_left_out(
    kind: str, n_records: int, skipped: Sequence[tuple[Any, str]], n_kept: int, stacklevel: int
) -> None:
    """Warn of the records left out under ``errors="skip"``; raise if none is left.

    Parameters
    ----------
    kind : str
        What the message calls several records.
    n_records : int
        Number of all records.
    skipped : list of (name, str)
        Name and error of each record left out. The caller gives the list out as ``about.attrs["skipped"]``, which the
        message names where it tells the first of them alone.
    n_kept : int
        Number of records, or cases, that remain.
    stacklevel : int
        Level of the user's call, counted from the caller of this function.

    Raises
    ------
    ValueError
        If nothing remains.
    """
    told = "; ".join(reason.rstrip(".") for _, reason in skipped[:_MOST_REASONS])
    if len(skipped) > _MOST_REASONS:
        told += f"; and {len(skipped) - _MOST_REASONS} more"
        told += ', all in about.attrs["skipped"]' if n_kept else ""
    if not n_kept:
        raise ValueError(f"at least one of the {n_records} {kind} must be usable, got errors for all: {told}.")
    if skipped:
        warnings.warn(f"{len(skipped)} of {n_records} {kind} were left out: {told}.", stacklevel=stacklevel + 1)


@contextmanager
def naming(name: object) -> Iterator[None]:
    """Put the name of a record before the message of an error raised within the block; the kind of error stays.

    An error that knows its case, or begins with the name, passes unchanged.

    Parameters
    ----------
    name : object
        What messages call the record: a file, a ticker. For a case use `seqconv.data.case_errors.of_case`.

    Examples
    --------
    >>> with naming("KO.csv"):
    ...     raise ValueError("the file is empty.")
    Traceback (most recent call last):
    ...
    ValueError: KO.csv: the file is empty.
    """
    try:
        yield
    except CaseError:
        raise
    except RECORD_ERRORS as error:
        if str(error).startswith((f"{name}:", f"{name},")):
            raise
        kind = next(kind for kind in RECORD_ERRORS if isinstance(error, kind))
        raise kind(f"{name}: {error}") from error
