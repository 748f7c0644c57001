"""ARFF files of numbers, as Weka and UCI distribute tables, read exactly or rejected by line."""

import csv
import io
import os
import re
import warnings
from typing import NamedTuple

import numpy as np
from scipy.io import arff

from seqconv.domains.lines import parse_numbers, read_lines

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
        Values of the last nominal attribute, if there is one.
    """

    values: np.ndarray
    names: list
    labels: np.ndarray | None


def read_arff(path: str | os.PathLike) -> ArffTable:
    """Read the numbers of an ARFF file, and its class if it has one.

    Parameters
    ----------
    path : str or path
        Plain or gzip-compressed file. Attributes are ``numeric``, ``real`` or ``integer``, with a range or without, or
        nominal (``{open, closed}``); dates are left out. Values are separated by commas or, in rows without any, by tabs.

    Returns
    -------
    ArffTable

    Raises
    ------
    ValueError
        If an attribute is of another kind, or there is no ``@data``. All messages name the file, those of rows the line.
    ValueError
        If a row is sparse or has another number of values.
    ValueError
        If a value is not a number, is infinite or is not among the declared names.
    ValueError
        If the last line has no line end and does not end with a class.

    Warns
    -----
    UserWarning
        If attributes are left out: dates, and nominal ones before the last one.

    Notes
    -----
    The header is read by ``scipy.io.arff``. Its rows are not: it drops what a row has too much, and takes ``inf``,
    ``1_0`` and a class ``?`` without an error.

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
    header, attributes, values, labels = [], [], [], []
    # The most used file of this kind has no last line end. A class at the end of the row shows that the row is complete.
    for line, text in read_lines(path, b"%", lambda row: _ends_with_class(row, attributes)):
        place, text = f"{path}, line {line}", _BEFORE_COMMENT.sub(r"\1", text).strip(" \t")
        if not text:
            continue
        if not attributes:
            header.append(text)
            if text.lower() == "@data":
                attributes.extend(_read_header(header, path))
            continue
        fields = _split(text, place)
        if text.startswith("{") or len(fields) != len(attributes):
            what = "a sparse row" if text.startswith("{") else f"{len(fields)}"
            raise ValueError(f"{place}: each row must have {len(attributes)} values, got {what}.")
        nominal = [i for i, (_, choices) in enumerate(attributes) if choices]
        labels += [_checked_label(fields[i], attributes[i], place, i == nominal[-1]) for i in nominal][-1:]
        numbers = [field for field, (_, choices) in zip(fields, attributes, strict=True) if choices is None]
        values.append(parse_numbers(numbers, place, np.float64))
    if not values:
        raise ValueError(f"{path} must hold at least one row after a line @data, got none.")
    left = [name for name, choices in attributes if choices][:-1]
    left += [name for name, choices in attributes if choices == []]
    if left:
        warnings.warn(
            f"{path}: left out are {', '.join(left)}; the last nominal attribute is the class, and dates are no numbers.",
            stacklevel=2,
        )
    names = [name for name, choices in attributes if choices is None]
    return ArffTable(np.stack(values), names, np.array(labels) if labels else None)


def _read_header(lines, path):
    """Return name and choices of each attribute, None in place of choices for a number, an empty list for a date."""
    unknown = next(
        (line for line in lines if line.split(None, 1)[0].lower() not in ("@relation", "@attribute", "@data")), None
    )
    try:
        if unknown is not None:
            raise ValueError(f"got {unknown[:60]!r}")
        _, header = arff.loadarff(io.StringIO("\n".join(lines) + "\n"))
    except (ValueError, NotImplementedError, arff.ArffError) as error:
        raise ValueError(f"{path}: the header must be @relation and @attribute NAME TYPE: {error}.") from error
    kinds = [(name, *header[name]) for name in header.names()]
    if all(kind != "numeric" for _, kind, _ in kinds):
        raise ValueError(f"{path}: a numeric attribute is required before @data, got none.")
    # Blanks around a quoted name are no part of a class.
    names = {"numeric": lambda choices: None, "nominal": lambda choices: [one.strip() for one in choices]}
    return [(name, names.get(kind, lambda choices: [])(choices)) for name, kind, choices in kinds]


def _split(text, place):
    mark = "," if "," in text else "\t"
    if "'" not in text:
        return [field.strip(" \t") for field in text.split(mark)]
    try:
        fields = next(
            csv.reader([text], delimiter=mark, quotechar="'", escapechar="\\", skipinitialspace=True, strict=True)
        )
    except csv.Error as error:
        raise ValueError(f"{place}: quotes must enclose a whole value: {error}.") from error
    return [field.strip(" \t") for field in fields]


def _ends_with_class(row, attributes):
    """Return whether a row ends with a class that is not the beginning of another one."""
    label = re.split(r"[,\t]", row.decode("utf-8", "replace").rstrip(" \t"))[-1].strip(" '\"")
    _, choices = attributes[-1] if attributes else (None, None)
    return [choice for choice in choices or () if choice.startswith(label)] == [label]


def _checked_label(field, attribute, place, is_class):
    name, choices = attribute
    label = field.strip(" '\"")
    if label not in choices and (is_class or label != "?"):
        raise ValueError(f"{place}: {name} must be one of {', '.join(choices)}, got {field[:40]!r}.")
    return label
