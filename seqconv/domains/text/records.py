"""Checks of texts, and cases made of the valid ones."""

import re
import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from seqconv.arguments import choice
from seqconv.data import SequenceSet
from seqconv.data.case_errors import CaseError, case_error
from seqconv.domains.text.tokens import BYTE_ORDER_MARK

# All of ASCII but tab, line feed, line and page tabulation and carriage return.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def check_texts(X: Any) -> list[str]:
    """Return the texts as a list.

    Raises
    ------
    TypeError
        If X is not a list of texts, or a text is not a string.
    ValueError
        If X is empty, or a text is empty, binary or not whole Unicode.
    """
    texts = _listed(X)
    for case, text in enumerate(texts):
        if fault := _find_fault(case, text):
            raise fault
    return texts


def text_cases(records: Any, y: Sequence | None, groups: Sequence | None, errors: str, stacklevel: int) -> SequenceSet:
    """Validate texts and build cases from the valid ones; see `TextAdapter.cases`."""
    choice("errors", errors, ("raise", "skip"))
    given = records if isinstance(records, SequenceSet) else SequenceSet(_listed(records))
    texts = _listed(given.X)
    faults = [_find_fault(case, text) for case, text in enumerate(texts)]
    bad = [fault for fault in faults if fault]
    if bad and (errors == "raise" or len(bad) == len(texts)):
        raise bad[0]
    stops = [len(text) if isinstance(text, str) else 0 for text in texts]
    about = pd.DataFrame({"record": range(len(texts)), "start": 0, "stop": stops})
    new = {name: values for name, values in (("y", y), ("groups", groups)) if values is not None}
    cases = replace(given, X=texts, about=about, **new)
    if bad:
        reasons = " ".join(map(str, bad))
        warnings.warn(f"{len(bad)} of {len(texts)} texts were left out: {reasons}", stacklevel=stacklevel + 1)
    return cases[[case for case, fault in enumerate(faults) if not fault]]


def is_unicode(text: str) -> bool:
    """Return whether the text can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _listed(X):
    if isinstance(X, str | bytes | dict | set) or getattr(X, "ndim", 1) != 1 or not hasattr(X, "__iter__"):
        what = f"shape {X.shape}" if hasattr(X, "shape") else f"one {type(X).__name__}"
        raise TypeError(
            f"texts must be a list, one-dimensional array or Series of strings, got {what}; make it a list."
        )
    texts = list(X)
    if not texts:
        raise ValueError("at least one text is required, got none.")
    return texts


def _find_fault(case: int, text: Any) -> CaseError | None:
    """Return the error of an invalid text, or None."""
    if isinstance(text, bytes):
        return case_error(
            TypeError,
            case,
            f"each text must be a string, {{case}} is {text!r:.60}; decode the bytes, such as by .decode('utf-8').",
        )
    if not isinstance(text, str):
        return case_error(
            TypeError, case, f"each text must be a string, {{case}} is {text!r:.60}; fill it or leave it out."
        )
    if not text.removeprefix(BYTE_ORDER_MARK).strip():
        return case_error(
            ValueError, case, f"each text must have a character that is no white space, {{case}} is {text!r:.60}."
        )
    if control := _CONTROL.search(text):
        return case_error(
            ValueError,
            case,
            f"each text must have no control character such as {control[0]!r}, {{case}} is {text!r:.60}. "
            "It is binary data or was read in a wrong encoding; read it anew or leave it out.",
        )
    if not is_unicode(text):
        return case_error(
            ValueError,
            case,
            "each text must be whole Unicode, {case} has half a character (a surrogate); decode with errors='replace'.",
        )
    return None
