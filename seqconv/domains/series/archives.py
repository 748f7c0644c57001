"""Text formats of the series archives, read exactly or rejected by line: .tsv (UCR 2018) and .ts (UEA, aeon)."""

import os

import numpy as np

from seqconv.domains.lines import parse_labels, parse_numbers, read_lines
from seqconv.domains.series.ts_header import add_header_line


def read_tsv(path: str | os.PathLike) -> tuple[np.ndarray | list[np.ndarray], np.ndarray]:
    """Read series and labels of a UCR archive file: one case a line, the label first, separated by tabs.

    Parameters
    ----------
    path : str or path
        Plain or gzip-compressed file.

    Returns
    -------
    X : array of float32, shape (n_cases, n_steps, 1), or list of arrays (n_steps_i, 1)
        A list if lengths differ. Missing values are NaN; NaN after the last observed value is not a step. A case
        without an observed value keeps its steps, all NaN.
    y : array of shape (n_cases,)
        int64 if every label of the file is a plain whole number such as ``-1``. Otherwise the strings of the file, so
        that ``01``, ``1.0``, ``nan`` and ``Banana`` are unchanged.

    Raises
    ------
    ValueError
        If a value is not a number, is infinite or exceeds float32. All messages name file and line.
    ValueError
        If a line has no label or another number of values than the first.
    ValueError
        If the file is cut in the middle of a line.

    Notes
    -----
    Values are parsed in double precision and rounded once to float32. Blank lines are ignored. The last line must have
    its line end, as 0.25 can be the rest of 0.253.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "Toy_TRAIN.tsv")
    >>> _ = path.write_text("1\\t0.5\\t0.25\\n-1\\t2\\tNaN\\n")
    >>> X, y = read_tsv(path)
    >>> y, [len(case) for case in X]
    (array([ 1, -1]), [2, 1])
    """
    cases, labels = [], []
    for line, text in read_lines(path):
        place = f"{path}, line {line}"
        label, *values = text.split("\t")
        if not label.strip(" ") or "\0" in label:
            raise ValueError(f"{place}: a class label must come first, got {label!r}.")
        if cases and len(values) != len(cases[0]):
            raise ValueError(f"{place}: each case must have {len(cases[0])} values as the first, got {len(values)}.")
        if not values:
            raise ValueError(f"{place}: values must follow the label after a tab, got none.")
        cases.append(parse_numbers(values, place)[:, None])
        labels.append(label)
    if not cases:
        raise ValueError(f"{path} must hold at least one case, got none.")
    return _gathered([_without_end(case) for case in cases]), parse_labels(labels)


def read_ts(path: str | os.PathLike) -> tuple[np.ndarray | list[np.ndarray], np.ndarray | None]:
    """Read series and labels of a UEA or aeon ``.ts`` file: a header, then one case a line, the label last.

    Parameters
    ----------
    path : str or path
        Plain or gzip-compressed file.

    Returns
    -------
    X : array of float32, shape (n_cases, n_steps, n_channels), or list of arrays (n_steps_i, n_channels)
        A list if lengths differ. Missing values (``?``) are NaN. Under ``@equalLength true``, or ``@seriesLength``
        alone, each case keeps all declared steps. Otherwise steps after the last one observed in any channel are
        dropped. A case without an observed value keeps its steps, all NaN.
    y : array of shape (n_cases,) or None
        Classes as in `read_tsv`: int64 if every label in the file is a plain whole number, else the exact strings.
        float64 under ``@targetLabel true``; None if the header declares neither.

    Raises
    ------
    ValueError
        If a line cannot be read, as in `read_tsv`. All messages name file and line.
    ValueError
        If a class is not declared, or declared twice.
    ValueError
        If the number of channels or steps differs from the header, or a value is missing under ``@missing false``.
    ValueError
        If a header is unknown, or the series have time stamps.

    Notes
    -----
    Blanks around values and labels are ignored. A label with a blank inside is declared unchanged: ``@classLabel true a
    b`` declares ``a``, ``b`` and ``a b``. A word may come again only as part of such a label of the file. Lines that
    begin with ``#`` or ``%`` and blank lines are ignored. The last line must have its line end.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "Toy_TRAIN.ts")
    >>> _ = path.write_text("@classLabel true Banana fig\\n@data\\n1,2:0,?:Banana\\n3,4:5,6:fig\\n")
    >>> X, y = read_ts(path)
    >>> X.shape, y.tolist()
    ((2, 2, 2), ['Banana', 'fig'])
    """
    header, declared, cases, targets = None, {}, [], []
    for line, text in read_lines(path, comment=(b"#", b"%")):
        place = f"{path}, line {line}"
        text = text.strip(" \t")
        if header is None:
            header = add_header_line(text, declared, place)
            continue
        channels = text.split(":")
        if header.target is not None:
            if len(channels) < 2:
                raise ValueError(f"{place}: a label must come last, after a colon, got none.")
            targets.append(header.checked_target(channels.pop().strip(" \t"), place))
        case = _stacked([parse_numbers(channel.split(","), place) for channel in channels], place)
        header.check_shape(case.shape, cases[0].shape if cases else case.shape, place)
        case = case if header.is_equal else _without_end(case)
        header.check_missing(case, place)
        cases.append(case)
    if not cases:
        raise ValueError(f"{path} must hold at least one case after a line @data, got none.")
    if header.target == "class":
        header.check_classes(targets)
        return _gathered(cases), parse_labels(targets)
    return _gathered(cases), np.array(targets) if header.target == "number" else None


def _stacked(channels, place):
    lengths = [len(channel) for channel in channels]
    if len(set(lengths)) > 1:
        raise ValueError(f"{place}: the channels of a case must have equally many values, got {lengths}.")
    return np.stack(channels, axis=1)


def _without_end(case):
    """Return the steps up to the last observed one; all if none is, so that the case can be named and left out later."""
    observed = np.flatnonzero(~np.isnan(case).all(axis=1))
    return case[: observed[-1] + 1] if len(observed) else case


def _gathered(cases):
    """Return one array if the lengths agree, else a list."""
    return np.stack(cases) if len({len(case) for case in cases}) == 1 else cases
