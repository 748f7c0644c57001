"""Errors that say which record they speak of."""

import re
from contextlib import contextmanager

# What a record may raise, the narrow ones first.
RECORD_ERRORS = (FileNotFoundError, IsADirectoryError, PermissionError, OSError, TypeError, ValueError)


@contextmanager
def naming(name):
    """Errors of a record raised within begin with its name and keep their kind; those that begin so stay as they are.

    Parameters
    ----------
    name : object
        What messages call the record: a case, a file, a ticker.

    Examples
    --------
    >>> with naming("case 3"):
    ...     raise ValueError("the clip is empty.")
    Traceback (most recent call last):
    ...
    ValueError: case 3: the clip is empty.
    """
    try:
        yield
    except RECORD_ERRORS as error:
        if str(error).startswith((f"{name}:", f"{name},")):
            raise
        raise _kind(error)(f"{name}: {error}") from error


@contextmanager
def renumbering(numbers):
    """Errors raised within that begin with a case, told of some of the user's cases, have the user's number of it.

    Parameters
    ----------
    numbers : array of int
        The user's number of each case.

    Examples
    --------
    >>> with renumbering([4, 7, 8]):
    ...     raise ValueError("case 1: the clip is empty.")
    Traceback (most recent call last):
    ...
    ValueError: case 7: the clip is empty.
    """
    try:
        yield
    except RECORD_ERRORS as error:
        found = re.match(r"case (\d+)\b", str(error))
        if not found or int(found[1]) >= len(numbers):
            raise
        raise _kind(error)(f"case {numbers[int(found[1])]}{str(error)[found.end() :]}") from error


def _kind(error):
    return next(kind for kind in RECORD_ERRORS if isinstance(error, kind))
