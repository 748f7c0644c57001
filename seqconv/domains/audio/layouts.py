"""Labels, groups and parts that the paths of recordings tell: layouts of known data sets, and patterns of the user."""

import re
from typing import NamedTuple

import numpy as np

from seqconv.domains.case_files import FOLD, IS_PART, part_of

_URBAN = (
    "air_conditioner car_horn children_playing dog_bark drilling engine_idling gun_shot jackhammer siren street_music"
)
_RAVDESS = "neutral calm happy sad angry fearful disgust surprised"
_BACKGROUND = re.compile(r"_background.*", re.IGNORECASE)
# Share of the recordings that must follow a layout; a copy with a stray file is one still.
_LEAST_SHARE = 0.9


class Layout(NamedTuple):
    """Pattern of the paths of a data set, and names of the labels in it."""

    pattern: str
    names: dict[str, str] | None = None


LAYOUTS = {
    "UrbanSound8K": Layout(
        r"(?:.*/)?fold(?P<part>\d+)/(?P<group>\d+)-(?P<label>\d)-\d+-\d+\.\w+",
        {str(number): name for number, name in enumerate(_URBAN.split())},
    ),
    "RAVDESS": Layout(
        r"(?:.*/)?Actor_(?P<group>\d\d)/\d\d-\d\d-(?P<label>0[1-8])-\d\d-\d\d-\d\d-(?P=group)\.\w+",
        {f"{number:02}": name for number, name in enumerate(_RAVDESS.split(), 1)},
    ),
    "ESC-50": Layout(r"(?:.*/)?(?P<part>[1-5])-(?P<group>\d+)-[A-Z]-(?P<label>\d+)\.\w+"),
    "Speech Commands": Layout(r"(?:.*/)?(?P<label>[^/]+)/(?P<group>[0-9a-f]{8})_nohash_\d+\.\w+"),
    "folders of parts": Layout(rf"(?:{FOLD})?(?P<part>(?<=[ld _-])\d+|{IS_PART})/(?P<label>[^/]+)/[^/]+"),
}


def recognise(clips: list[str]) -> str | None:
    """Return the name of the layout that nearly all recordings follow, or None.

    Parameters
    ----------
    clips : list of str
        Paths relative to the folder, such as ``fold1/7061-6-0-0.wav``. Those of background noise are ignored.

    Examples
    --------
    >>> recognise(["yes/0a7c2a8d_nohash_0.wav", "no/0a7c2a8d_nohash_1.wav", "_background_noise_/tap.wav"])
    'Speech Commands'
    """
    clips = [clip for clip in clips if not is_background(clip)]
    for name, layout in LAYOUTS.items():
        n_found = sum(re.fullmatch(layout.pattern, clip, re.IGNORECASE) is not None for clip in clips)
        if clips and n_found >= _LEAST_SHARE * len(clips):
            return name
    return None


def is_background(clip: str) -> bool:
    """Return whether a recording is in a folder of background noise, such as ``_background_noise_``."""
    return any(_BACKGROUND.fullmatch(folder) for folder in clip.split("/")[:-1])


def told_by(pattern: str | re.Pattern, clips: list[str]) -> dict[str, dict[str, str]]:
    """Return what the named groups of a pattern find in each path; paths that do not match are left out.

    Parameters
    ----------
    pattern : str or compiled pattern
        Searched in the path relative to the folder. Groups are named ``label``, ``group`` and ``part``.
    clips : list of str

    Returns
    -------
    dict of dict

    Raises
    ------
    ValueError
        If the pattern is not valid, has no such group, or matches no path.
    ValueError
        If a group is empty in a path.

    Examples
    --------
    >>> told_by(r"(?P<label>\\d)_(?P<group>[a-z]+)_", ["7_george_4.wav", "notes.wav"])
    {'7_george_4.wav': {'label': '7', 'group': 'george'}}
    """
    try:
        compiled = re.compile(pattern)
    except (re.error, TypeError) as error:
        raise ValueError(f"pattern must be a regular expression, got {pattern!r}: {error}.") from error
    known = {"label", "group", "part"}
    if not compiled.groupindex or not set(compiled.groupindex) <= known:
        raise ValueError(
            f"pattern must name its groups label, group or part, as in (?P<label>\\d), got {compiled.pattern!r}."
        )
    found = {clip: match.groupdict() for clip in clips if (match := compiled.search(clip))}
    if not found:
        example = f", such as {clips[0]!r}" if clips else ""
        raise ValueError(f"pattern must match the paths of the recordings{example}, got {compiled.pattern!r}.")
    for clip, values in found.items():
        if not all(values.values()):
            raise ValueError(f"{clip}: each group of the pattern must find a text, got {values}.")
    return found


def column(values: list) -> np.ndarray:
    """Return texts as an array, of whole numbers if all are such.

    Examples
    --------
    >>> column(["3", "10"]), column(["03", "x"])
    (array([ 3, 10]), array(['03', 'x'], dtype='<U2'))
    """
    if all(isinstance(value, str) and value.isdecimal() and str(int(value)) == value for value in values):
        return np.array([int(value) for value in values])
    return np.array(values)


def part_column(values: list) -> np.ndarray:
    """Return parts under their usual names ``train``, ``dev`` and ``test``, or the numbers of folds.

    Examples
    --------
    >>> part_column(["training", "val", "Test"]).tolist()
    ['train', 'dev', 'test']
    """
    return column([part_of(value) or value for value in values])
