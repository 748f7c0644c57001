"""Series archives by name: UCR 2018 (one channel) and UEA 2018 (several), with their official split."""

import difflib
import re

import numpy as np

from seqconv.data import SequenceSet
from seqconv.domains import home
from seqconv.domains.series.archives import read_ts, read_tsv


def load_ucr(name: str) -> SequenceSet:
    """Load a set of the UCR archive of 2018: series of one channel, with the split of the archive.

    Parameters
    ----------
    name : str
        Name such as ``"GunPoint"``: a set that seqconv can download, or any in the data home as
        ``ucr/<name>/<name>_TRAIN.tsv`` and ``_TEST.tsv`` (or ``.tsv.gz``).

    Returns
    -------
    SequenceSet
        X: float32 ``(n_cases, n_steps, 1)``, or a list of ``(n_steps_i, 1)`` if lengths differ; NaN is missing. y:
        int64 if all labels are plain whole numbers, as in the whole archive, else the exact strings. part: ``"train"``
        cases first, then ``"test"``.

    Raises
    ------
    ValueError
        If seqconv can neither download nor find the set; the message offers near names and says where to put its files.
    ValueError
        If a file cannot be read exactly; the message names file and line.
    OSError
        If a missing file cannot be downloaded.

    References
    ----------
    Dau et al., The UCR Time Series Archive, IEEE/CAA Journal of Automatica Sinica 6(6), 2019.

    Examples
    --------
    >>> import os, pathlib, tempfile
    >>> from unittest import mock
    >>> home = pathlib.Path(tempfile.mkdtemp())
    >>> (home / "ucr" / "Toy").mkdir(parents=True)
    >>> for part in ("TRAIN", "TEST"):
    ...     _ = (home / "ucr" / "Toy" / f"Toy_{part}.tsv").write_text("1\\t0.5\\t0.25\\n2\\t1\\t0\\n")
    >>> with mock.patch.dict(os.environ, SEQCONV_DATA=str(home)):
    ...     s = load_ucr("Toy")
    >>> s.X.shape, s.y, s.part_is("test")
    ((4, 2, 1), array([1, 2, 1, 2]), array([False, False,  True,  True]))
    """
    return _load("ucr", name, ".tsv", read_tsv)


def load_uea(name: str) -> SequenceSet:
    """Load a set of the UEA archive of 2018: series of several channels, with the split of the archive.

    Parameters
    ----------
    name : str
        Name such as ``"JapaneseVowels"``: a set that seqconv can download, or any in the data home as
        ``uea/<name>/<name>_TRAIN.ts`` and ``_TEST.ts`` (or ``.ts.gz``).

    Returns
    -------
    SequenceSet
        X: float32 ``(n_cases, n_steps, n_channels)``, or a list of ``(n_steps_i, n_channels)`` if lengths differ; NaN
        is missing. y: int64 if all labels are plain whole numbers, else the exact strings (``"1.0"`` stays), float64
        for a regression set. part: ``"train"`` cases first, then ``"test"``.

    Raises
    ------
    ValueError
        If seqconv can neither download nor find the set; the message offers near names and says where to put its files.
    ValueError
        If a file cannot be read exactly; the message names file and line.
    OSError
        If a missing file cannot be downloaded.

    References
    ----------
    Bagnall et al., The UEA multivariate time series classification archive, 2018, arXiv:1811.00075.

    Examples
    --------
    >>> load_uea("JapaneseVowel")
    Traceback (most recent call last):
    ...
    ValueError: name must be a set of the uea archive ..., got 'JapaneseVowel'; ...did you mean 'JapaneseVowels'?
    """
    return _load("uea", name, ".ts", read_ts)


def _load(room, name, suffix, read):
    paths = [f"{room}/{name}/{name}_{part}{suffix}" for part in ("TRAIN", "TEST")]
    _check_name(room, name, paths)
    (X_train, y_train), (X_test, y_test) = (read(home.fetch(path)) for path in paths)
    if X_train[0].shape[1] != X_test[0].shape[1]:
        n_channels = X_train[0].shape[1], X_test[0].shape[1]
        raise ValueError(f"both parts of {name} must have the same channels, got {n_channels[0]} and {n_channels[1]}.")
    y = _joined_labels(y_train, y_test, name)
    part = np.repeat(["train", "test"], [len(X_train), len(X_test)])
    return SequenceSet(_joined(X_train, X_test), y, part=part)


def _check_name(room, name, paths):
    is_plain = isinstance(name, str) and re.fullmatch(r"\w[\w.-]*", name)
    lacking = [path for path in paths if not (is_plain and (path in home.registered() or home.present(path)))]
    if not lacking:
        return
    known = sorted({path.split("/")[1] for path in home.registered() if path.startswith(f"{room}/")})
    folded = {other.casefold(): other for other in known}
    near = [folded[match] for match in difflib.get_close_matches(str(name).casefold(), folded, n=3)]
    offer = f"did you mean {' or '.join(map(repr, near))}?" if near else f"it can fetch {', '.join(known)}."
    where = f"put {' and '.join(lacking)} into {home.data_home()}; " if is_plain else ""
    raise ValueError(
        f"name must be a set of the {room} archive that seqconv can fetch or finds, got {name!r}; {where}{offer}"
    )


def _joined(train, test):
    """Return one array if both parts are arrays of equal length, else a list of cases."""
    if isinstance(train, np.ndarray) and isinstance(test, np.ndarray) and train.shape[1:] == test.shape[1:]:
        return np.concatenate([train, test])
    return [*train, *test]


def _joined_labels(train, test, name):
    kinds = ["no" if y is None else "number" if y.dtype.kind == "f" else "class" for y in (train, test)]
    if kinds[0] != kinds[1]:
        raise ValueError(f"both parts of {name} must have labels of one kind, got {kinds[0]} and {kinds[1]} labels.")
    if train is None:
        return None
    # Labels that became whole numbers were plain, so as text they equal those of the file.
    if train.dtype.kind != test.dtype.kind:
        train, test = train.astype(str), test.astype(str)
    return np.concatenate([train, test])
