"""The forms in which people have cases as tables, each as rows below one another."""

import warnings
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from seqconv.data import SequenceSet
from seqconv.domains.series.frame_ids import columns_of_names, way_of_rows
from seqconv.domains.series.labelled_arrays import from_awkward, from_xarray


class Table(NamedTuple):
    """Rows of all cases below one another.

    Parameters
    ----------
    rows : data frame
    codes : array of int, shape (n_rows,)
        Position of the case of each row.
    names : list
        Name of each case.
    id : list of str
        Columns that name the cases; empty if the form of the table tells them apart.
    is_timed : bool
        Whether the last level of the index is the time.
    is_ordered : bool
        Whether the user gave the cases in an order of their own.
    single : list of str
        Columns that the form of the table marks as one value a case.
    """

    rows: pd.DataFrame
    codes: np.ndarray
    names: list
    id: list
    is_timed: bool
    is_ordered: bool
    single: list

    def case_of(self, row: int) -> str:
        """Return the case of a row, for messages."""
        return f"case {self.names[self.codes[row]]!r}"


def as_table(frame: Any, id: Any, time: Hashable | None, channels: Sequence[Hashable] | None) -> Table:
    """Put the rows of all cases below one another.

    Raises
    ------
    ValueError
        If nothing tells the cases apart, or a row has no `id`.
        If a frame has other columns than the first; the message names the case.
    TypeError
        If `frame` is of no known form.
    """
    if isinstance(frame, pd.api.typing.DataFrameGroupBy) and id is None:
        frame, id = frame.obj, frame.keys
    if hasattr(frame, "dims") and hasattr(frame, "coords"):
        frame, single = from_xarray(frame, id, time)
        return _joined(list(frame.values()), list(frame), channels, single=single, is_timed=True)
    elif type(frame).__module__.startswith("awkward"):
        frame = from_awkward(frame)
    elif not isinstance(frame, pd.DataFrame | pd.Series) and hasattr(frame, "to_pandas"):
        frame = frame.to_pandas()
    if isinstance(frame, pd.Series):
        frame = frame.to_frame("value" if frame.name is None else frame.name)
    if isinstance(frame, pd.DataFrame):
        _check_unique(frame, "")
        if _is_nested(frame):
            frames, names, single = _unnested(frame, id)
            return _joined(frames, names, channels, single=single)
        return _long(frame, id)
    if isinstance(frame, Mapping):
        return _joined(list(frame.values()), list(frame), channels, single=columns_of_names(frame.items()))
    if isinstance(frame, list | tuple) and frame and all(isinstance(one, tuple) and len(one) == 2 for one in frame):
        names = [name for name, _ in frame]
        if len(set(names)) < len(names):
            raise ValueError(f"each pair must have a name of its own, got one again in {names[:8]}.")
        return _joined([one for _, one in frame], names, channels, single=columns_of_names(frame))
    if isinstance(frame, list | tuple) and frame and all(isinstance(one, pd.DataFrame | pd.Series) for one in frame):
        return _joined(list(frame), _names(frame, id), channels, id)
    kinds = sorted({type(one).__name__ for one in frame}) if isinstance(frame, list | tuple) else []
    what = f"{type(frame).__name__}{' of ' + ' and '.join(kinds[:3]) if kinds else ''}"
    what = "a SequenceSet, which holds cases" if isinstance(frame, SequenceSet) else what
    raise TypeError(
        f"frame must be a data frame, a list or dict of data frames, or an array with named dimensions, got {what}; give "
        "arrays of cases to fit as they are."
    )


def column_or_level(rows: pd.DataFrame, name: Hashable, role: str) -> Any:
    """Return a column, or a level of the index, by its name.

    Raises
    ------
    ValueError
        If no column or level has this name.
    """
    if isinstance(name, Hashable) and name in rows.columns:
        return rows[name]
    if isinstance(name, Hashable) and name in rows.index.names:
        return rows.index.get_level_values(name)
    known = [*rows.columns, *(level for level in rows.index.names if level is not None)]
    raise ValueError(f"{role} must be one of the columns {', '.join(map(repr, known[:12]))}, got {name!r}.")


def _long(frame, id):
    levels = frame.index.nlevels
    if len(frame) == 0:
        raise ValueError("frame must have at least one row, got none.")
    if id is None:
        if levels == 1:
            raise ValueError(
                "id must name the column that tells the cases apart, got None; for one case give [frame]. With one case a "
                "row: give frame[columns].to_numpy() to fit."
            )
        keys = [frame.index.get_level_values(i) for i in range(levels - 1)]
        id = [name for name in frame.index.names[:-1] if name is not None]
    else:
        id = id if isinstance(id, list) else [id]
        keys = [column_or_level(frame, name, "id") for name in id]
    for key in keys:
        missing = np.flatnonzero(pd.isna(key))
        if len(missing):
            raise ValueError(f"each row must have an id, row {missing[0]} has none ({len(missing)} in all); drop them.")
    key = pd.Index(keys[0]) if len(keys) == 1 else pd.MultiIndex.from_arrays([np.asarray(key) for key in keys])
    codes, names = pd.factorize(key)
    if len(names) == len(frame) > 1:
        warnings.warn(
            f"each of the {len(frame)} cases has a single row; {way_of_rows(frame)}.",
            stacklevel=4,
        )
    is_timed = levels > 1 and set(id) <= {*frame.index.names[:-1]}
    return Table(frame, codes, names.tolist(), id, is_timed, False, [])


