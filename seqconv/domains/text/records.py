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
from seqconv.domains.text.tokens import CONTROL, HIDDEN

_HIDDEN = re.compile(f"[{HIDDEN}\uff01-\uff5e]")
_NO_TEXT = re.compile(rf"(?:\s|{CONTROL}|[{HIDDEN}])*")
_COLOUR = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
# Share of texts from which on a doubt in `fit` is worth a warning.
_MANY_EMPTY, _MANY_HIDDEN = 0.05, 0.01
_MOST_NAMED = 5


def check_texts(X: Any) -> list[str]:
    """Return the texts as a list.

    Raises
    ------
    TypeError
        If X is not a list or column of texts, or a text is not a string.
    ValueError
        If X is empty, or a text is not whole Unicode.
    """
    texts = _listed(X)
    if bad := [fault for case, text in enumerate(texts) if (fault := _find_fault(case, text))]:
        raise _joined(bad, len(texts))
    _warn_of_control(texts)
    return texts


def text_cases(records: Any, y: Sequence | None, groups: Sequence | None, errors: str, stacklevel: int) -> SequenceSet:
    """Validate texts and build cases from the valid ones; see `TextAdapter.cases`."""
    choice("errors", errors, ("raise", "skip"))
    given = records if isinstance(records, SequenceSet) else SequenceSet(_listed(records))
    texts = _listed(given.X)
    faults = [_find_fault(case, text) for case, text in enumerate(texts)]
    bad = [fault for fault in faults if fault]
    if bad and (errors == "raise" or len(bad) == len(texts)):
        raise _joined(bad, len(texts))
    stops = [len(text) if isinstance(text, str) else 0 for text in texts]
    about = pd.DataFrame({"record": range(len(texts)), "start": 0, "stop": stops})
    new = {name: values for name, values in (("y", y), ("groups", groups)) if values is not None}
    cases = replace(given, X=texts, about=about, **new)
    if bad:
        reasons = " ".join(map(str, bad[:_MOST_NAMED])) + (" ..." if len(bad) > _MOST_NAMED else "")
        warnings.warn(f"{len(bad)} of {len(texts)} texts were left out: {reasons}", stacklevel=stacklevel + 1)
    return cases[[case for case, fault in enumerate(faults) if not fault]]


def warn_of_doubts(texts: list[str], normalize: str | None) -> None:
    """Warn of many texts to learn from that are empty, or have hidden or full-width characters."""
    is_empty = [_NO_TEXT.fullmatch(text) is not None for text in texts]
    if sum(is_empty) > _MANY_EMPTY * len(texts):
        warnings.warn(
            f"{sum(is_empty)} of {len(texts)} texts to learn from are empty, the first is case {is_empty.index(True)}; "
            "each counts as one unknown token. Leave them out if they are missing texts.",
            stacklevel=1,
        )
    n_hidden = 0 if normalize == "NFKC" else sum(_HIDDEN.search(text) is not None for text in texts)
    if n_hidden > _MANY_HIDDEN * len(texts):
        warnings.warn(
            f"{n_hidden} of {len(texts)} texts have hidden or full-width characters, whose words are unknown without "
            "them; set normalize='NFKC'.",
            stacklevel=1,
        )


def is_unicode(text: str) -> bool:
    """Return whether the text can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _warn_of_control(texts):
    """Warn of control characters, except codes that colour the text of a terminal."""
    has_some = [case for case, text in enumerate(texts) if _find_control(text)]
    if has_some:
        first = texts[has_some[0]]
        warnings.warn(
            f"{len(has_some)} of {len(texts)} texts have control characters such as {_find_control(first)!r}, read as "
            f"white space; the first is case {has_some[0]}, {first!r:.60}. If it is binary data or was read in a wrong "
            "encoding, read it anew.",
            stacklevel=1,
        )


def _find_control(text):
    """Return the first control character of a text, or None."""
    # The second search is slower and seldom needed.
    found = None if text.isprintable() else re.search(CONTROL, _COLOUR.sub("", text))
    return found and found[0]


def _listed(X):
    """Return the items of a list or column, by duck typing also of polars and pyarrow."""
    if isinstance(X, dict):
        raise TypeError("texts must be a list of strings, got a dict; give list(d.values()).")
    if hasattr(X, "ngroups"):
        raise TypeError(
            f"texts must be a list of strings, got {type(X).__name__}; give the column before it is grouped."
        )
    names = getattr(X, "column_names", getattr(X, "columns", None))
    if names is not None and len(names) != 1:
        shown = ", ".join(map(repr, list(names)[:8]))
        raise TypeError(f"texts must be one column, got a table of {len(names)}: {shown}; give the one of the texts.")
    X = X if names is None else X[names[0]]
    if len(getattr(X, "shape", ())) == 2 and X.shape[1] == 1:
        X = X.ravel()
    if isinstance(X, str | bytes | set) or getattr(X, "ndim", 1) != 1 or not hasattr(X, "__iter__"):
        what = f"shape {X.shape}" if hasattr(X, "shape") else f"one {type(X).__name__}"
        raise TypeError(
            f"texts must be a list, array or column of strings, got {what}; make it a list, such as [text]."
        )
    if getattr(getattr(X, "dtype", None), "kind", "O") in "biufcmM" and len(X):
        column = f" in column {X.name!r}" if getattr(X, "name", None) is not None else ""
        raise TypeError(
            f"texts must be strings, got {X.dtype}{column}; give the column of the texts, or X.astype(str)."
        )
    to_list = next((getattr(X, name) for name in ("to_pylist", "to_list", "tolist") if hasattr(X, name)), None)
    texts = list(X) if to_list is None else to_list()
    if not texts:
        raise ValueError("at least one text is required, got none.")
    return texts


def _joined(faults, n_texts):
    """Return the first fault, with the number and the first cases of all."""
    first, n_bad = faults[0], len(faults)
    more = ""
    if n_bad > 1:
        named = ", ".join(str(fault.case) for fault in faults[:_MOST_NAMED]) + (", ..." if n_bad > _MOST_NAMED else "")
        more = f" {n_bad:,} of {n_texts:,} texts are invalid: cases {named}."
    way = " TextAdapter().cases(X, errors='skip').X leaves them out."
    return case_error(first.kind, first.case, first.template + more + (way if n_texts > 1 else ""))


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
    if not is_unicode(text):
        return case_error(
            ValueError,
            case,
            "each text must be whole Unicode, {case} has half a character (a surrogate); decode with errors='replace'.",
        )
    return None
