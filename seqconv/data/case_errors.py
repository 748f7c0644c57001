"""Errors that know the number of their case."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

# The errors that reading a record may raise, narrow kinds first.
RECORD_ERRORS = (FileNotFoundError, IsADirectoryError, PermissionError, OSError, TypeError, ValueError)


class CaseError(Exception):
    """Error of one case, made by `case_error`, which adds a built-in kind such as ValueError.

    Attributes
    ----------
    case : int
        Position of the case in X. `renumbered` replaces it by the user's number.
    template : str
        Message in which ``{case}`` stands for ``case 3``.
    """

    case: int
    template: str

    def __str__(self) -> str:
        return self.template.replace("{case}", f"case {self.case}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self):
        return case_error, (self.kind, self.case, self.template)


def case_error(kind: type[Exception], case: int, template: str) -> CaseError:
    """Make an error of this kind that knows its case.

    Parameters
    ----------
    kind : type
        One of `RECORD_ERRORS`, or a subclass of one.
    case : int
        Position of the case.
    template : str
        Message; ``{case}`` in it becomes ``case`` and the number.

    Returns
    -------
    CaseError
        Also an instance of the narrowest of `RECORD_ERRORS` that fits `kind`.

    Raises
    ------
    TypeError
        If `kind` is not one of `RECORD_ERRORS` or a subclass of one.

    Examples
    --------
    >>> raise case_error(ValueError, 3, "each clip must have a sample, {case} has none.")
    Traceback (most recent call last):
    ...
    seqconv.data.case_errors.CaseValueError: each clip must have a sample, case 3 has none.
    """
    known = next((known for known in RECORD_ERRORS if issubclass(kind, known)), None)
    if known is None:
        raise TypeError(f"kind must be one of RECORD_ERRORS, got {kind.__name__}.")
    error = _KINDS[known]()
    error.case = int(case)
    error.template = template
    return error


@contextmanager
def of_case(case: int) -> Iterator[None]:
    """Turn an error raised within the block into one of this case.

    The message then begins with ``case 3:``. An error passes unchanged if it already knows its case, or is not among
    `RECORD_ERRORS`.

    Parameters
    ----------
    case : int
        Position of the case.

    Examples
    --------
    >>> with of_case(3):
    ...     raise ValueError("the clip is empty.")
    Traceback (most recent call last):
    ...
    seqconv.data.case_errors.CaseValueError: case 3: the clip is empty.
    """
    try:
        yield
    except CaseError:
        raise
    except RECORD_ERRORS as error:
        raise case_error(type(error), case, f"{{case}}: {error}") from error


@contextmanager
def renumbered(numbers: Sequence[int]) -> Iterator[None]:
    """Give errors of cases raised within the block the number that the case has outside.

    Parameters
    ----------
    numbers : sequence of int
        Outer number of each case inside the block. A case beyond them keeps its number.

    Examples
    --------
    >>> with renumbered([4, 7, 8]):
    ...     raise case_error(ValueError, 1, "{case} is empty.")
    Traceback (most recent call last):
    ...
    seqconv.data.case_errors.CaseValueError: case 7 is empty.
    """
    try:
        yield
    except CaseError as error:
        if 0 <= error.case < len(numbers):
            error.case = int(numbers[error.case])
        raise


def _with_case(kind):
    return type(f"Case{kind.__name__}", (CaseError, kind), {"kind": kind, "__module__": __name__})


_KINDS = {kind: _with_case(kind) for kind in RECORD_ERRORS}
