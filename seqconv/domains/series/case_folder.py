"""Folders with one table a case."""

import os
import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seqconv.data import SequenceSet
from seqconv.domains.records import report_left_out
from seqconv.domains.series.file_options import options_that_help
from seqconv.domains.series.folder_labels import parts_of, value_of_each
from seqconv.domains.series.frames_to_cases import frames_to_cases
from seqconv.domains.series.table_files import SUFFIXES, read_as_written, read_table


def read_case_folder(
    path: str | os.PathLike,
    label: str | re.Pattern | Mapping | pd.Series | list[str] | None = None,
    group: str | re.Pattern | Mapping | pd.Series | None = None,
    *,
    table: str | os.PathLike | pd.DataFrame | None = None,
    time: Hashable | None = None,
    channels: Sequence[Hashable] | None = None,
    errors: str = "skip",
    options: Mapping[str, Any] | None = None,
) -> SequenceSet:
    """Read a folder of CSV or Parquet files, one case a file.

    Parameters
    ----------
    path : str or path
        Folder. Files in its folders, at any depth, are read too, in order of the alphabet. Endings are ``.csv``,
        ``.tsv``, ``.txt``, these with ``.gz``, ``.bz2``, ``.xz`` or ``.zip``, and ``.parquet``. Hidden files are ignored.
    label, group : str, pattern, dict or series, optional
        Label and group of each file, one of:

        - ``"folder"``: the name of the folder that holds the file.
        - A regular expression with one group in brackets, such as ``r"^(walk|run)_"``, searched in the name of the
          file. One with a slash is searched in the path below the folder, such as ``r"(s\\d+)/"``.
        - A dict or series by file: its path below the folder, or its name, with or without the ending.
        - A column of `table`, or of the files, where it has one value a file. As label also a list of such columns, with
          a label of 0 or 1 in each; y is then a data frame.
    table : str, path or data frame, optional
        Table with one row a file. The column that names the files is found by its values.
        Files that are not in it are left out.
    time, channels
        As in `frames_to_cases`.
    errors : {"skip", "raise"}, default="skip"
        Whether files that cannot be read are left out with one warning.
    options : dict, optional
        Arguments of ``pandas.read_csv``, such as ``{"sep": ";", "decimal": ","}``. None finds the separator, the decimal
        mark, the encoding and whether the first line is a line of names. Lines at the top that begin with # are
        comments.

    Returns
    -------
    SequenceSet
        X, y and groups as in `frames_to_cases`. part: ``"train"``, ``"dev"`` and ``"test"``, if every file is below a
        folder of such a name. about: ``record`` is the path below the folder; ``about.attrs["skipped"]`` lists the files
        that are left out with the reason, ``about.attrs["left_out"]`` has the same as a dict.

    Raises
    ------
    NotADirectoryError
        If the folder does not exist.
    ValueError
        If the folder holds no such file, or none can be read.
        If a pattern has no group, or does not match each file; the message names a file.
        If no column of the table names the files, or a file is there twice.
        If a file has other columns than the first; the message names the file and the columns.
    ImportError
        If Parquet files need a library that is not installed.

    Warns
    -----
    UserWarning
        If files are left out; the message names at most five.
        If the folders that give the labels look like folds, persons or parts.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> for name, values in {"walk/s1_a.csv": "1;2,5", "walk/s2_a.csv": "2;3,5", "run/s1_b.csv": "9;8,5"}.items():
    ...     (folder / name).parent.mkdir(exist_ok=True)
    ...     _ = (folder / name).write_text(f"t;ax\\n{values}\\n")
    >>> cases = read_case_folder(folder, label="folder", group=r"^(s\\d+)_", time="t")
    >>> cases.y.tolist(), cases.groups.tolist(), cases.X[0]["ax"].tolist()
    (['run', 'walk', 'walk'], ['s1', 's1', 's2'], [8.5])
    """
    if errors not in ("skip", "raise"):
        raise ValueError(f'errors must be "skip" or "raise", got {errors!r}.')
    folder = Path(path)
    names = _names(folder, table)
    table = read_as_written(table) if isinstance(table, str | os.PathLike) else table
    left, given = {}, {}
    for role, value in (("label", label), ("group", group)):
        given[role] = value_of_each(role, value, names, table)
        if isinstance(given[role], dict | pd.DataFrame):
            known = given[role].dropna().index if isinstance(given[role], pd.DataFrame) else given[role]
            left |= {name: f"it has no {role}" for name in names if name not in known}
    frames = {}
    for name in names:
        if name in left:
            continue
        try:
            frames[name] = _read(folder / name, options)
        except (OSError, ValueError) as error:
            if errors == "raise":
                raise ValueError(f"{folder / name}: {error}") from error
            left[name] = str(error).split("\n")[0]
    skipped = [(name, f"{name}: {reason}") for name, reason in left.items()]
    report_left_out(f"files of {folder}", len(names), skipped, len(frames), stacklevel=2)
    try:
        cases = frames_to_cases(frames, None, time, channels, given["label"], given["group"])
    except ValueError as error:
        help = options_that_help(frames.values())
        if not help:
            raise
        raise ValueError(f"{error} {help}") from error
    cases.about.attrs |= {"left_out": left, "skipped": skipped}
    part = parts_of(list(frames))
    return cases if part is None else replace(cases, part=np.array(part))


def _names(folder, table):
    """Return the paths of the files below the folder, in order of the alphabet."""
    if not folder.is_dir():
        raise NotADirectoryError(f"a folder with one file a case is required, got {folder}.")
    found = sorted(one.relative_to(folder) for one in folder.rglob("*") if one.name.lower().endswith(SUFFIXES))
    found = [one.as_posix() for one in found if not any(part.startswith((".", "~$", "__MACOSX")) for part in one.parts)]
    if isinstance(table, str | os.PathLike):
        found = [name for name in found if not Path(table).exists() or not (folder / name).samefile(table)]
    if not found:
        raise ValueError(f"{folder} must hold files {', '.join(SUFFIXES)}, there are none; convert them, or read each.")
    return found


def _read(path, options):
    frame = read_table(path, options or {})
    if len(frame) == 0:
        raise ValueError("the file must have at least one row, it has none.")
    return frame
