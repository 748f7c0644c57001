"""Labels that differ only in how they are written."""

import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable


def label_spellings(labels: Iterable) -> list[dict[str, int]]:
    """Find labels that differ only in case, blanks or Unicode form.

    Parameters
    ----------
    labels : iterable
        Labels of the cases. Those that are not strings are ignored.

    Returns
    -------
    list of dict
        For each such label its spellings with their number of cases, the frequent first.

    Examples
    --------
    >>> label_spellings(["billing", "Billing ", "access", "billing"])
    [{'billing': 2, 'Billing ': 1}]
    """
    found: dict[str, dict[str, int]] = {}
    for label, n in Counter(label for label in labels if isinstance(label, str)).most_common():
        found.setdefault(" ".join(unicodedata.normalize("NFKC", label).casefold().split()), {})[str(label)] = n
    return [spellings for spellings in found.values() if len(spellings) > 1]


def warn_of_spellings(labels: Iterable, way: str, stacklevel: int = 2) -> None:
    """Warn of labels that differ only in case, blanks or Unicode form, with the way to make them one."""
    if found := label_spellings(labels):
        shown = "; ".join(", ".join(f"{label!r} {n:,}" for label, n in one.items()) for one in found[:5])
        more = "; ..." if len(found) > 5 else ""
        warnings.warn(
            f"labels differ only in case, blanks or Unicode form: {shown}{more}. {way}", stacklevel=stacklevel + 1
        )
