"""Level-2 snapshots of order books to channels without look-ahead."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from seqconv.arguments import number, whole
from seqconv.data import SequenceSet
from seqconv.data.case_errors import case_error
from seqconv.domains.finance.book_channels import KINDS, book_channels, channel_names, context_snapshots
from seqconv.domains.finance.book_records import book_list, check_book_record, find_snapshot_fault, read_window
from seqconv.domains.finance.book_windows import cut_books
from seqconv.domains.finance.causal import MOST_STEPS, CausalAdapter
from seqconv.domains.finance.labels import smoothed_move
from seqconv.domains.records import check_each

# Cases computed at once, so that intermediate arrays are small.
_CHUNK = 1024
_MOST = {"n_levels": 1000, "context_steps": MOST_STEPS}


class OrderBookAdapter(CausalAdapter):
    """Turn snapshots of an order book into prices around the middle, sizes and imbalances, step by step.

    Parameters
    ----------
    n_steps : int, default=100
        Number of snapshots of a case; those before serve as context only.
    n_levels : int, default=10
        Number of levels on each side, the best first; records may have more.
    channels : list of str
        Channels of a step, in this order:

        ``"mid_return"``: log return of the mid-price since the snapshot before, in basis points. ``"spread"``: best ask
        less best bid, in basis points of the mid-price. ``"prices"``: distance of each ask and each bid from the
        mid-price, in basis points. ``"sizes"``: log of 1 and the size of each level over the mean size of a level in
        the last `context_steps` snapshots. ``"imbalance"``: bid size less ask size over their sum, by level.
    context_steps : int, default=50
        Number of snapshots, the step's own included, for the mean size.
    max_gap_seconds : float or None, default=1800
        Longest time between two snapshots of one window; a lunch break or a halt ends a session. None ignores gaps.
        Records without times have none.
    stream : bool, default=False
        Ask the estimator to call `transform` batch by batch during training, to save memory.

    Attributes
    ----------
    channels_ : list of str
        Names of the channels of X, such as ``"ask_price_1"``.

    Notes
    -----
    A record is one of: an array ``(n_snapshots, 4 * n)`` of one instrument on one day (price and size of the best ask,
    of the best bid, then of the next level); an array of FI-2010, of 149 rows or columns; a data frame, a path or
    LOBSTER's pair of paths as `seqconv.formats.read_order_book` takes it; a window of `cases`. Empty levels are NaN.

    Shape: n_cases records to float32 ``(n_cases, n_steps, n_channels)``: the last `n_steps` snapshots of each record. A
    record with fewer is filled with NaN at the end. A channel that looks further back than the record reaches is NaN
    there; windows of `cases` reach far enough.

    Locate: row of the snapshot and the one after it; for windows of `cases` in the record they were cut from.

    No look-ahead: a step is made of its own snapshot and those before. No window, context or label crosses a day, an
    instrument or a gap. Nothing is learnt from other cases.

    Examples
    --------
    >>> from functools import partial
    >>> from seqconv.adapters import OrderBookAdapter
    >>> from seqconv.domains.finance.labels import smoothed_move
    >>> from seqconv.datasets import make_order_book
    >>> adapter = OrderBookAdapter(n_steps=20, n_levels=3, channels=["mid_return", "imbalance"])
    >>> rule = partial(smoothed_move, horizon_bars=10, threshold=0.0001)
    >>> cases = adapter.cases(make_order_book(n_days=2, n_snapshots=200, n_levels=3), label=rule)
    >>> adapter.fit(cases.X).transform(cases.X[:5]).shape, adapter.channels_
    ((5, 20, 4), ['mid_return', 'imbalance_1', 'imbalance_2', 'imbalance_3'])
    """

    def __init__(
        self,
        n_steps: int = 100,
        n_levels: int = 10,
        channels: Sequence[str] = KINDS,
        context_steps: int = 50,
        max_gap_seconds: float | None = 1800,
        stream: bool = False,
    ):
        self.n_steps = n_steps
        self.n_levels = n_levels
        self.channels = channels
        self.context_steps = context_steps
        self.max_gap_seconds = max_gap_seconds
        self.stream = stream

    def cases(
        self,
        records: Any,
        *,
        label: Callable | None = smoothed_move,
        dead_zone: str = "keep",
        stride_steps: int = 1,
        errors: str = "raise",
        session_starts: Sequence | None = None,
    ) -> SequenceSet:
        """Cut the sessions of order books into cases and label them by the mid-prices that follow.

        Sessions shorter than a window have no case.

        Parameters
        ----------
        records : list of order books, or SequenceSet
            Frames and files may hold several days and instruments.
        label : callable, GivenLabels or None, default=seqconv.domains.finance.labels.smoothed_move
            Function from the mid-prices of a session to `BarLabels`, such as ``functools.partial(smoothed_move,
            threshold=1e-4)``. Or `seqconv.domains.finance.given_labels.GivenLabels`, for labels of FI-2010 and of
            columns. None gives no labels and keeps the cases up to the last snapshot.
        dead_zone : {"keep", "drop"}, default="keep"
            Whether cases labelled ``"none"`` are left out.
        stride_steps : int, default=1
            Distance from the last snapshot of a case to that of the next.
        errors : {"raise", "skip"}, default="raise"
            Raise the error of a session (one instrument on one day) that is not valid, or leave it out with one
            warning. ``about.attrs["skipped"]`` lists those left out with their errors.
        session_starts : list of lists of int, optional
            Rows at which sessions begin, a list a record. None cuts records without instruments where the price jumps
            as between two instruments.

        Returns
        -------
        SequenceSet
            X: snapshots of each case with the context of its channels, as views. y: ``"up"``, ``"down"`` or ``"none"``.
            groups: instrument and day. about: a data frame. Its columns are ``record`` (number), ``instrument``,
            ``day``, the rows ``start`` (first step), ``stop`` (after the last) and ``label_stop`` (after the label),
            and ``outcome`` (move).

        Raises
        ------
        ValueError, TypeError, OSError
            If a record is not valid; under ``"skip"`` if none is. If no session has enough snapshots.

        Warns
        -----
        UserWarning
            If sessions were left out, or cut where the price jumps.
        """
        self._check_parameters()
        return cut_books(self, records, label, dead_zone, stride_steps, errors, session_starts, stacklevel=2)

    array_dims = (3,)

    def _check_records(self, X):
        self._check_parameters()
        return check_each(book_list(X), lambda record: check_book_record(record, self.n_levels))

    def _transform(self, records):
        def _channels(books, rows):
            if fault := find_snapshot_fault(books):
                raise case_error(ValueError, rows[fault[0]], f"{{case}}, {fault[1]}")
            return book_channels(books, self.channels, self.context_steps)

        return self._last_steps(self._series(records), self._n_context(), _CHUNK, _channels)

    def _locate(self, records):
        rows = [books["row"][-self.n_steps :] for books in self._series(records)]
        return [np.stack([row, row + 1], axis=1) for row in rows]

    def _series(self, records):
        return check_each(records, lambda record: read_window(record, self.n_levels, self.max_gap_seconds))

    def _n_context(self):
        return context_snapshots(self.channels, self.context_steps)

    def _check_parameters(self):
        super()._check_parameters()
        for name, most in _MOST.items():
            whole(name, getattr(self, name), 1, most)
        number("max_gap_seconds", self.max_gap_seconds, above=0, optional=True)
        names = self.channels
        if not isinstance(names, list | tuple) or not names or len({*map(str, names)}) < len(names):
            raise ValueError(f"channels must be distinct names out of {', '.join(KINDS)}, got {names!r}.")
        if any(name not in KINDS for name in names):
            raise ValueError(f"channels must be out of {', '.join(KINDS)}, got {list(names)}.")

    def _channel_names(self):
        return channel_names(self.channels, self.n_levels)
