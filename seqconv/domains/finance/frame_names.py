"""Names of the columns of a data frame of price bars, with those of its index."""

import pandas as pd

from seqconv.domains.finance.price_names import KEYS, meaning_of, name_parts


def frame_parts(source: pd.DataFrame) -> tuple[pd.DataFrame, list | None]:
    """Return the frame with dates and tickers of its index as columns, and the parts of the names or None."""
    names = [name_parts(name) for name in source.columns]
    has_dates = any(meaning_of(parts[0]) in ("date", "time") for parts in names if parts)
    levels = [source.index.get_level_values(i) for i in range(source.index.nlevels)]
    found = {}
    for level in levels:
        what = meaning_of(level.name) if str(level.name).lower() != "index" else None
        if level.dtype.kind == "M" or hasattr(level, "to_timestamp"):
            what = "date"
        elif what not in KEYS and len(levels) > 1:
            what = "ticker"
        elif what not in KEYS and not has_dates and level.dtype.kind not in "iufb":
            what = "date"
        if what in KEYS:
            found[what] = pd.Series(level)
    frame = source.reset_index(drop=True)
    if not found:
        return frame, None if list(source.columns) == list(range(source.shape[1])) else names
    kept = [i for i, parts in enumerate(names) if not (len(parts) == 1 and meaning_of(parts[0]) in found)]
    return pd.concat([pd.DataFrame(found), frame.iloc[:, kept]], axis=1), [*zip(found), *(names[i] for i in kept)]
