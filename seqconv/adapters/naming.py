"""Errors that say which record they speak of."""

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
        kind = next(kind for kind in RECORD_ERRORS if isinstance(error, kind))
        raise kind(f"{name}: {error}") from error
