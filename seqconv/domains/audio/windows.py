"""Cut long recordings into labelled cases."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils.parallel import Parallel, delayed

from seqconv.arguments import choice, number
from seqconv.data import SequenceSet
from seqconv.data.case_errors import RECORD_ERRORS
from seqconv.domains.audio.records import (
    LONGEST_SECONDS,
    check_record,
    clip_list,
    cut_record,
    duration_of,
    read_record,
)
from seqconv.domains.progress import shown
from seqconv.domains.records import column_of, naming, report_left_out, rows_of

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter

# Tolerance of sums of seconds, which floats do not hold exactly.
_TOLERANCE = 1e-9


def cut_recordings(
    adapter: "Adapter",
    records: Any,
    y: Sequence | None,
    groups: Sequence | None,
    stride_seconds: float | None,
    errors: str,
    stacklevel: int,
) -> SequenceSet:
    """Cut recordings into cases; see `AudioAdapter.cases`."""
    import pandas as pd

    choice("errors", errors, ("raise", "skip"))
    number("stride_seconds", stride_seconds, above=0, optional=True)
    if stride_seconds is not None and adapter.max_seconds is None:
        raise ValueError("stride_seconds needs max_seconds, the length of a case, got max_seconds=None; set it.")
    stride = adapter.max_seconds if stride_seconds is None else stride_seconds
    records, *columns = _columns(records, y, groups)
    threads = Parallel(n_jobs=adapter.n_jobs, prefer="threads", return_as="generator")
    calls = (delayed(_windows)(record, number, adapter, stride, errors) for number, record in enumerate(records))
    found = list(shown(threads(calls), len(records), "recordings", adapter.verbose))
    skipped = [(number, reason) for number, reason in enumerate(found) if isinstance(reason, str)]
    n_kept = len(records) - len(skipped)
    report_left_out("recordings", len(records), skipped, n_kept, stacklevel + 1)
    rows = [(number, *window) for number, some in enumerate(found) if not isinstance(some, str) for window in some]
    about = pd.DataFrame(
        [(number, start, stop) for number, _, start, stop in rows], columns=["record", "start", "stop"]
    )
    about.attrs["skipped"] = skipped
    y, groups, part = (rows_of(column, about["record"].to_numpy()) for column in columns)
    return SequenceSet([record for _, record, _, _ in rows], y, groups, about, part)


def _columns(records, y, groups):
    """Return the recordings as a list, and their labels, groups and parts; those of a set where not given."""
    part = None
    if isinstance(records, SequenceSet):
        y, groups = records.y if y is None else y, records.groups if groups is None else groups
        records, part = records.X, records.part
    records = clip_list(records)
    groups = np.arange(len(records)) if groups is None else groups
    return records, column_of("y", y, len(records)), column_of("groups", groups, len(records)), part


def _windows(record, number, adapter, stride, errors):
    """Return (record, start, stop) of each case of one recording, all read once, or the reason why it is left out."""
    rate_hz = adapter.sampling_rate_hz
    try:
        with naming(f"recording {number}"):
            record = check_record(record)
            found = list(_cut(record, duration_of(record, rate_hz), adapter.max_seconds, stride, rate_hz))
            for window, _, _ in found:
                read_record(window, rate_hz, LONGEST_SECONDS)
    except RECORD_ERRORS as error:
        if errors == "skip":
            return str(error)
        raise
    return found


def _cut(record: Any, duration: float, longest: float | None, stride: float, rate_hz: float) -> Iterator[tuple]:
    if longest is None and duration > LONGEST_SECONDS:
        raise ValueError(f"a case must last at most {LONGEST_SECONDS} s, it lasts {duration:.0f} s; set max_seconds.")
    if longest is None or duration <= longest:
        yield record, 0.0, duration
        return
    n_whole = int((duration - longest) / stride + _TOLERANCE) + 1
    for i in range(n_whole + 1):
        start, stop = i * stride, min(i * stride + longest, duration)
        if i < n_whole or stop - start >= longest * (0.5 - _TOLERANCE):
            yield cut_record(record, start, stop, rate_hz), start, stop
