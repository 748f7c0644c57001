"""Header of a .ts file: declarations in the lines that begin with @, and checks of cases against them."""

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from seqconv.domains.lines import MISSING, parse_numbers

_KEYS = ("problemname", "timestamps", "missing", "univariate", "dimension", "equallength", "serieslength")
_KEYS += ("classlabel", "targetlabel", "data")


@dataclass
class TsHeader:
    """Declarations of the header; None for those it lacks."""

    n_channels: int | None
    is_equal: bool
    n_steps: int | None
    may_miss: bool
    target: str | None
    classes: list
    classes_place: str

    def checked_target(self, text: str, place: str) -> str | float:
        """Return the label of a case, which must be a number or a declared class.

        Raises
        ------
        ValueError
            If it is not.
        """
        if self.target == "number":
            if text in MISSING:
                raise ValueError(f"{place}: a target value must be a number, got {text!r}.")
            return parse_numbers([text], place, dtype=np.float64)[0]
        is_declared = text in self.classes or (" " in text and f" {text} " in f" {' '.join(self.classes)} ")
        if not is_declared or "\0" in text:
            raise ValueError(f"{place}: a label must be one of the declared {self.classes}, got {text!r}.")
        return text

    def check_shape(self, shape: tuple[int, int], first: tuple[int, int], place: str) -> None:
        """Raise if a case differs from the header, or from the first case, in steps or channels."""
        n_channels = first[1] if self.n_channels is None else self.n_channels
        if shape[1] != n_channels:
            raise ValueError(f"{place}: each case must have {n_channels} channels, got {shape[1]}.")
        n_steps = first[0] if self.n_steps is None else self.n_steps
        if self.is_equal and shape[0] != n_steps:
            raise ValueError(f"{place}: each case must have {n_steps} steps as the header says, got {shape[0]}.")

    def check_missing(self, case: np.ndarray, place: str) -> None:
        """Raise if a value is missing under ``@missing false``."""
        if not self.may_miss and np.isnan(case).any():
            raise ValueError(
                f"{place}: each value must be observed as @missing false says, got {np.isnan(case).sum()} missing; "
                "correct the header to @missing true if they are."
            )

    def check_classes(self, labels: list[str]) -> None:
        """Raise if a class is declared twice, unless labels with a blank inside explain it: left arm, right arm."""
        explained = {word for label in set(labels) if " " in label for word in label.split(" ")}
        for word, n in Counter(self.classes).items():
            if n > 1 and word not in explained:
                raise ValueError(
                    f"{self.classes_place}: each class must be declared once, {word!r} is declared again; remove it."
                )


def add_header_line(text: str, declared: dict[str, tuple], place: str) -> TsHeader | None:
    """Add one line of the header to `declared`; return the header at @data.

    Raises
    ------
    ValueError
        If the line is unknown or comes twice, or lines contradict each other.
    """
    key, *words = re.split("[ \t]+", text)
    key = key.lower().replace("dimensions", "dimension")
    if not key.startswith("@") or key[1:] not in _KEYS or (key == "@data" and words):
        raise ValueError(f"{place}: a header must be one of @{', @'.join(_KEYS)}, got {text[:40]!r}.")
    if key[1:] in declared:
        raise ValueError(f"{place}: {key} must be declared once, it is declared again.")
    declared[key[1:]] = (words, place)
    return _finished(declared, place) if key == "@data" else None


def _finished(declared, place):
    if _flag(declared, "timestamps"):
        raise ValueError(
            f"{declared['timestamps'][1]}: series must have values without time stamps; remove the time stamps."
        )
    n_channels, n_steps = _count(declared, "dimension"), _count(declared, "serieslength")
    if _flag(declared, "univariate"):
        if n_channels not in (None, 1):
            raise ValueError(f"{place}: @univariate true means one channel, but @dimension is {n_channels}.")
        n_channels = 1
    is_class, is_number = _flag(declared, "classlabel", names_follow=True), _flag(declared, "targetlabel")
    if is_class and is_number:
        raise ValueError(f"{place}: one of @classLabel and @targetLabel must be false, got true for both.")
    words, classes_place = declared["classlabel"] if is_class else ([], "")
    classes = words[1:]
    if is_class and not classes:
        raise ValueError(f"{classes_place}: @classLabel true must name the classes, got none.")
    is_equal = _flag(declared, "equallength") or (n_steps is not None and "equallength" not in declared)
    may_miss = _flag(declared, "missing") or "missing" not in declared
    target = "class" if is_class else "number" if is_number else None
    return TsHeader(n_channels, is_equal, n_steps, may_miss, target, classes, classes_place)


def _flag(declared, key, names_follow=False):
    words, place = declared.get(key, (["false"], ""))
    word = words[0].lower() if words else ""
    if word not in ("true", "false") or (len(words) > 1 and not names_follow):
        raise ValueError(f"{place}: @{key} must be true or false, got {' '.join(words)!r}.")
    return word == "true"


def _count(declared, key):
    words, place = declared.get(key, (None, ""))
    if words is None:
        return None
    if len(words) != 1 or not re.fullmatch("[1-9][0-9]{0,8}", words[0]):
        raise ValueError(f"{place}: @{key} must be a whole number of at least 1, got {' '.join(words)!r}.")
    return int(words[0])