def _names(frames, id):
    """Return the name of each frame: its value of the column `id`, or its position."""
    if id is None:
        return list(range(len(frames)))
    names = []
    for i, frame in enumerate(frames):
        found = list(pd.Index(column_or_level(frame, id, f"id of case {i}")).unique())
        if len(found) != 1:
            raise ValueError(
                f"case {i}: the frames of a list must hold one case each, got {len(found)} values of {id!r}; join them by "
                "pandas.concat first."
            )
        names.append(found[0])
    if len(set(names)) < len(names):
        again = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"each frame must have an id of its own, {again!r} is there again; leave id out.")
    return names


def _joined(frames, names, channels, id=None, single=(), is_timed=False):
    if not frames:
        raise ValueError("frame must hold at least one case, got none.")
    parts = []
    for name, frame in zip(names, frames, strict=True):
        if isinstance(frame, np.ndarray) and frame.ndim in (1, 2):
            frame = pd.Series(frame) if frame.ndim == 1 else pd.DataFrame(frame)
        if isinstance(frame, pd.Series):
            frame = frame.to_frame("value" if frame.name is None or len(names) > 1 else frame.name)
        if not isinstance(frame, pd.DataFrame):
            raise TypeError(f"case {name!r} must be a data frame, a series or an array, got {type(frame).__name__}.")
        if len(frame) == 0:
            raise ValueError(f"each case must have at least one row, case {name!r} has none; leave it out.")
        _check_unique(frame, f"case {name!r}: ")
        _check_columns(name, frame, parts[0] if parts else frame, channels)
        parts.append(frame)
    rows = pd.concat(parts)
    codes = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return Table(rows, codes, list(names), [] if id is None else [id], is_timed, True, list(single))


def _check_unique(frame, place):
    if not frame.columns.is_unique:
        again = frame.columns[frame.columns.duplicated()][0]
        raise ValueError(f"{place}each column must have a name of its own, got {again!r} again; rename one.")


def _check_columns(name, frame, first, channels):
    wanted = set(first.columns if channels is None else [channels] if isinstance(channels, str) else channels)
    lacks = [repr(column) for column in first.columns if column in wanted and column not in frame.columns]
    lacks += [repr(column) for column in wanted - set(first.columns) if column not in frame.columns]
    more = [repr(column) for column in frame.columns if column not in first.columns] if channels is None else []
    if lacks or more:
        what = [f"it lacks {', '.join(lacks[:8])}"] * bool(lacks) + [f"it has {', '.join(more[:8])}"] * bool(more)
        raise ValueError(
            f"all cases must have the columns of the first, case {name!r} differs: {' and '.join(what)}. Rename them, add "
            "a missing one as NaN, or name those that all have in channels."
        )


def _is_nested(frame):
    cells = [frame[name].iloc[0] for name in frame.columns if frame[name].dtype == object] if len(frame) else []
    return any(_is_series(cell) for cell in cells)


def _is_series(cell):
    is_labels = isinstance(cell, list | tuple) and any(isinstance(label, str) for label in cell)
    return isinstance(cell, pd.Series | np.ndarray | list | tuple) and not is_labels and np.ndim(cell) == 1


def _unnested(frame, id):
    """Return a frame a case, and the names of the cases, of a frame with a series in each cell."""
    nested = [name for name in frame.columns if frame[name].dtype == object and _is_series(frame[name].iloc[0])]
    names = frame.index.tolist() if id is None else np.asarray(column_or_level(frame, id, "id")).tolist()
    if len(set(names)) < len(names):
        raise ValueError("each row must be a case with an id of its own, got one again; call reset_index(drop=True).")
    frames = []
    for name, row in zip(names, range(len(frame)), strict=True):
        cells = {column: frame[column].iloc[row] for column in frame.columns}
        lengths = {column: len(cells[column]) if _is_series(cells[column]) else -1 for column in nested}
        if len(set(lengths.values())) > 1 or -1 in lengths.values():
            raise ValueError(
                f"the series of a case must be of one length, those of case {name!r} have {lengths}; fill them with NaN."
            )
        index = getattr(cells[nested[0]], "index", None)
        values = {column: np.asarray(cell) if column in nested else cell for column, cell in cells.items()}
        frames.append(
            pd.DataFrame(values, index=index if isinstance(index, pd.Index) else range(max(lengths.values())))
        )
    return frames, names, [column for column in frame.columns if column not in nested]
