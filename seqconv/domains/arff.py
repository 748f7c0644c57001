"""ARFF files of numbers, as Weka and UCI distribute tables, read exactly or rejected by line."""

import os
import re
from typing import NamedTuple

import numpy as np

from seqconv.domains.lines import parse_numbers, read_lines

_NAME = r"(?:'(?P<single>[^']+)'|\"(?P<double>[^\"]+)\"|(?P<plain>[^\s{}',\"%]+))"
_ATTRIBUTE = re.compile(rf"@attribute\s+{_NAME}\s+(?P<kind>\S.*)", re.IGNORECASE)
_NUMERIC = re.compile(r"(numeric|real|integer)(\s*[\[(][^\])]*[\])])?", re.IGNORECASE)
_BEFORE_COMMENT = re.compile(r"((?:'[^']*'|\"[^\"]*\"|[^'\"%])*)%.*")


class ArffTable(NamedTuple):
    """Rows of an ARFF file.

    Parameters
    ----------
    values : array of float64, shape (n_rows, n_numbers)
        NaN for a missing value.
    names : list of str
        Names of the columns of `values`.
    labels : array of str, shape (n_rows,), or None
        Values of the nominal attribute, if there is one.
    """

    values: np.ndarray
    names: list
    labels: np.ndarray | None


def read_arff(path: str | os.PathLike) -> ArffTable:
    """Read the numbers of an ARFF file, and its class if it has one.

    Parameters
    ----------
    path : str or path
        Plain or gzip-compressed file. Attributes are ``numeric``, ``real`` or ``integer``, with a range or without, and
        at most one is nominal (``{open, closed}``). Values are separated by commas or, in rows without any, by tabs.

    Returns
    -------
    ArffTable

    Raises
    ------
    ValueError
        If an attribute is of another kind, or there is no ``@data``. All messages name file and line.
    ValueError
        If a row is sparse or has another number of values.
    ValueError
        If a value is not a number, is infinite or is not among the declared names.
    ValueError
        If the last line has no line end and does not end with a class.

    Notes
    -----
    ``?`` is missing, also ``NaN``; a class must not be. Comments after a ``%`` outside of quotes, and blank lines, are
    ignored. Ranges (``numeric [0,1]``) are not checked.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "eyes.arff")
    >>> _ = path.write_text("@relation eeg\\n@attribute AF3 numeric\\n@attribute eyes {0,1}\\n@data\\n4329.2,0\\n?,1\\n")
    >>> table = read_arff(path)
    >>> table.values[:, 0], table.names, table.labels.tolist()
    (array([4329.2,    nan]), ['AF3'], ['0', '1'])
    """
    attributes, is_data, values, labels = [], False, [], []
    # The most used file of this kind has no last line end. A class at the end of the row shows that the row is complete.
    for line, text in read_lines(path, b"%", lambda row: _ends_with_class(row, attributes)):
        place, text = f"{path}, line {line}", _BEFORE_COMMENT.sub(r"\1", text).strip(" \t")
        if not text:
            continue
        if not is_data:
            is_data = _add_header_line(text, attributes, place)
            continue
        fields = [field.strip(" \t") for field in text.split("," if "," in text else "\t")]
        if text.startswith("{") or len(fields) != len(attributes):
            what = "a sparse row" if text.startswith("{") else f"{len(fields)}"
            raise ValueError(f"{place}: each row must have {len(attributes)} values, got {what}.")
        nominal = next((i for i, (_, kind) in enumerate(attributes) if kind is not None), None)
        if nominal is not None:
            labels.append(_checked_label(fields.pop(nominal), attributes[nominal], place))
        values.append(parse_numbers(fields, place, np.float64))
    if not values:
        raise ValueError(f"{path} must hold at least one row after a line @data, got none.")
    names = [name for name, kind in attributes if kind is None]
    return ArffTable(np.stack(values), names, np.array(labels) if labels else None)


def _ends_with_class(row, attributes):
    """Return whether a row ends with a class that is not the beginning of another one."""
    label = re.split(r"[,\t]", row.decode("utf-8", "replace").rstrip(" \t"))[-1].strip(" '\"")
    _, choices = attributes[-1] if attributes else (None, None)
    return [choice for choice in choices or () if choice.startswith(label)] == [label]


def _add_header_line(text, attributes, place):
    """Add the declaration of a line; return whether the rows begin after it."""
    word = text.split(None, 1)[0].lower()
    if word == "@relation":
        return False
    if word == "@data":
        if not any(kind is None for _, kind in attributes):
            raise ValueError(f"{place}: a numeric attribute is required before @data, got none.")
        return True
    found = _ATTRIBUTE.fullmatch(text)
    if found is None:
        raise ValueError(f"{place}: @relation, @attribute NAME TYPE or @data is required, got {text[:60]!r}.")
    name, kind = found["single"] or found["double"] or found["plain"], found["kind"].strip(" \t")
    if name in [known for known, _ in attributes]:
        raise ValueError(f"{place}: each attribute must have a name of its own, got {name!r} again.")
    if _NUMERIC.fullmatch(kind):
        attributes.append((name, None))
    elif kind.startswith("{") and kind.endswith("}") and all(known is None for _, known in attributes):
        attributes.append((name, [choice.strip(" \t'\"") for choice in kind[1:-1].split(",")]))
    else:
        raise ValueError(
            f"{place}: an attribute must be numeric, real, integer or, one at most, a list {{a,b}}, got {kind[:60]!r}."
        )
    return False


def _checked_label(field, attribute, place):
    name, choices = attribute
    label = field.strip("'\"")
    if label not in choices:
        raise ValueError(f"{place}: {name} must be one of {', '.join(choices)}, got {field[:40]!r}.")
    return label
