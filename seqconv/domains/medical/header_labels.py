"""Labels of whole recordings from the comments of their headers."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from seqconv.data.recording import Recording
from seqconv.domains.medical.records import name_of
from seqconv.domains.medical.wfdb import header_of_wfdb

if TYPE_CHECKING:
    import pandas as pd


def read_header_labels(
    records: Sequence[Recording | str | os.PathLike], field: str = "Dx", separator: str = ","
) -> "pd.DataFrame":
    """Read the labels of WFDB records from a comment such as ``#Dx: 164889003,426783006``, one column a label.

    Parameters
    ----------
    records : list of recordings or paths of headers
    field : str, default="Dx"
        Word before the colon; the size of letters does not count.
    separator : str, default=","
        Sign between several labels of a record.

    Returns
    -------
    data frame of int, shape (n_records, n_labels)
        1 where a record has the label. Rows have the names of the records, columns those of the labels, sorted. Give it
        as `y` to `ECGAdapter.cases` with ``around="windows"``.

    Raises
    ------
    ValueError
        If a record lacks the field.
    OSError
        If a header does not exist.

    Examples
    --------
    >>> import numpy as np
    >>> signal = np.zeros((9, 1))
    >>> one = Recording(signal, 500, ["I"], name="A1", comments=["Age: 60", "Dx: AF,RBBB"])
    >>> other = Recording(signal, 500, ["I"], name="A2", comments=["Dx: NSR"])
    >>> read_header_labels([one, other])
        AF  NSR  RBBB
    A1   1    0     1
    A2   0    1     0
    """
    import pandas as pd

    rows = []
    for place, record in enumerate(records):
        comments = record.comments if isinstance(record, Recording) else header_of_wfdb(record).comments
        fields = {
            key.strip().lower(): value for key, colon, value in (line.partition(":") for line in comments) if colon
        }
        if field.lower() not in fields:
            there = ", ".join(fields) or "none"
            raise ValueError(
                f"{name_of(record, place)}: a comment {field!r} of the header is required, got {there:.80}."
            )
        rows.append({label.strip() for label in fields[field.lower()].split(separator)} - {""})
    labels = sorted(set().union(*rows))
    names = [name_of(record, place) for place, record in enumerate(records)]
    return pd.DataFrame([[int(label in row) for label in labels] for row in rows], index=names, columns=labels)
