"""Tables of rows as cases: long tables, frames of cases, nested frames, labelled arrays."""

import itertools
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from seqconv.data import SequenceSet
from seqconv.domains.series.frame_channels import choose_channels
from seqconv.domains.series.frame_forms import as_table
from seqconv.domains.series.frame_ids import warn_of_names
from seqconv.domains.series.frame_labels import is_column, label_columns, labels_a_case, one_a_case
from seqconv.domains.series.frame_times import checked_times


def frames_to_cases(
    frame: Any,
    id: Hashable | Sequence[Hashable] | None = None,
    time: Hashable | None = None,
    channels: Sequence[Hashable] | None = None,
    label: Hashable | Mapping | Sequence | pd.Series | pd.DataFrame | None = None,
    group: Hashable | Mapping | Sequence | pd.Series | None = None,
) -> SequenceSet:
    """Convert tables to cases, with channels matched by name and rows sorted by time.

    Parameters
    ----------
    frame : data frame, list or dict of data frames, or labelled array
        One of these forms:

        - A long table, one row a step. `id` names the column or columns that tell the cases apart.
        - A frame whose index has the levels (id, time), with or without names.
        - A long table grouped by its id, as ``table.groupby("id")``.
        - A list, or a dict of name to frame, with one frame or series a case. Also pairs of name and frame, as
          ``list(table.groupby("id"))``, and a dict of arrays (n_steps_i,) or (n_steps_i, n_channels).
        - A frame with one row a case, whose cells hold series or arrays, as sktime nests them.
        - An array or data set of xarray. `id`, `time` are dimensions; the one left over, or the variables, are channels.
        - An awkward array of records, and any table with ``to_pandas``, such as one of polars.
    id : str or list of str, optional
        Column, level of the index or dimension that names the case of each row.
        A list of columns names it together, such as patient and session.
    time : str, optional
        Column, level of the index or dimension by which the rows of a case are sorted: numbers, dates or ISO strings.
        None sorts by an index of dates and by the last of several levels. Any other rows keep their order.
    channels : list of str, optional
        Columns to take, in this order. None takes all numeric columns without another role, as the first frame has them.
    label, group : str, dict, series or list, optional
        Column with one value a case, or values by the name of the case. A list of frames, a dict of frames and a
        frame with a row a case also take a list or array, with one value a case in their order. A label may also be a
        list of columns, or a data frame by the name of the case, with a label of 0 or 1 in each column. A value may be
        a set or list of labels.

    Returns
    -------
    SequenceSet
        X: list of data frames (n_steps_i, n_channels), all with the same columns, in order of first appearance.
        `fit` remembers the names of the columns. y and groups: as given; y of several columns is a data frame. about: a data frame. Its columns are
        ``record`` (name of the case) and, with a time, ``first`` and ``last`` (time of its first and last row).

    Raises
    ------
    ValueError
        If the rows are not told apart by an `id`, or a row has no `id` or no time.
        If a column is not there, or a frame has other channels than the first; the message names the case.
        If the label or the group changes within a case, or is missing; the message names the case.
        If a channel holds text that is not a number; the message names the case.
        If a date can be read in two orders of day and month.
    TypeError
        If `frame` is of none of these forms.

    Warns
    -----
    UserWarning
        If columns without a role are left out, or are taken though their name says label or time.
        If a case has several rows of one time, or its rows are not in order of an index that is not a time.
        If each case has a single row.
        If a column of text that is left out changes within most cases, as a part of their name does.
        If a label or group has blanks around it, which are left out.

    Notes
    -----
    Missing values stay NaN. Missing rows are not added: a step is a row, however much time lies between two rows.

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "walk": ["a", "a", "b", "a", "b"], "t": [2, 1, 1, 3, 2], "ax": [0.2, 0.1, 5, 0.3, 6], "who": list("xxzxz"),
    ... })
    >>> cases = frames_to_cases(table, id="walk", time="t", label="who")
    >>> [case["ax"].tolist() for case in cases.X], cases.y.tolist()
    ([[0.1, 0.2, 0.3], [5.0, 6.0]], ['x', 'z'])
    >>> cases.about
      record  first  last
    0      a      1     3
    1      b      1     2
    """
    table = as_table(frame, id, time, channels)
    times = checked_times(table, time)
    y = labels_a_case(table, label)
    groups = one_a_case(table, "group", group)
    taken = [*table.id, *table.single, *label_columns(table, label)]
    taken += [name for name in (time, label, group) if is_column(name)]
    rows = choose_channels(table, channels, taken)
    warn_of_names(table, [name for name in table.rows.columns if name not in taken and name not in rows.columns])
    # Cases below one another; rows of one time keep their order.
    ranks = [] if times is None else [pd.factorize(times, sort=True)[0]]
    order = np.lexsort([*ranks, table.codes])
    rows = rows.iloc[order]
    bounds = np.flatnonzero(np.diff(table.codes[order], prepend=-1, append=len(table.names)))
    about = pd.DataFrame({"record": pd.Series(table.names, dtype=object).infer_objects()})
    if times is not None:
        rows.index = times[order]
        about["first"], about["last"] = times[order][bounds[:-1]], times[order][bounds[1:] - 1]
    X = [rows.iloc[start:stop] for start, stop in itertools.pairwise(bounds)]
    return SequenceSet(X, y, groups, about)
