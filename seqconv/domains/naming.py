"""Errors that say which record they speak of."""

import re
from contextlib import contextmanager

# What a record may raise, the narrow ones first.
RECORD_ERRORS = (FileNotFoundError, IsADirectoryError, PermissionError, OSError, TypeError, ValueError)
_CASE = re.compile(r"(?<![\w/\\.-])case (\d+)\b(?![/\\-])")  # in the sentence, not in a path


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
    """Errors raised within, told of some of the user's cases, have the user's number of a case.

    Parameters
    ----------
    numbers : array of int
        The user's number of each case.

    Examples
    --------
    >>> with renumbering([4, 7, 8]):
    ...     raise ValueError("each clip must have a sample, case 1 (/data/case 1/a.wav) has none.")
    Traceback (most recent call last):
    ...
    ValueError: each clip must have a sample, case 7 (/data/case 1/a.wav) has none.
    """

    def user_number(found):
        case = int(found[1])
        return f"case {numbers[case]}" if case < len(numbers) else found[0]

    try:
        yield
    except RECORD_ERRORS as error:
        told = _CASE.sub(user_number, str(error))
        if told == str(error):
            raise
        raise _kind(error)(told) from error


def _kind(error):
    return next(kind for kind in RECORD_ERRORS if isinstance(error, kind))
