"""Cut the bars of many tickers into labelled cases, as views of the bars."""

import pathlib
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from seqconv.data import SequenceSet
from seqconv.domains.finance.labelled_windows import check_cut, cut_each, label_windows
from seqconv.domains.finance.price_channels import context_bars
from seqconv.domains.finance.price_columns import split_tickers
from seqconv.domains.finance.price_parts import join_parts
from seqconv.domains.finance.price_records import check_price_record, check_volume, find_bar_fault, read_bars

if TYPE_CHECKING:
    from seqconv.domains.base import Adapter

_TABLES = (".csv", ".csv.gz", ".txt", ".tsv", ".zip", ".parquet")
_DATES = ("start", "stop", "label_start", "label_stop")
_NEVER = np.datetime64("NaT", "ns")


def cut_tickers(
    adapter: "Adapter",
    records: Any,
    groups: Sequence[str] | None,
    label: Callable | None,
    dead_zone: str,
    stride_bars: int,
    errors: str,
    stacklevel: int,
) -> SequenceSet:
    """Cut tickers into cases; see `PriceAdapter.cases`."""
    check_cut(dead_zone, errors, stride_bars, "stride_bars")
    records, tickers = _named(records, groups, adapter.date_order)

    def _cut_ticker(record):
        bars, is_utc = read_bars(check_price_record(record), adapter)
        if fault := find_bar_fault(bars[None]):
            raise ValueError(fault[1])
        check_volume(bars, adapter)
        return *_cut(adapter, bars, label, dead_zone, stride_bars), is_utc

    found, skipped = cut_each(records, tickers, _cut_ticker, errors, "records", stacklevel + 1)
    X = [case for _, (cases, *_) in found for case in cases]
    if not X:
        raise ValueError("at least one case must remain, but no bar has a label outside of the dead zone.")
    without = [str(ticker) for ticker, (cases, *_) in found if not cases]
    if without:
        warnings.warn(
            f"{len(without)} of {len(found)} tickers have no case, as no bar has a label outside of the dead zone: "
            f"{', '.join(without)}.",
            stacklevel=stacklevel + 1,
        )
    y = None if label is None else np.concatenate([labels for _, (_, labels, *_) in found])
    about = pd.concat([origin.assign(record=ticker) for ticker, (_, _, origin, _) in found], ignore_index=True)
    about.insert(0, "record", about.pop("record"))
    zones = {is_utc: ticker for ticker, (*_, is_utc) in found}
    if len(zones) > 1:
        warnings.warn(
            f"{zones[True]} has dates with a time zone or counted from 1970, {zones[False]} has not; its dates are taken "
            "as UTC. Give frames with tz_localize.",
            stacklevel=stacklevel + 1,
        )
    if True in zones:
        for name in _DATES:
            about[name] = about[name].dt.tz_localize("UTC")
    about.attrs["skipped"] = skipped
    return SequenceSet(X, y, about["record"].to_numpy(), about)


def _cut(adapter, bars, label, dead_zone, stride_bars):
    """Return the cases of one ticker, their labels or None, and their origin."""
    n_context = context_bars(adapter.channels)
    length = adapter.n_steps + n_context
    if len(bars) < length:
        raise ValueError(f"a case needs {length} bars, {n_context} of them before its first step, got {len(bars)}.")
    last, labels = label_windows(label, bars, len(bars), length, stride_bars, dead_zone)
    dates = bars["date"]
    origin = {"start": dates[last - adapter.n_steps + 1], "stop": dates[last]}
    if labels is None:
        origin |= {"label_start": _NEVER, "label_stop": _NEVER, "outcome": np.nan}
    else:
        origin |= {"label_start": dates[last + 1], "label_stop": dates[labels.known[last]]}
        origin["outcome"] = labels.outcome[last]
    cases = [bars[i + 1 - length : i + 1] for i in last]
    return cases, None if labels is None else labels.label[last], pd.DataFrame(origin)


def _named(records, groups, date_order):
    """Return the records as a list, and the ticker of each."""
    if isinstance(records, SequenceSet):
        records, groups = records.X, records.groups if groups is None else groups
    elif hasattr(records, "columns"):
        records = {ticker or "the frame": frame for ticker, frame in split_tickers(records).items()}
    elif isinstance(records, str | pathlib.Path) and pathlib.Path(records).is_dir():
        found = sorted(path for path in pathlib.Path(records).iterdir() if path.name.lower().endswith(_TABLES))
        if not found:
            raise ValueError(f"a folder of {', '.join(_TABLES)} files is required, {records} has none.")
        records = found
    if isinstance(records, dict):
        records, groups = list(records.values()), list(records) if groups is None else groups
    if isinstance(records, str | bytes) or not hasattr(records, "__len__"):
        raise TypeError(
            f"records must be a list or dict of price records, or a folder of files, got {records!r:.60} of type "
            f"{type(records).__name__}."
        )
    if len(records) == 0:
        raise ValueError("at least one price record is required, got none.")
    records, groups = join_parts(list(records), date_order) if groups is None else (list(records), list(groups))
    if len(groups) != len(records):
        raise ValueError(f"groups must have one ticker a record, {len(records)} in all, got {len(groups)}.")
    twice = next((number for number, ticker in enumerate(groups) if ticker in groups[:number]), None)
    if twice is not None:
        ticker = groups[twice]
        raise ValueError(
            f"each ticker must come once, records {groups.index(ticker)} and {twice} are both {str(ticker)!r}; give groups."
        )
    return records, groups
