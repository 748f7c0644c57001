"""Long recordings to labelled cases."""

import warnings
from numbers import Real

import numpy as np
from sklearn.utils.parallel import Parallel, delayed

from seqconv.data import SequenceSet
from seqconv.domains.audio.records import (
    LONGEST_SECONDS,
    check_list,
    check_record,
    cut_record,
    duration_of,
    read_record,
)
from seqconv.domains.naming import naming
from seqconv.domains.progress import shown

# Of sums of seconds, which are no whole numbers.
_TOLERANCE = 1e-9


def cut_recordings(adapter, records, y, groups, stride_seconds, errors):
    """What `AudioAdapter.cases` says."""
    import pandas as pd

    if errors not in ("raise", "skip"):
        raise ValueError(f"errors must be 'raise' or 'skip', got {errors!r}.")
    stride = adapter.max_seconds if stride_seconds is None else stride_seconds
    if stride_seconds is not None and not (adapter.max_seconds and isinstance(stride, Real) and 0 < stride < np.inf):
        raise ValueError(f"stride_seconds must be a number above 0, and max_seconds set, got {stride!r}.")
    records, *columns = _columns(records, y, groups)
    threads = Parallel(n_jobs=adapter.n_jobs, prefer="threads", return_as="generator")
    calls = (delayed(_windows)(record, number, adapter, stride, errors) for number, record in enumerate(records))
    found = list(shown(threads(calls), len(records), "recordings", adapter.verbose))
    bad = [reason for reason in found if isinstance(reason, str)]
    if len(bad) == len(records):
        raise ValueError(f"at least one recording must be readable, none of {len(bad)} is: {'; '.join(bad)}")
    if bad:
        warnings.warn(f"{len(bad)} of {len(records)} recordings were left out: {'; '.join(bad)}", stacklevel=3)
    rows = [(number, *window) for number, some in enumerate(found) if not isinstance(some, str) for window in some]
    about = pd.DataFrame(
        [(number, start, stop) for number, _, start, stop in rows], columns=["record", "start", "stop"]
    )
    y, groups, part = (None if column is None else column[about["record"]] for column in columns)
    return SequenceSet([record for _, record, _, _ in rows], y, groups, about, part)


def _columns(records, y, groups):
    """The recordings as a list; their labels, groups and parts, of a set where they are not given."""
    part = None
    if isinstance(records, SequenceSet):
        y, groups = records.y if y is None else y, records.groups if groups is None else groups
        records, part = records.X, records.part
    records = check_list(records)
    groups = np.arange(len(records)) if groups is None else groups
    return records, _column(y, "y", len(records)), _column(groups, "groups", len(records)), part


def _windows(record, number, adapter, stride, errors):
    """(record, start, stop) of each case of one recording, all of them read once; or why it cannot be."""
    name, rate_hz = f"recording {number}", adapter.sampling_rate_hz
    try:
        record = check_record(record, name)
        with naming(name):
            found = list(_cut(record, duration_of(record, rate_hz), adapter.max_seconds, stride, rate_hz))
            for window, _, _ in found:
                read_record(window, rate_hz, LONGEST_SECONDS)
    except (ValueError, TypeError, OSError) as error:
        if errors == "skip":
            return str(error).rstrip(".")
        raise
    return found


def _cut(record, duration, longest, stride, rate_hz):
    if longest is None:
        if duration > LONGEST_SECONDS:
            raise ValueError(
                f"a case must last at most {LONGEST_SECONDS} s, it lasts {duration:.0f} s; set max_seconds."
            )
        yield record, 0.0, duration
        return
    if duration <= longest:
        yield record, 0.0, duration
        return
    n_whole = int((duration - longest) / stride + _TOLERANCE) + 1
    for i in range(n_whole + 1):
        start, stop = i * stride, min(i * stride + longest, duration)
        if i < n_whole or stop - start >= longest * (0.5 - _TOLERANCE):
            yield cut_record(record, start, stop, rate_hz), start, stop


def _column(values, name, n_records):
    if values is None:
        return None
    values = np.asarray(values)
    if len(values) != n_records:
        raise ValueError(f"{name} must have one item a recording, {n_records} in all, got {len(values)}.")
    return values
