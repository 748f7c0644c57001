"""Arrays with names, of xarray and awkward, as one data frame a case; neither library is imported."""

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd


def from_xarray(array: Any, id: Hashable | None, time: Hashable | None) -> tuple[dict, list]:
    """Return a data frame a case of an array or a data set of xarray.

    Parameters
    ----------
    array : DataArray or Dataset
    id : str or None
        Dimension of the cases. None takes the one left over beside the time, if it is the only one.
    time : str or None
        Dimension of the steps. None takes the one of name ``time``.

    Returns
    -------
    frames : dict of name to data frame
        Columns are the channels, and the coordinates and variables that have one value a case. The index is the time.
    single : list of str
        The columns with one value a case.

    Raises
    ------
    ValueError
        If a dimension is not there, or several are left over for the channels.
    """
    is_set = hasattr(array, "data_vars")
    dims = list(array.dims)
    time = "time" if time is None and "time" in dims else time
    rest = [dim for dim in dims if dim != time]
    id = rest[0] if id is None and len(rest) == 1 else id
    if id not in dims or time not in dims or id == time or len(dims) > 3:
        raise ValueError(
            f"id and time must name two of the dimensions {dims}, and at most one may be left over for the channels; got "
            f"id={id!r} and time={time!r}. For one recording use array.expand_dims('case')."
        )
    axis = next((dim for dim in dims if dim not in (id, time)), None)
    if is_set:
        found = {name: variable for name, variable in array.data_vars.items() if set(variable.dims) == {id, time}}
        other = [name for name, one in array.data_vars.items() if name not in found and tuple(one.dims) != (id,)]
        if other or not found:
            raise ValueError(
                f"each variable must have the dimensions ({id!r}, {time!r}) or ({id!r},), got others: {other}; drop them, or "
                "give one of them as an array."
            )
        values = {name: np.asarray(one.transpose(id, time)) for name, one in found.items()}
        single = {name: np.asarray(one) for name, one in array.data_vars.items() if name not in found}
    else:
        cube = np.asarray(array.transpose(id, time, *([axis] if axis is not None else [])))
        labels = _labels(array, axis) if axis is not None else [array.name or "value"]
        cube = cube[:, :, None] if axis is None else cube
        values, single = {name: cube[:, :, i] for i, name in enumerate(labels)}, {}
    single |= {name: np.asarray(one) for name, one in array.coords.items() if tuple(one.dims) == (id,) and name != id}
    index = pd.Index(_labels(array, time), name=time)
    frames = {}
    for i, name in enumerate(_labels(array, id)):
        columns = {column: channel[i] for column, channel in values.items()}
        frames[name] = pd.DataFrame(columns | {column: one[i] for column, one in single.items()}, index=index)
    return frames, list(single)


def from_awkward(array: Any) -> list[pd.DataFrame]:
    """Return a data frame a case of an awkward array, such as of type ``cases * var * {x: float64, y: float64}``.

    Parameters
    ----------
    array : awkward.Array
        Records of lists, lists of records, or lists of numbers.

    Returns
    -------
    list of data frames
        Columns are the fields, or ``value``.
    """
    fields = list(array.fields)
    if not fields:
        return [pd.DataFrame({"value": case}) for case in array.tolist()]
    columns = {field: array[field].tolist() for field in fields}
    return [pd.DataFrame({field: columns[field][i] for field in fields}) for i in range(len(array))]


def _labels(array, dim):
    """Return the coordinate of a dimension, or its positions."""
    return list(pd.Index(np.asarray(array.coords[dim]))) if dim in array.coords else list(range(array.sizes[dim]))
