"""What paths of files tell: the part of a split, folders that are no classes, and the file that a table names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

FOLD = r"fold[ _-]?"
_PARTS = {"train": "train|training", "dev": "dev|val|valid|validation", "test": "test|testing|eval"}
IS_PART = "|".join(_PARTS.values())
# Folders of folds, persons and devices, or of many numbers, which are rarely what is to be told apart.
_NO_CLASS = re.compile(
    rf"(?:{FOLD}|(?:actor|speaker|spk|person|subject|subj|sub|participant|patient|user|session|part|split|batch|cv|shard|"
    rf"chunk|set|device|mic|s|p)[\s_-]*)\d+|\d\d+|{IS_PART}",
    re.IGNORECASE,
)


def part_of(name: Any) -> str | None:
    """Return ``train``, ``dev`` or ``test`` for the usual names of these parts, or None.

    Examples
    --------
    >>> part_of("Training"), part_of("val"), part_of("dog")
    ('train', 'dev', None)
    """
    return next((part for part, known in _PARTS.items() if re.fullmatch(known, str(name), re.IGNORECASE)), None)


def are_no_classes(folders: Iterable[str]) -> bool:
    """Return whether the names of folders look like folds, persons, devices or parts, and not like classes.

    Examples
    --------
    >>> are_no_classes(["fold1", "fold2"]), are_no_classes(["dog", "rain"]), are_no_classes(["0", "1"])
    (True, False, False)
    """
    folders = list(folders)
    return bool(folders) and all(_NO_CLASS.fullmatch(folder) for folder in folders)


class FileIndex:
    """Files by their path, the end of it, or their name without its ending, or the number that it is.

    Parameters
    ----------
    names : list of str
        Paths below a folder.
    endings : sequence of str
        Endings of the files, longest first.

    Examples
    --------
    >>> index = FileIndex(["dogs/rex.wav", "cats/tom.wav"], [".wav"])
    >>> index.find(r"C:\\clips\\rex.wav"), index.find("cats/tom"), index.find("flock")
    ('dogs/rex.wav', 'cats/tom.wav', None)
    >>> FileIndex(["000.csv", "001.csv"], [".csv"]).find(1)
    '001.csv'
    """

    def __init__(self, names: Iterable[str], endings: Sequence[str]):
        # Paths with and without their ending, by the last part of each.
        self._by_last = defaultdict(list)
        # Names that are numbers, as tables often lose their leading zeros.
        self._by_number = defaultdict(list)
        for name in names:
            ending = next((ending for ending in endings if name.lower().endswith(ending)), "")
            for path in dict.fromkeys((name, name[: len(name) - len(ending)])):
                last = path.rsplit("/", 1)[-1]
                self._by_last[last].append((path, name))
                if _is_number(last):
                    self._by_number[int(last)].append((path, name))

    def find(self, given: Any) -> str | None:
        """Return the file that a table means, or None; raise if it may be one of several."""
        path, last = _plain(given)
        found = self._by_last.get(last, [])
        if not found and _is_number(last):
            found = self._by_number.get(int(last), [])
        exact = [pair for pair in found if f"/{pair[0]}".endswith(f"/{path}") or f"/{path}".endswith(f"/{pair[0]}")]
        names = list(dict.fromkeys(name for _, name in exact or found))
        if len(names) > 1:
            raise ValueError(f"a row must name one file, {path!r} may be {names[0]} or {names[1]}; give paths.")
        return names[0] if names else None

    def column_of(self, table: Any, name: str) -> Any:
        """Return the column of a data frame with the most names of the files, by the first 2,000 rows."""
        # Not by pandas, which has no texts where a column is empty.
        counts = {}
        for column in table.columns:
            lasts = [_plain(value)[1] for value in table[column].head(2000)]
            n_exact = sum(last in self._by_last for last in lasts)
            n_numbers = sum(_is_number(last) and int(last) in self._by_number for last in lasts)
            # Of two columns of numbers, labels have fewer different ones.
            counts[column] = (n_exact, n_numbers, len(set(lasts))) if n_exact or n_numbers else ()
        best = max(counts, key=counts.get, default=None)
        if not counts or not counts[best]:
            raise ValueError(f"{name} must have a column that names files of the folder, got {list(table.columns)}.")
        return best


def _is_number(last):
    return last.isascii() and last.isdecimal()


def _plain(given):
    """Return a path with plain slashes, and its last part."""
    path = str(given).strip().replace("\\", "/").removeprefix("./")
    return path, path.rsplit("/", 1)[-1]
