"""Texts with labels from a table."""

import os
import warnings

import pandas as pd

from seqconv.arguments import choice, flag
from seqconv.data import SequenceSet
from seqconv.data.label_spellings import label_spellings, warn_of_spellings
from seqconv.domains.lines import parse_labels
from seqconv.domains.several_labels import several_labels
from seqconv.domains.text.text_columns import find_columns
from seqconv.domains.text.text_table import Rows, read_rows

_MOST_NAMED = 5


def read_texts(
    path: str | os.PathLike,
    text: str | int | None = None,
    label: str | int | list[str | int] | None = None,
    group: str | int | None = None,
    *,
    separator: str | None = None,
    encoding: str | None = None,
    fold_labels: bool = False,
    errors: str = "raise",
) -> SequenceSet:
    """Read texts and their labels from a table.

    Parameters
    ----------
    path : str or path
        CSV file, also ``.gz`` or the one member of a ``.zip``, or Excel or Parquet where pandas can read it.
    text, label : str or int, optional
        Name or position of the column. None finds it by a well-known name, else by what the columns hold. As label also
        a list of columns, with a label of 0 or 1 in each.
    group : str or int, optional
        Name or position of the column of writers, threads or customers. None reads no groups.
    separator : str, optional
        None finds a comma, semicolon, tab or bar.
    encoding : str, optional
        None finds UTF-8, UTF-16 and cp1252.
    fold_labels : bool, default=False
        Make labels one that differ only in case, blanks or Unicode form: all take the most frequent spelling.
    errors : {"raise", "skip"}, default="raise"
        Raise if rows lack a text or label or have too many cells, or leave such rows out with one warning.

    Returns
    -------
    SequenceSet
        X: list of str. y: labels without blanks around them; a data frame if `label` is a list; None if no column can
        hold labels. about: a data frame with ``record``, the number of the row below the names, from 0.

    Raises
    ------
    ValueError
        If there is no such column, no row, or under ``"raise"`` a row without text or label.
        If the file is not in the given encoding, or quotes are left open.
    ImportError
        If pandas lacks a library for this kind of file.
    OSError
        If the file cannot be read.

    Warns
    -----
    UserWarning
        If columns or the encoding had to be guessed.
        If quotes swallow rows, or letters were lost.
        If rows are left out.
        If labels differ only in case, blanks or Unicode form.

    Notes
    -----
    Labels are whole numbers if all are plain ones, such as 0 and 1, else strings.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "tickets.csv")
    >>> _ = path.write_bytes("text;queue\\nRechnung – bitte prüfen;billing\\nkein Zugang;access\\n".encode())
    >>> tickets = read_texts(path)
    >>> tickets.X, tickets.y.tolist()
    (['Rechnung – bitte prüfen', 'kein Zugang'], ['billing', 'access'])
    """
    choice("errors", errors, ("raise", "skip"))
    flag("fold_labels", fold_labels)
    rows = read_rows(path, separator, encoding, errors)
    several = list(label) if isinstance(label, list | tuple) else [label]
    if not several or (len(several) > 1 and None in several):
        raise ValueError(f"label must be a column or a list of columns, got {label!r}.")
    is_header, columns, doubt = find_columns(path, rows.frame, {"text": text, "label": several[0], "group": group})
    if doubt:
        warnings.warn(doubt, stacklevel=2)
    if columns["label"] is not None:
        _mend_quotes(rows, columns["label"])
    frame = rows.frame.iloc[1:] if is_header else rows.frame
    cells = {role: frame[column].str.strip() for role, column in columns.items() if column is not None}
    if len(several) > 1:
        del cells["label"]
        for name in several:
            _, found, _ = find_columns(path, rows.frame, {"text": columns["text"], "label": name, "group": group})
            cells[f"label {name!r}"] = frame[found["label"]].str.strip()
    kept = _without_holes(path, cells, errors)
    y = None if "label" not in cells else cells["label"][kept].tolist()
    table = None
    if len(several) > 1:
        columns_of_labels = [cells[f"label {name!r}"][kept] for name in several]
        table = several_labels(list(map(list, zip(*columns_of_labels, strict=True))), several)
    if y is not None and fold_labels:
        chosen = {label: next(iter(one)) for one in label_spellings(y) for label in one}
        y = [chosen.get(label, label) for label in y]
    elif y is not None:
        warn_of_spellings(y, "fold_labels=True makes them one.")
    return SequenceSet(
        frame[columns["text"]][kept].tolist(),
        table if y is None else parse_labels(y),
        groups=None if "group" not in cells else cells["group"][kept].to_numpy(str),
        about=pd.DataFrame({"record": kept.to_numpy().nonzero()[0]}),
    )


def _mend_quotes(rows: Rows, label) -> None:
    """Warn of quotes that swallow rows; take quotes as characters where that is clearly right."""
    labels = set(rows.frame[label])
    place = list(rows.frame.columns).index(label)
    n_columns = rows.frame.shape[1]
    swallowed = []
    for column in rows.frame:
        for cell in rows.frame.loc[rows.frame[column].str.contains("\n"), column]:
            inner = [line.split(rows.separator) for line in cell.split("\n")[1:]]
            if any(len(row) == n_columns and row[place].strip('"') in labels for row in inner):
                swallowed.append(rows.line_of(cell))
    if not swallowed:
        return
    lines = ", ".join(map(str, swallowed[:_MOST_NAMED]))
    way = "quotes are read as characters, as each line has the same number of cells"
    way = way if rows.without_quotes() else "close or double the quote there"
    warnings.warn(f"{rows.path}, line {lines}: a quote makes several rows one text; {way}.", stacklevel=3)


def _without_holes(path, cells, errors):
    """Return which rows have all cells; count the others in one message."""
    is_kept, told = True, []
    for role, column in cells.items():
        is_empty = column == ""
        if is_empty.any():
            numbers = [str(i + 1) for i in is_empty.to_numpy().nonzero()[0]]
            shown = ", ".join(numbers[:_MOST_NAMED]) + (", ..." if len(numbers) > _MOST_NAMED else "")
            told.append(f"{len(numbers):,} have no {role} (rows {shown} below the names)")
        is_kept &= ~is_empty
    what = f"{path}: of {len(is_kept):,} rows {' and '.join(told)}"
    if not is_kept.any():
        raise ValueError(f"{path} must have a row with text and label, it has none.")
    if told and errors == "raise":
        raise ValueError(f"{what}; fill them, or leave them out by errors='skip'.")
    if told:
        warnings.warn(f"{what}; they are left out.", stacklevel=3)
    return is_kept
