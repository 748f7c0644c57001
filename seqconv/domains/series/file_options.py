"""Options that help to read files whose columns are not numbers."""

from collections.abc import Iterable

import pandas as pd

# Files seldom have more marks than these of missing values.
_MOST_MARKS = 5


def options_that_help(frames: Iterable[pd.DataFrame]) -> str:
    """Return a sentence that names options for a row of units or for marks of missing values, or an empty text.

    Examples
    --------
    >>> options_that_help([pd.DataFrame({"ax": ["m/s2", "1", "?", "2", "3"]})])
    "Give options={'skiprows': [1], 'na_values': ['?']}, if these are units and missing values."
    """
    has_units, marks, n_comments = False, set(), 0
    for frame in frames:
        for name in frame.columns:
            column = frame[name]
            if len(column) < 2 or pd.api.types.infer_dtype(column, skipna=True) not in (
                "string",
                "mixed",
                "mixed-integer",
            ):
                continue
            is_wrong = (pd.to_numeric(column, errors="coerce").isna() & column.notna()).to_numpy()
            is_units = bool(is_wrong[0]) and str(column.iloc[0]).strip(" -?*./") != ""
            below = set(column[is_wrong].iloc[int(is_units) :].astype(str).str.strip())
            if is_wrong[1:].mean() > 0.5:
                # A column of text, which a row of units would name too.
                continue
            has_units |= is_units
            marks |= below
        n_comments = frame.attrs.get("n_comments", 0)
    options = {"skiprows": [*range(n_comments), n_comments + 1]} if has_units else {}
    if 0 < len(marks) <= _MOST_MARKS:
        options["na_values"] = sorted(marks)
    return f"Give options={options}, if these are units and missing values." if options else ""
