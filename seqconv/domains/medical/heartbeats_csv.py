"""Heartbeat csv: a beat a line, padded with zeros, its class last."""

import os

import numpy as np

from seqconv.domains.lines import parse_numbers, read_lines

CLASSES = np.array(["N", "S", "V", "F", "Q"])


def read_heartbeats(path: str | os.PathLike) -> tuple[np.ndarray, np.ndarray]:
    """Read beats and their AAMI classes from a csv without header: values, then 0 to 4 for N, S, V, F and Q.

    Parameters
    ----------
    path : str or path
        Plain or gzip-compressed file, such as ``mitbih_train.csv``.

    Returns
    -------
    X : array of float32, shape (n_beats, n_steps, 1)
        Beats, with NaN in place of the zeros that fill them up at the end. A beat that really ends with 0 loses these
        steps, too.
    y : array of str, shape (n_beats,)

    Raises
    ------
    ValueError
        If a line has another number of values than the first, a value that is not a number, or an unknown class.
    ValueError
        If a value is missing, all values of a beat are 0, or the last line has no line end. All messages name file and
        line.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "beats.csv")
    >>> _ = path.write_text("0.9,0,0.4,0,0,2\\n0.8,0.1,0.2,0.3,0.1,0.0\\n")
    >>> X, y = read_heartbeats(path)
    >>> X[0, :, 0], y.tolist()
    (array([0.9, 0. , 0.4, nan, nan], dtype=float32), ['V', 'N'])
    """
    beats, labels = [], []
    for line, text in read_lines(path):
        beat, label = _parse(text, f"{path}, line {line}", len(beats[0]) if beats else None)
        beats.append(beat)
        labels.append(label)
    if not beats:
        raise ValueError(f"{path} must hold at least one beat, got none.")
    return np.stack(beats)[:, :, None], CLASSES[labels]


def _parse(text, place, n_values):
    """Return a beat with NaN for its padding, and the number of its class."""
    fields = text.split(",")
    if len(fields) < 2 or len(fields) != (n_values or len(fields) - 1) + 1:
        raise ValueError(
            f"{place}: each line must have {n_values or 'some'} values and a class, got {len(fields) - 1}."
        )
    *_, label = numbers = parse_numbers(fields, place)
    beat = numbers[:-1]
    if label not in range(len(CLASSES)):
        raise ValueError(f"{place}: the class must be 0 to {len(CLASSES) - 1}, got {fields[-1][:40]!r}.")
    observed = np.flatnonzero(beat)
    if np.isnan(beat).any():
        value = int(np.isnan(beat).argmax())
        raise ValueError(f"{place}: all values of a beat must be observed, value {value + 1} is missing; leave it out.")
    if not len(observed):
        raise ValueError(f"{place}: a beat must have a value other than 0, got 0 alone; leave it out.")
    beat[observed[-1] + 1 :] = np.nan
    return beat, int(label)
