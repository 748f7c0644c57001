"""Heartbeats and an electroencephalogram by name, with the patients that a split must keep apart."""

from collections.abc import Sequence

import numpy as np

from seqconv.data import SequenceSet
from seqconv.domains import home
from seqconv.domains.arff import read_arff
from seqconv.domains.lines import read_lines
from seqconv.domains.medical.heartbeats_csv import read_heartbeats
from seqconv.domains.medical.overlapping_beats import beats_in_context
from seqconv.domains.medical.wfdb import read_wfdb

_BEATS = "medical/mitbih_ds1/mitbih_ds1.csv"
_RECORDS = "medical/mitbih_ds1/mitbih_ds1_records.csv"
_EYES = "medical/eeg_eye_state/EEG_Eye_State.arff"
_EEG_RATE_HZ = 128.0


def load_heartbeats(context: bool = False) -> SequenceSet:
    """Load the beats of 22 patients of the MIT-BIH Arrhythmia Database, the half called DS1, with AAMI classes.

    Parameters
    ----------
    context : bool, default=False
        Whether X is `seqconv.domains.medical.overlapping_beats.beats_in_context`. Then each beat has the signal before
        it, its difference from the typical beat of its patient and the rhythm around it. No label is used.

    Returns
    -------
    SequenceSet
        X: float32 ``(50998, 187, 1)`` at 125 Hz, from the R peak on, NaN after the end of a beat; or ``(50998, 96,
        10)``. y: ``"N"``, ``"S"``, ``"V"``, ``"F"`` or ``"Q"``. groups: record of each beat; each is of one patient.
        about: a data frame with ``record`` and ``beat``, the number of the beat in the record. The beats of a record
        are in order of time.

    Raises
    ------
    ValueError
        If a file cannot be read exactly; the message names file and line.
    OSError
        If a file is not in the data home.

    Notes
    -----
    Split between patients: beats of one patient resemble one another more than those of a class. A random split gives
    accuracies of 99 % that no new patient reaches.

    References
    ----------
    Moody and Mark (2001), "The impact of the MIT-BIH Arrhythmia Database"; de Chazal, O'Dwyer and Reilly (2004),
    section III.A (DS1).

    Examples
    --------
    >>> import os, pathlib, tempfile
    >>> from unittest import mock
    >>> folder = pathlib.Path(tempfile.mkdtemp(), "medical", "mitbih_ds1")
    >>> folder.mkdir(parents=True)
    >>> _ = (folder / "mitbih_ds1.csv").write_text("0.9,0.1,0,0\\n0.8,0.2,0.1,2\\n")
    >>> _ = (folder / "mitbih_ds1_records.csv").write_text("record\\n101\\n106\\n")
    >>> with mock.patch.dict(os.environ, SEQCONV_DATA=str(folder.parents[1])):
    ...     beats = load_heartbeats()
    >>> beats.X[0, :, 0], beats.y.tolist(), beats.groups.tolist()
    (array([0.9, 0.1, nan], dtype=float32), ['N', 'V'], ['101', '106'])
    """
    import pandas as pd

    path, records_path = home.fetch(_BEATS), home.fetch(_RECORDS)
    X, y = read_heartbeats(path)
    (_, header), *rows = read_lines(records_path)
    records = np.array([text for _, text in rows])
    if header != "record" or len(records) != len(X):
        raise ValueError(
            f"{records_path} must be a line 'record' and one for each of {len(X)} beats, got {len(records)}."
        )
    numbers = pd.Series(records).groupby(records).cumcount()
    about = pd.DataFrame({"record": records, "beat": numbers})
    return SequenceSet(beats_in_context(X, records) if context else X, y, records, about)


