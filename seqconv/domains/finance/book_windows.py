"""Cut order books into labelled cases: windows of one instrument on one day, as views of its snapshots."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from seqconv.data import SequenceSet
from seqconv.data.case_errors import RECORD_ERRORS
from seqconv.domains.finance.book_channels import context_snapshots, mid_prices
from seqconv.domains.finance.book_records import book_list, check_book_record
from seqconv.domains.finance.book_sessions import check_session, cut_joins
from seqconv.domains.finance.given_labels import GivenLabels
from seqconv.domains.finance.labelled_windows import check_cut, cut_each, label_windows
from seqconv.domains.finance.order_book_csv import find_sessions

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter


def cut_books(
    adapter: "Adapter",
    records: Any,
    label: Callable | None,
    dead_zone: str,
    stride_steps: int,
    errors: str,
    session_starts: Sequence | None,
    stacklevel: int,
) -> SequenceSet:
    """Cut order books into cases; see `OrderBookAdapter.cases`."""
    check_cut(dead_zone, errors, stride_steps, "stride_steps")
    records = book_list(records.X if isinstance(records, SequenceSet) else records)
    starts = _starts_by_record(session_starts, len(records))
    column = label.column if isinstance(label, GivenLabels) else None
    opened = []
    for number, record in enumerate(records):
        opened += _opened(number, record, adapter.n_levels, column, starts[number])

    def _cut_session(found):
        number, session = found
        if isinstance(session, Exception):
            raise session
        pieces = check_session(session, adapter.max_gap_seconds)
        parts = []
        for piece in pieces:
            parts += cut_joins(piece, session.place, stacklevel + 3) if session_starts is None else [piece]
        return [(number, *_cut(adapter, part, label, dead_zone, stride_steps)) for part in parts]

    names = [name for name, *_ in opened]
    found, skipped = cut_each([one[1:] for one in opened], names, _cut_session, errors, "sessions", stacklevel + 1)
    parts = [part for _, some in found for part in some if part[1]]
    X = [case for _, cases, _, _ in parts for case in cases]
    if not X:
        raise ValueError("at least one case must remain, but no session is long enough and has a label.")
    about = pd.concat([origin.assign(record=number) for number, _, _, origin in parts], ignore_index=True)
    about.insert(0, "record", about.pop("record"))
    about.attrs["skipped"] = skipped
    names = [_session_name(number, origin) for number, _, _, origin in parts]
    groups = np.repeat(names, [len(cases) for _, cases, _, _ in parts])
    y = None if label is None else np.concatenate([labels for _, _, labels, _ in parts])
    return SequenceSet(X, y, groups, about)


def _starts_by_record(session_starts, n_records):
    """Return the rows at which sessions begin for each record; those of a single record may be given plainly."""
    if session_starts is None:
        return [None] * n_records
    starts = list(session_starts)
    if n_records == 1 and not any(hasattr(one, "__len__") for one in starts):
        starts = [starts]
    if len(starts) != n_records:
        raise ValueError(f"session_starts must be one list of rows a record, {n_records} in all, got {len(starts)}.")
    return starts


def _opened(number, record, n_levels, column, starts):
    """Return name, number and session of all sessions of a record, or its error in the place of the session."""
    name = f"record {number}"
    try:
        sessions = find_sessions(check_book_record(record, n_levels), n_levels, column, starts)
    except RECORD_ERRORS as error:
        return [(name, number, error)]
    if len(sessions) == 1:
        return [(name, number, sessions[0])]
    return [(f"{name}, {session.instrument} on {session.day}", number, session) for session in sessions]


def _session_name(number, origin):
    known = [str(part) for part in origin.loc[0, ["instrument", "day"]] if part is not None]
    return " ".join(known) or f"record {number}"


def _cut(adapter, session, label, dead_zone, stride_steps):
    """Return the cases of one session, their labels or None, and their origin."""
    books = session.snapshots
    length = adapter.n_steps + context_snapshots(adapter.channels, adapter.context_steps)
    if isinstance(label, GivenLabels):
        label = partial(label.of, session)
    last, labels = label_windows(label, mid_prices(books), len(books), length, stride_steps, dead_zone)
    rows = books["row"]
    origin = {"instrument": session.instrument, "day": session.day}
    origin |= {"start": rows[last - adapter.n_steps + 1], "stop": rows[last] + 1}
    origin["label_stop"] = -1 if labels is None else rows[labels.known[last]] + 1
    origin["outcome"] = np.nan if labels is None else labels.outcome[last]
    cases = [books[i + 1 - length : i + 1] for i in last]
    return cases, None if labels is None else labels.label[last], pd.DataFrame(origin, index=range(len(last)))
