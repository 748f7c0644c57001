"""The settings that all compiled functions of this room share."""

from collections.abc import Callable
from typing import Any

from numba import njit

# Added to the response of a step that does not count. No threshold is as low.
LOW = -1e30


def compiled(**options: Any) -> Callable:
    """Return a decorator that compiles a function when it is first called, and keeps the result on the disk.

    Where no folder for the result can be written, each process compiles anew. numba compares the date of one file only.
    So a function must be in the same file as the compiled functions that it calls.

    Parameters
    ----------
    **options
        Passed on to `numba.njit`.
    """

    def decorate(function):
        # The GIL is released, so that threads may predict at once.
        options.setdefault("error_model", "numpy")
        try:
            return njit(cache=True, nogil=True, **options)(function)
        except RuntimeError:
            return njit(nogil=True, **options)(function)

    return decorate
