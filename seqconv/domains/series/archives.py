"""The two text formats of the series archives, read exactly or refused by line: .tsv (UCR 2018) and .ts (UEA, aeon)."""

import numpy as np

from seqconv.domains.lines import parse_labels, parse_numbers, read_lines
from seqconv.domains.series.ts_header import add_header_line


def read_tsv(path):
    """Series and labels of a UCR archive file: one case a line, the label first, tabs between.

    Parameters
    ----------
    path : str or path
        The file, plain or compressed with gzip.

    Returns
    -------
    X : array of float32, shape (n_cases, n_steps, 1), or list of arrays (n_steps_i, 1)
        A list where lengths differ. Missing values are NaN; NaN behind the last observed value is no step. A case of
        which nothing is observed keeps its steps, all NaN.
    y : array of shape (n_cases,)
        int64 where every label of the file is a plain whole number such as ``-1``; otherwise all are the strings as
        they stand in the file, so that ``01``, ``1.0``, ``nan`` and ``Banana`` stay what they are.

    Raises
    ------
    ValueError
        A line that cannot be read exactly, with the file and the line (from 1): no number, infinity, a number beyond
        float32, another count of values than in the first case, no label, a file cut in the middle of a line.

    Notes
    -----
    Values are parsed in double precision and rounded once to float32. Blank lines are passed over. The last line must
    have its line end: nothing else tells 0.25 from a 0.253 that was cut.

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
        raise ValueError(f"{path} must hold at least one case, it holds none.")
    return _gathered([_without_end(case) for case in cases]), parse_labels(labels)


def read_ts(path):
    """Series and labels of a UEA or aeon ``.ts`` file: a header, then one case a line, the label last.

    Parameters
    ----------
    path : str or path
        The file, plain or compressed with gzip.

    Returns
    -------
    X : array of float32, shape (n_cases, n_steps, n_channels), or list of arrays (n_steps_i, n_channels)
        A list where lengths differ. Missing values (``?``) are NaN. Under ``@equalLength true``, or ``@seriesLength``
        alone, each case keeps the steps promised, NaN at the end or not; else steps behind the last one observed in any
        channel are no steps. A case of which nothing is observed keeps its steps, all NaN.
    y : array of shape (n_cases,) or None
        Classes as in `read_tsv`: int64 where every label in the file is a plain whole number, else the exact strings;
        float64 under ``@targetLabel true``; None where the header promises neither.

    Raises
    ------
    ValueError
        A line that cannot be read exactly, with the file and the line (from 1): as in `read_tsv`, and a class that the
        header does not declare or declares again, another count of channels or steps than declared, a missing value
        under ``@missing false``, an unknown header, time stamps.

    Notes
    -----
    Blanks around values and labels do not count. A label with a blank inside is declared as it stands:
    ``@classLabel true a b`` declares ``a``, ``b`` and ``a b``; a word may come again only as part of such a label that
    the file holds. Lines that begin with ``#`` or ``%`` and blank lines are passed over. The last line must have its
    line end.

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
        raise ValueError(f"{path} must hold at least one case behind a line @data, it holds none.")
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
    """The steps up to the last observed one; all where none is, so that the case can be named and left out later."""
    observed = np.flatnonzero(~np.isnan(case).all(axis=1))
    return case[: observed[-1] + 1] if len(observed) else case


def _gathered(cases):
    """One array if the lengths agree, else a list."""
    return np.stack(cases) if len({len(case) for case in cases}) == 1 else cases
