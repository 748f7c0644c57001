"""Tables and lists that come with recordings: a row a recording, and the lists of an official split."""

import io
import math
import warnings
from pathlib import Path
from typing import Any

from seqconv.domains.audio.reading import SUFFIXES
from seqconv.domains.case_files import FileIndex
from seqconv.domains.files import opened

_LABELS = ("label", "class", "category", "emotion", "genre", "species", "class_name", "labels", "target", "y")
# Names of lists of paths, and the part that they give.
_LISTS = {
    "train": ("training_list.txt", "train_list.txt", "train_filtered.txt"),
    "dev": ("validation_list.txt", "valid_list.txt", "valid_filtered.txt"),
    "test": ("testing_list.txt", "test_list.txt", "test_filtered.txt"),
}


def table_rows(
    table: Any, clips: list[str], columns: dict[str, str | list[str] | None], needs_label: bool, stacklevel: int
) -> dict[tuple[str, float | None, float | None], dict[str, Any]]:
    """Return label, group and part of each recording, or excerpt of one, that a table has a row for.

    Parameters
    ----------
    table : str, path or data frame
    clips : list of str
        Paths relative to their folder.
    columns : dict
        Names of the columns ``file``, ``label``, ``group`` and ``part``; None where they are to be found. With ``start``
        and ``stop``, rows are excerpts. Of several columns of labels a row has a list.
    needs_label : bool
        Whether a column of labels is required, and found where its name is not given.
    stacklevel : int
        Level of the user's call, counted from the caller of this function.

    Returns
    -------
    dict of dict
        Keys are a recording, and the seconds of an excerpt or None. ``"row"`` has the row of the table as a dict.

    Raises
    ------
    ValueError
        If a column is missing or has an empty field, or a recording or excerpt has two rows.
    ValueError
        If an excerpt does not stop after its start.
    ValueError
        If the table names no recording.

    Warns
    -----
    UserWarning
        If some rows have no recording.
    """
    import pandas as pd

    name = "table" if isinstance(table, pd.DataFrame) else str(table)
    if not isinstance(table, pd.DataFrame):
        # Any separator; texts as they are written, such as 007.
        table = pd.read_csv(io.StringIO(_text_of(table)), sep=None, engine="python", dtype=str)
    columns = dict(columns)
    if columns["label"] is None and needs_label:
        by_lower = {str(column).lower(): column for column in reversed(table.columns)}
        columns["label"] = next((by_lower[known] for known in _LABELS if known in by_lower), None)
        if columns["label"] is None:
            raise ValueError(f"{name} must have a column label, got {list(table.columns)}; name it with label=.")
    index = FileIndex(clips, SUFFIXES)
    files = columns.pop("file")
    files = index.column_of(table, name) if files is None else files
    columns = {kind: column for kind, column in columns.items() if column is not None}
    several = columns["label"] if isinstance(columns.get("label"), list) else []
    columns |= {"label": several[0]} if several else {}
    for column in (files, *columns.values(), *several):
        if column not in table.columns:
            raise ValueError(f"{name} must have the column {column!r}, got {list(table.columns)}.")
    rows, numbers, lost = {}, {}, []
    wanted = table[[files, *columns.values(), *several]]
    for number, (path, *values) in enumerate(wanted.itertuples(index=False, name=None)):
        clip = index.find(path)
        if clip is None:
            lost.append(str(path))
            continue
        if any(pd.isna(value) for value in values):
            raise ValueError(f"{name}: row {number} ({path}) must have its fields filled in, got {values}; drop it.")
        row = dict(zip(columns, values, strict=False)) | ({"label": values[len(columns) :]} if several else {})
        key = clip, *_seconds(row.pop("start", None), row.pop("stop", None), f"{name}: row {number} ({path})")
        if rows.setdefault(key, row) != row:
            raise ValueError(
                f"{name}: {path} must have one row, got {rows[key]} and {row}; keep one, or name the seconds of excerpts "
                "with start= and stop=."
            )
        numbers.setdefault(key, number)
    for row, told in zip(rows.values(), table.iloc[list(numbers.values())].to_dict("records"), strict=True):
        row["row"] = told
    if not rows:
        raise ValueError(
            f"{name} must name recordings of the folder in {files!r}, got {lost[:2]}; {clips[:1]} is there."
        )
    if lost:
        warnings.warn(
            f"{name}: {len(lost)} of {len(table)} rows have no recording: {', '.join(lost[:3])}"
            f"{', ...' if len(lost) > 3 else ''}; they are left out.",
            stacklevel=stacklevel,
        )
    return rows


def _text_of(path):
    """Return the text of a table in UTF-8, UTF-16 or the code page of European Windows."""
    with opened(path) as (file, _):
        data = file.read()
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _seconds(start, stop, place):
    """Return the seconds of an excerpt as numbers, also with a decimal comma; None of a whole recording."""
    if start is None:
        return None, None
    try:
        start, stop = (float(str(value).replace(",", ".")) for value in (start, stop))
    except ValueError as error:
        raise ValueError(f"{place}: start and stop must be seconds, got {start!r} and {stop!r}.") from error
    if not 0 <= start < stop < math.inf:
        raise ValueError(f"{place}: an excerpt must start at 0 s or later and stop after that, got {start} to {stop}.")
    return start, stop


def official_parts(folder: Path, names: list[str], told: dict[str, dict]) -> dict[str, dict]:
    """Return the recordings with the part that lists in the folder give them.

    Recordings in no list are in ``"train"``, or are left out if there is a list of that part.
    """
    there = {part: [name for name in known if name in names] for part, known in _LISTS.items()}
    listed = {}
    for part, lists in there.items():
        for name in lists:
            with opened(f"{folder}/{name}") as (file, _):
                listed |= {line.strip(): part for line in file.read().decode("utf-8-sig").splitlines()}
    found = {clip: values | {"part": listed.get(clip, "train")} for clip, values in told.items()}
    if there["train"]:
        found = {clip: values for clip, values in found.items() if clip in listed}
    return found if set(listed) & set(told) else told


def esc_names(folder: Path, names: list[str]) -> dict[str, str]:
    """Return the names of the targets by ``meta/esc50.csv``, in the folder or beside it; nothing if it is not there."""
    import pandas as pd

    inside = next((f"{folder}/{name}" for name in names if name.endswith("esc50.csv")), None)
    try:
        with opened(inside or f"{folder.parent}/meta/esc50.csv") as (file, _):
            table = pd.read_csv(file, dtype=str)
    except FileNotFoundError:
        return {}
    return dict(zip(table["target"], table["category"], strict=True))
