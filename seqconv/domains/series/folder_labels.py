"""Labels and groups of files: from folders, from names, or from a table."""

import re
import warnings
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from seqconv.domains.case_files import FileIndex, are_no_classes, part_of
from seqconv.domains.series.table_files import SUFFIXES


def value_of_each(role: str, given: Any, names: list[str], table: pd.DataFrame | None) -> Any:
    """Return a dict of file to value, or the column of the files that holds it, or None.

    Parameters
    ----------
    role : {"label", "group"}
        Name of the argument, for messages.
    given : str, pattern, mapping, series or None
    names : list of str
        Paths of the files below the folder.
    table : data frame or None

    Raises
    ------
    ValueError
        If a pattern has no group or does not match each file, or no column of the table names the files.

    Warns
    -----
    UserWarning
        If the folders that give labels look like folds, persons or parts.
    """
    if given is None:
        return None
    if role == "label" and isinstance(given, list):
        columns = {name: value_of_each(role, name, names, table) for name in given}
        return pd.DataFrame(columns, columns=given) if all(isinstance(one, dict) for one in columns.values()) else given
    if isinstance(given, Mapping | pd.Series):
        return _by_file(role, dict(given.items()), names)
    if table is not None and not isinstance(given, re.Pattern) and given in table.columns:
        files = FileIndex(names, SUFFIXES).column_of(table.drop(columns=given), "table")
        again = table[files][table[files].duplicated()]
        if len(again):
            raise ValueError(f"table must have one row a file, {again.iloc[0]!r} is there twice in {files!r}.")
        return _by_file(role, dict(zip(table[files], table[given], strict=True)), names)
    if isinstance(given, str) and given == "folder":
        return _by_folder(role, names)
    if isinstance(given, re.Pattern) or (isinstance(given, str) and "(" in given):
        return _by_pattern(role, given, names)
    return given


def parts_of(names: list[str]) -> list[str] | None:
    """Return the official part of each file, if each is below a folder such as ``train`` or ``test``."""
    found = [[part for part in map(part_of, _parents(name)) if part] for name in names]
    is_split = all(found) and len({parts[0] for parts in found}) > 1
    return [parts[0] for parts in found] if is_split else None


def _by_folder(role, names):
    found = {name: parents[-1] for name in names if (parents := _parents(name))}
    if not found:
        raise ValueError(
            f"{role}='folder' needs a folder a {role}, {names[0]} is in none; move the files into folders, or give a "
            "pattern or a table."
        )
    folders = sorted(set(found.values()))
    if role == "label" and are_no_classes(folders):
        warnings.warn(
            f"the folders {', '.join(folders[:4])} are taken as labels, though they look like folds, persons or parts; give "
            'them as group="folder", and the label by a pattern or a table.',
            stacklevel=4,
        )
    return found


def _by_pattern(role, given, names):
    try:
        pattern = re.compile(given)
    except re.error as error:
        raise ValueError(f"{role} must be a regular expression, got {given!r}: {error}.") from error
    if pattern.groups != 1:
        raise ValueError(
            f"{role} must have one group in brackets, got {pattern.groups} in {pattern.pattern!r}; use (?:...)."
        )
    found = {}
    for name in names:
        match = pattern.search(name if "/" in pattern.pattern else PurePosixPath(name).name)
        if match is None or match[1] is None:
            raise ValueError(f"{role} must match each file, {pattern.pattern!r} does not match {name}; widen it.")
        found[name] = match[1]
    return found


def _by_file(role, values, names):
    """Return the values of the files that have one, whatever form of their name is the key."""
    index = FileIndex(names, SUFFIXES)
    found = {name: value for file, value in values.items() if (name := index.find(file))}
    if not found:
        raise ValueError(f"{role} must have a value for {names[0]}, got {role}s of {', '.join(map(str, values))[:80]}.")
    return {name: value for name, value in found.items() if not pd.isna(value)}


def _parents(name):
    return PurePosixPath(name).parts[:-1]
