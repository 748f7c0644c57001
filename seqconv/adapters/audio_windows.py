"""Long recordings to labelled cases."""

import warnings
from numbers import Real

import numpy as np
from sklearn.utils.parallel import Parallel, delayed

from seqconv.adapters.audio_records import (
    LONGEST_SECONDS,
    check_list,
    check_record,
    cut_record,
    duration_of,
    read_record,
)
from seqconv.adapters.progress import shown
from seqconv.data import SequenceSet

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
    records = check_list(records)
    y = _column(y, "y", len(records))
    groups = np.arange(len(records)) if groups is None else _column(groups, "groups", len(records))
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
    return SequenceSet(
        [record for _, record, _, _ in rows],
        None if y is None else y[about["record"]],
        groups[about["record"]],
        about,
    )


def _windows(record, number, adapter, stride, errors):
    """(record, start, stop) of each case of one recording, all of them read once; or why it cannot be."""
    name = f"recording {number}"
    try:
        record = check_record(record, name)
        rate_hz = adapter.sampling_rate_hz
        found = list(_cut(record, duration_of(record, rate_hz), adapter.max_seconds, stride, rate_hz))
        for window, _, _ in found:
            read_record(window, rate_hz, LONGEST_SECONDS)
    except (ValueError, TypeError, OSError) as error:
        reason = str(error) if name in str(error) else f"{name}: {error}"
        if errors == "skip":
            return reason.rstrip(".")
        kind = ValueError if isinstance(error, ValueError) else type(error)
        raise kind(reason) from error
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
