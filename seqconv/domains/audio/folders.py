"""Folders of recordings, with labels, groups and parts from folders, a table or the paths."""

import os
import re
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seqconv.data import SequenceSet
from seqconv.domains.audio.label_tables import esc_names, official_parts, table_rows
from seqconv.domains.audio.layouts import LAYOUTS, column, is_background, part_column, recognise, told_by
from seqconv.domains.audio.reading import SUFFIXES
from seqconv.domains.case_files import are_no_classes
from seqconv.domains.files import find_archive, member_names
from seqconv.domains.several_labels import several_labels

_HIDDEN = re.compile(r"(^|/)(\.|__MACOSX(/|$))")
_KINDS = ".wav, .flac, .mp3, .ogg or the like"
# Deep enough for every layout, and an end where links lead in a circle.
_MOST_DEPTH = 6
_WAYS = "give a table of labels with table= or a regular expression with pattern="


def list_audio(
    folder: str | os.PathLike,
    *,
    table: Any = None,
    pattern: str | re.Pattern | None = None,
    file: str | None = None,
    label: str | list[str] | None = None,
    group: str | None = None,
    part: str | None = None,
    start: str | None = None,
    stop: str | None = None,
) -> SequenceSet:
    r"""List the recordings of a folder, or of a zip archive, with their labels, groups and parts.

    Parameters
    ----------
    folder : str or path
        Folder of ``folder/dog/1.wav``, ``folder/rain/1.mp3``..., or of a layout that is recognised. Also such an
        archive, or a folder in it: ``clips.zip``, ``clips.zip/animals``.
    table : str, path or data frame, optional
        Table with a row a recording, such as a CSV file; other recordings are left out.
    pattern : str or compiled pattern, optional
        Regular expression, searched in the path relative to the folder. Its groups ``label``, ``group`` and ``part``
        give what the table does not: ``r"(?P<label>\d)_(?P<group>[a-z]+)_"``. Other recordings are left out. Without a
        label in either, the first folder of the path is the label.
    file : str, optional
        Column of the file's path, name, or name without its ending. None takes the column whose values are these.
    label : str or list of str, optional
        Column of the label. None takes the one that is called label, class, category, emotion, genre or species. Several
        columns hold 0 or 1 each, and y is a data frame of them.
    group, part : str, optional
        Columns of the group, such as the speaker, and of the official split or fold.
    start, stop : str, optional
        Columns of the seconds of excerpts. A recording may then have several rows.

    Returns
    -------
    SequenceSet
        X: list of str, paths in order of the alphabet, unread; of excerpts a list of ``(path, start, stop)``. y: the
        label; by default the name of the class's folder. groups and part: if the table, the pattern or the layout gives
        them. Excerpts of one recording are a group by default. about: with a table, a data frame of its row of each
        case, without `start` and `stop`.

    Raises
    ------
    ValueError
        If no label is found for the recordings, or the folder of a class has none.
    ValueError
        If the table lacks a column or a label, gives a recording two rows, or names no recording of the folder.
    ValueError
        If the pattern matches nothing, or has no group of a known name.
    ValueError
        If the archive is damaged.
    NotADirectoryError
        If the folder or archive does not exist.

    Warns
    -----
    UserWarning
        If the folders look like folds, speakers or devices and not like classes.
    UserWarning
        If files were left out, counted by ending; hidden files (``.DS_Store``, ``__MACOSX``) are ignored.
    UserWarning
        If rows of the table have no recording.

    Notes
    -----
    Without a table or a pattern these layouts are recognised by the paths. UrbanSound8K: part is the fold, groups the
    source. ESC-50: likewise, with the names of ``meta/esc50.csv``. Speech Commands: groups is the speaker, and
    background noise is left out. RAVDESS: y is the emotion, groups the actor. Folders of parts: ``train/dog/1.wav``,
    ``fold1/dog/1.wav``. Lists such as ``testing_list.txt`` and ``test_filtered.txt`` (Speech Commands, GTZAN) give the
    part.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> for path in ("dog/1.wav", "dog/._1.wav", "rain/1.WAV"):
    ...     (folder / path).parent.mkdir(exist_ok=True)
    ...     _ = (folder / path).write_bytes(b"")
    >>> list_audio(folder).y
    array(['dog', 'rain'], dtype='<U4')
    """
    folder = Path(folder)
    names = sorted(name for name in _names(folder) if not _HIDDEN.search(name))
    clips = [name for name in names if name.lower().endswith(SUFFIXES)]
    layout = recognise(clips)
    is_laid_out = bool(layout) or table is not None or pattern is not None
    columns = {"file": file, "label": label, "group": group, "part": part, "start": start, "stop": stop}
    if (start is None) != (stop is None):
        raise ValueError(f"start and stop must be two columns or none, got {start!r} and {stop!r}.")
    if table is None and any(value is not None for value in columns.values()):
        raise ValueError(f"{', '.join(columns)} are columns of a table, got none; give table=.")
    if table is not None or pattern is not None:
        told = _told(clips, table, pattern, columns)
    elif layout:
        told = _laid_out(folder, names, clips, layout)
    else:
        told = _by_class(folder, names, clips)
    # What comes with a known layout or a table is no loss.
    keys = [key if isinstance(key, tuple) else (key, None, None) for key in told]
    told_clips = [clip for clip, _, _ in keys]
    _warn_left_out(folder, set(clips if is_laid_out else names) - set(told_clips))
    values = {name: [row.get(name) for row in told.values()] for name in ("label", "group", "part")}
    if start is not None and group is None:
        values["group"] = told_clips
    y = several_labels(values["label"], label) if isinstance(label, list) else _one_label(values["label"], told_clips)
    groups = None if None in values["group"] else column(values["group"])
    parts = None if None in values["part"] else part_column(values["part"])
    # Not joined as paths: a name such as /etc/1.wav in an archive would lead out of it.
    X = [f"{folder}/{clip}" if start is None else (f"{folder}/{clip}", *seconds) for clip, *seconds in keys]
    return SequenceSet(X, y, groups, _about(told.values(), {start, stop}), part=parts)


