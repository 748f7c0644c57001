"""Times of cases: columns of their table, or dates that their records hold."""

from typing import Any

import numpy as np

from seqconv.data.dated_splits import instants


def times_of(about: Any) -> dict[str, np.ndarray]:
    """Return ``record``, ``start``, ``stop`` and ``label_stop`` of a table as arrays, those that it has.

    Parameters
    ----------
    about : table or None
        Data frame, structured array or dict of arrays; anything else has no times.

    Returns
    -------
    dict of str to array
        Dates as datetime64, in UTC if they have a time zone.

    Examples
    --------
    >>> times_of({"stop": [1, 2], "note": "ab"}), times_of(["a.wav"])
    ({'stop': array([1, 2])}, {})
    """
    names = getattr(about, "columns", None)
    if names is None:
        names = about if isinstance(about, dict) else _fields(about)
    found = {name: instants(about[name]) for name in ("start", "stop", "label_stop") if name in names}
    return found | ({"record": np.asarray(about["record"])} if "record" in names else {})


def case_times(records: Any) -> dict[str, np.ndarray] | None:
    """Return the first and the last date of records that hold dates, or None.

    Parameters
    ----------
    records : list of structured arrays with a field ``date``
        The X of `PriceAdapter.cases`, for instance.

    Returns
    -------
    dict with ``start`` and ``stop``, or None
        ``start`` is that of the earliest bar, which may be context of the first step.

    Examples
    --------
    >>> bars = np.array([("2015-01-02", 1.0), ("2015-01-05", 1.1)], [("date", "M8[D]"), ("close", "f8")])
    >>> case_times([bars, bars[:1]])["stop"].astype(str).tolist()
    ['2015-01-05', '2015-01-02']
    >>> case_times(np.zeros((3, 4))) is None
    True
    """
    records = getattr(records, "X", records)
    if getattr(records, "ndim", 1) > 1 or not len(records) or not all("date" in _fields(one) for one in records):
        return None
    return {
        "start": np.array([one["date"][0] for one in records]),
        "stop": np.array([one["date"][-1] for one in records]),
    }


def _fields(record):
    return getattr(getattr(record, "dtype", None), "names", None) or ()
