"""Real recordings of sound by name: spoken digits and environmental sounds, with their official split."""

import re

from seqconv.data import SequenceSet
from seqconv.domains import home
from seqconv.domains.files import member_names

_DIGIT = re.compile(r"(?:.*/)?recordings/(?P<digit>\d)_(?P<speaker>[a-z]+)_(?P<index>\d+)\.wav")
_ESC_COLUMNS = ["filename", "fold", "category", "src_file"]


def load_spoken_digits() -> SequenceSet:
    """Load the Free Spoken Digit Dataset: short recordings of the English digits, 0 to 9, at 8 kHz.

    Returns
    -------
    SequenceSet
        X: list of str, paths through the zip archive, unread. y: int64, the digit. groups: the speaker. part:
        ``"test"`` for the recordings 0 to 4 of each digit and speaker, else ``"train"``. This is the official split,
        which has every speaker in both parts. Leave one speaker out to measure how well a new voice is understood.

    Raises
    ------
    ValueError
        If the archive holds no recording ``recordings/{digit}_{speaker}_{index}.wav`` or is damaged.
    OSError
        If ``audio/fsdd/fsdd_recordings.zip`` is not in the data home; no plain file is known to download.

    Notes
    -----
    The archive that GitHub makes of the repository can be used: the recordings may be in a folder of any name.
    seqconv's figures are of the speakers george, jackson, lucas and nicolas, 50 recordings of each digit and speaker.

    References
    ----------
    Jackson and others, Free Spoken Digit Dataset, github.com/Jakobovski/free-spoken-digit-dataset, CC BY-SA 4.0.

    Examples
    --------
    >>> import os, pathlib, tempfile, zipfile
    >>> from unittest import mock
    >>> home = pathlib.Path(tempfile.mkdtemp())
    >>> (home / "audio" / "fsdd").mkdir(parents=True)
    >>> with zipfile.ZipFile(home / "audio" / "fsdd" / "fsdd_recordings.zip", "w") as archive:
    ...     for name in ("7_george_4.wav", "7_george_5.wav"):
    ...         archive.writestr(f"recordings/{name}", "")
    >>> with mock.patch.dict(os.environ, SEQCONV_DATA=str(home)):
    ...     s = load_spoken_digits()
    >>> s.y, s.groups, s.part
    (array([7, 7]), array(['george', 'george'], dtype='<U6'), array(['test', 'train'], dtype='<U5'))
    """
    path = home.fetch("audio/fsdd/fsdd_recordings.zip")
    found = [match for match in map(_DIGIT.fullmatch, member_names(path)) if match]
    if not found:
        raise ValueError(f"{path} must hold recordings/{{digit}}_{{speaker}}_{{index}}.wav, got none of them.")
    return SequenceSet(
        [f"{path}/{match[0]}" for match in found],
        [int(match["digit"]) for match in found],
        [match["speaker"] for match in found],
        part=["test" if int(match["index"]) < 5 else "train" for match in found],
    )


def load_esc10() -> SequenceSet:
    """Load ESC-10: clips of 5 s of ten environmental sounds, folds 1 to 4 of the five, at 16 kHz.

    Returns
    -------
    SequenceSet
        X: list of str, paths through the zip archive, unread. y: the category, such as ``"rain"``. groups: the source
        recording of a clip; no source is in two folds. part: the fold, int64. The literature tests on each fold in turn
        and reports the mean.

    Raises
    ------
    ValueError
        If ``esc10.csv`` lacks a column, or a clip of it is not in the archive.
    OSError
        If ``audio/esc10/esc10.csv`` or ``esc10_audio.zip`` is not in the data home; no plain file is known to download.

    Notes
    -----
    Some clips are shorter sounds that the authors filled up to 5 s with digital silence.

    References
    ----------
    Piczak, ESC: Dataset for Environmental Sound Classification, ACM Multimedia 2015. CC BY 3.0 and CC0 by clip.

    Examples
    --------
    >>> import os, pathlib, tempfile, zipfile
    >>> from unittest import mock
    >>> home = pathlib.Path(tempfile.mkdtemp())
    >>> (home / "audio" / "esc10").mkdir(parents=True)
    >>> table = home / "audio" / "esc10" / "esc10.csv"
    >>> _ = table.write_text("filename,fold,target,category,esc10,src_file,take\\n1-17-A-0.flac,1,0,dog,True,17,A\\n")
    >>> with zipfile.ZipFile(table.with_name("esc10_audio.zip"), "w") as archive:
    ...     archive.writestr("audio/1-17-A-0.flac", "")
    >>> with mock.patch.dict(os.environ, SEQCONV_DATA=str(home)):
    ...     s = load_esc10()
    >>> s.y, s.groups, s.part
    (array(['dog'], dtype='<U3'), array([17]), array([1]))
    """
    import pandas as pd

    table = home.fetch("audio/esc10/esc10.csv")
    clips = pd.read_csv(table)
    missing = sorted(set(_ESC_COLUMNS) - set(clips.columns))
    if missing or clips[_ESC_COLUMNS].isna().any(axis=None):
        what = f"{', '.join(missing)} missing" if missing else "empty fields"
        raise ValueError(f"{table} must have the columns {', '.join(_ESC_COLUMNS)}, filled in, got {what}.")
    path = home.fetch("audio/esc10/esc10_audio.zip")
    there = {member.rsplit("/", 1)[-1]: member for member in member_names(path)}
    lost = [name for name in clips["filename"] if name not in there]
    if lost:
        raise ValueError(
            f"{path} must hold the {len(clips)} clips of {table.name}, {len(lost)} are not there: {lost[0]}."
        )
    return SequenceSet(
        [f"{path}/{there[name]}" for name in clips["filename"]],
        clips["category"].to_numpy(str),
        clips["src_file"].to_numpy(),
        part=clips["fold"].to_numpy(),
    )
