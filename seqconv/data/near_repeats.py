"""Texts that are in both parts of a split, but for case, digits and blanks."""

import re
import warnings
from collections.abc import Sequence
from typing import Any

_DIGITS = re.compile(r"\d+")


def count_near_repeats(rest: Sequence[Any], apart: Sequence[Any]) -> int:
    """Count the texts set apart that equal one of the rest after lower-casing, without digits and blanks.

    Parameters
    ----------
    rest, apart : sequence
        Texts. What is not a string is ignored, and so are lists of which most strings have no blank, such as paths.

    Returns
    -------
    int

    Examples
    --------
    >>> count_near_repeats(["Invoice 17 is wrong"], ["invoice 8  is wrong", "where is my parcel?"])
    1
    """
    # Strings without blanks are paths or single words, which differ in digits for good reasons.
    texts = [text for text in rest if isinstance(text, str)]
    if sum(" " in text for text in texts) * 2 < len(texts):
        return 0
    known = set(map(_skeleton, texts))
    return sum(isinstance(text, str) and _skeleton(text) in known for text in apart)


def warn_of_near_repeats(rest: Sequence[Any], apart: Sequence[Any], stacklevel: int = 2) -> None:
    """Warn of the texts that `count_near_repeats` counts."""
    if n := count_near_repeats(rest, apart):
        warnings.warn(
            f"{n:,} of {len(apart):,} texts set apart are also in the rest, but for case, digits and blanks. Figures will "
            "be too good for new texts; keep each such text once.",
            stacklevel=stacklevel + 1,
        )


def _skeleton(text):
    """Return a number in place of the text, which takes less memory."""
    return hash("".join(_DIGITS.sub("0", text.lower()).split()))
