"""Are these texts? And those of them that are, as cases."""

import re
import warnings
from dataclasses import replace

import pandas as pd

from seqconv.data import SequenceSet
from seqconv.domains.text.tokens import BYTE_ORDER_MARK

# All of ASCII but tab, line feed, line and page tabulation and carriage return.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def check_texts(X):
    """The texts as a list, each a string with a character that is no white space."""
    texts = _listed(X)
    for case, text in enumerate(texts):
        if fault := _fault(case, text):
            raise fault
    return texts


def text_cases(records, y, groups, errors):
    """What `TextAdapter.cases` promises."""
    if errors not in ("raise", "skip"):
        raise ValueError(f"errors must be 'raise' or 'skip', got {errors!r}.")
    given = records if isinstance(records, SequenceSet) else SequenceSet(_listed(records))
    texts = _listed(given.X)
    faults = [_fault(case, text) for case, text in enumerate(texts)]
    bad = [fault for fault in faults if fault]
    if bad and (errors == "raise" or len(bad) == len(texts)):
        raise bad[0]
    stops = [len(text) if isinstance(text, str) else 0 for text in texts]
    about = pd.DataFrame({"record": range(len(texts)), "start": 0, "stop": stops})
    new = {name: values for name, values in (("y", y), ("groups", groups)) if values is not None}
    cases = replace(given, X=texts, about=about, **new)
    if bad:
        reasons = " ".join(map(str, bad))
        warnings.warn(f"{len(bad)} of {len(texts)} texts were left out: {reasons}", stacklevel=3)
    return cases[[case for case, fault in enumerate(faults) if not fault]]


def is_unicode(text):
    """Whether the text can be written as UTF-8."""
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


def _fault(case, text):
    """The error of what is no text, or None."""
    if isinstance(text, bytes):
        return TypeError(
            f"each text must be a string, case {case} is {text!r:.60}; decode the bytes as what they were written in, such "
            "as .decode('utf-8')."
        )
    if not isinstance(text, str):
        return TypeError(f"each text must be a string, case {case} is {text!r:.60}; fill it or leave it out.")
    if not text.removeprefix(BYTE_ORDER_MARK).strip():
        return ValueError(f"each text must have a character that is no white space, case {case} is {text!r:.60}.")
    if control := _CONTROL.search(text):
        return ValueError(
            f"each text must have no control character such as {control[0]!r}, case {case} is {text!r:.60}: binary data, "
            "or UTF-16 read as another encoding; read it anew or leave it out."
        )
    if not is_unicode(text):
        return ValueError(
            f"each text must be whole Unicode, case {case} has half a character (a surrogate); decode it with "
            "errors='replace'."
        )
    return None