def _about(told, left):
    rows = [row["row"] for row in told if "row" in row]
    # Seconds would be taken as the times of cases.
    left = left | {"start", "stop", "label_stop"}
    return pd.DataFrame(rows).drop(columns=left, errors="ignore") if rows else None


def _one_label(labels, clips):
    # Names of folders stay texts, also 0 to 9.
    is_folder = all(label in clip.split("/")[:-1] for clip, label in zip(clips, labels, strict=True))
    return np.array(labels) if is_folder else column(labels)


def _told(clips, table, pattern, columns):
    """Return {(path, start, stop): values} of what the table and the pattern both know."""
    by_path = {clip: {} for clip in clips} if pattern is None else told_by(pattern, clips)
    rows = {(clip, None, None): {} for clip in by_path}
    if table is not None:
        needs_label = "label" not in next(iter(by_path.values()), {})
        rows = table_rows(table, clips, columns, needs_label, stacklevel=4)
    order = sorted(rows, key=lambda key: (key[0], key[1] or 0.0))
    told = {key: by_path[key[0]] | rows[key] for key in order if key[0] in by_path}
    for (clip, _, _), values in told.items():
        if "label" not in values and "/" not in clip:
            raise ValueError(f"{clip}: a recording must have a label, got none; name a group of the pattern label.")
        values.setdefault("label", clip.split("/")[0])
    return told


def _laid_out(folder, names, clips, layout):
    pattern, known = LAYOUTS[layout]
    clips = [clip for clip in clips if not is_background(clip)]
    told = told_by(re.compile(rf"\A(?:{pattern})\Z", re.IGNORECASE), clips)
    known = esc_names(folder, names) if layout == "ESC-50" else known
    for values in told.values():
        values["label"] = (known or {}).get(values["label"], values["label"])
    return told if layout != "Speech Commands" else official_parts(folder, names, told)


def _by_class(folder, names, clips):
    """Return {path: values} of recordings in the folder of a class; warn if the folders look like none."""
    classes = [clip for clip in clips if clip.count("/") == 1 and not is_background(clip)]
    _check_classes(folder, names, classes, clips)
    folders = sorted({clip.split("/")[0] for clip in classes})
    if are_no_classes(folders):
        some = ", ".join(folders[:3]) + ("..." if len(folders) > 3 else "")
        warnings.warn(
            f"{folder}: the folders {some} look like folds, speakers or parts, not like classes, yet are taken as labels; "
            f"{_WAYS}.",
            stacklevel=3,
        )
    return official_parts(folder, names, {clip: {"label": clip.split("/")[0]} for clip in classes})


def _names(folder):
    """Return the paths of all files in a folder or an archive, and the folders at its top, which end in a slash."""
    if folder.is_dir():
        found = {path.name + "/" for path in folder.iterdir() if path.is_dir()}
        for place, inside, files in os.walk(folder, followlinks=True):
            place = Path(place).relative_to(folder)
            if len(place.parts) >= _MOST_DEPTH:
                inside.clear()
            found |= {(place / name).as_posix() for name in files}
        return found
    archive, inside = (folder, "") if folder.is_file() else find_archive(folder) or (None, "")
    if archive is None:
        raise NotADirectoryError(f"a folder or zip archive with one folder a class is required, got {folder}.")
    top = f"{inside}/" if inside else ""
    found = {member.removeprefix(top) for member in member_names(archive) if member.startswith(top)} - {""}
    return {name for name in found if not name.endswith("/") or name.count("/") == 1}


def _check_classes(folder, names, clips, all_clips):
    """Raise if clips are not in the folder of a class, or a class has no clip, as they would be lost without notice."""
    if any("/" not in name for name in all_clips) and not clips:
        raise ValueError(
            f"{folder} must hold a folder a class, got clips without one; move those of each class into a folder of its "
            f"name, or {_WAYS}."
        )
    there = {name.split("/")[0] for name in names if "/" in name and not is_background(name)}
    empty = sorted(there - {name.split("/")[0] for name in clips})
    if empty or not clips:
        what = f"{', '.join(empty)} {'has' if len(empty) == 1 else 'have'} none" if empty else "there are none"
        raise ValueError(
            f"{folder} must hold a folder a class with files {_KINDS}, {what}; convert other files, remove other folders, "
            f"name the folder that holds the classes, or {_WAYS}."
        )


def _warn_left_out(folder, names):
    left = Counter(_what(name) for name in names if not name.endswith("/"))
    if left:
        told = ", ".join(f"{what} ({n})" for what, n in sorted(left.items()))
        warnings.warn(
            f"{folder}: left out what is no recording with a label: {told}; convert or move the recordings among it.",
            stacklevel=3,
        )


def _what(name):
    if is_background(name):
        return f"background in {name.split('/')[-2]}"
    if name.lower().endswith(SUFFIXES) and name.count("/") > 1:
        return "recordings in deeper folders"
    return Path(name).suffix.lower() or "without an ending"