def load_heartbeat_records(leads: Sequence[str] | None = None) -> SequenceSet:
    """Load the records 119 and 207 of the MIT-BIH Arrhythmia Database: half an hour each, every beat annotated.

    Parameters
    ----------
    leads : list of str, optional
        Leads among ``"MLII"`` and ``"V1"``; None takes both.

    Returns
    -------
    SequenceSet
        X: two recordings, for `seqconv.adapters.ECGAdapter.cases`. groups: their names, one for each patient.

    Raises
    ------
    ValueError
        If a lead is unknown, or a file cannot be read exactly.
    OSError
        If a file is not in the data home and cannot be downloaded.

    Examples
    --------
    >>> load_heartbeat_records(["V9"])
    Traceback (most recent call last):
    ...
    ValueError: leads must be out of MLII and V1, got ['V9'].
    """
    if leads is not None and (isinstance(leads, str) or set(leads) - {"MLII", "V1"}):
        raise ValueError(f"leads must be out of MLII and V1, got {leads!r}.")
    names = ["119", "207"]
    for name in names:
        for ending in ("hea", "dat", "atr"):
            path = home.fetch(f"medical/mitbih_wfdb/{name}.{ending}")
            if path.suffix == ".gz":
                raise ValueError(f"{path} must be unpacked for wfdb, got a gzip file; unpack it.")
    folder = path.parent
    return SequenceSet([read_wfdb(folder / name, leads=leads) for name in names], groups=names)


def load_eye_state(
    window_seconds: float = 1.0,
    stride_seconds: float | None = None,
    test_fraction: float = 0.3,
    max_microvolt: float = 500.0,
) -> SequenceSet:
    """Load an electroencephalogram of 117 s with open or closed eyes, cut into windows in order of time.

    Parameters
    ----------
    window_seconds : float, default=1.0
        Length of a window, at 128 steps a second.
    stride_seconds : float, optional
        Distance from one window to the next; None is the length of a window. No window of the training part reaches
        into the test part.
    test_fraction : float, default=0.3
        Share of the recording, at its end, that is the test part.
    max_microvolt : float, default=500
        Largest distance from the channel's median over the training part; values beyond become NaN, as no brain makes
        them. This hides four samples.

    Returns
    -------
    SequenceSet
        X: float32 ``(n_windows, n_steps, 14)`` in microvolt above the channel's median over the training part. y:
        ``"open"`` or ``"closed"``; windows with both are left out. part: ``"train"`` and ``"test"``. about: a data
        frame with ``record``, ``start`` and ``stop`` in seconds.

    Raises
    ------
    ValueError
        If a number is out of its range, a part has no window, or the file cannot be read exactly.
    OSError
        If the file is not in the data home and cannot be downloaded.

    Notes
    -----
    The set is often shuffled sample by sample; then the neighbours in time tell the answer. Here the test part comes
    after the training part. One recording of one person allows no conclusion on others.

    References
    ----------
    Roesler (2013), EEG Eye State, UCI Machine Learning Repository.

    Examples
    --------
    >>> load_eye_state(window_seconds=0)
    Traceback (most recent call last):
    ...
    ValueError: window_seconds and stride_seconds must be at least a sample, 1 / 128 s, got 0 and 0.
    """
    import pandas as pd

    stride_seconds = window_seconds if stride_seconds is None else stride_seconds
    n_steps, stride = round(window_seconds * _EEG_RATE_HZ), round(stride_seconds * _EEG_RATE_HZ)
    if n_steps < 1 or stride < 1:
        raise ValueError(
            "window_seconds and stride_seconds must be at least a sample, 1 / 128 s, got "
            f"{window_seconds} and {stride_seconds}."
        )
    if not 0 < test_fraction < 1 or not max_microvolt > 0:
        raise ValueError(
            f"test_fraction must be between 0 and 1 and max_microvolt above 0, got {test_fraction} and {max_microvolt}."
        )
    table = read_arff(home.fetch(_EYES))
    n_train = round(len(table.values) * (1 - test_fraction))
    signal = table.values - np.nanmedian(table.values[:n_train], axis=0)
    signal[np.abs(signal) > max_microvolt] = np.nan
    starts = [*range(0, n_train - n_steps + 1, stride), *range(n_train, len(signal) - n_steps + 1, stride)]
    starts = np.array([i for i in starts if len(set(table.labels[i : i + n_steps])) == 1], int)
    part = np.where(starts < n_train, "train", "test")
    if len(set(part)) < 2:
        raise ValueError("both parts must have a window; lower window_seconds or change test_fraction.")
    X = np.stack([signal[i : i + n_steps] for i in starts]).astype(np.float32)
    y = np.where(table.labels[starts] == "0", "open", "closed")
    seconds = starts / _EEG_RATE_HZ
    about = pd.DataFrame({"record": "eye_state", "start": seconds, "stop": seconds + n_steps / _EEG_RATE_HZ})
    return SequenceSet(X, y, about=about, part=part)
