"""Level-2 snapshots of order books to channels that know nothing of the future."""

from numbers import Real

import numpy as np
from sklearn.utils.validation import check_is_fitted

from seqconv.domains.finance.book_channels import KINDS, book_channels, channel_names, context_snapshots
from seqconv.domains.finance.book_records import check_book_list, check_book_record, check_snapshots, read_window
from seqconv.domains.finance.book_windows import cut_books
from seqconv.domains.finance.causal import MOST_STEPS, CausalAdapter
from seqconv.domains.finance.labels import smoothed_move

_CHUNK = 1024  # cases computed at once, so that what lies between is small
_MOST = {"n_levels": 1000, "context_steps": MOST_STEPS}


class OrderBookAdapter(CausalAdapter):
    """Turn snapshots of an order book into prices around the middle, sizes and imbalances, step by step.

    Parameters
    ----------
    n_steps : int, default=100
        Snapshots of a case; those before serve as context only.
    n_levels : int, default=10
        Levels on each side, the best first; records may have more.
    channels : list of str
        What a step holds, in this order:

        ``"mid_return"``: log return of the mid-price since the snapshot before, in basis points. ``"spread"``: best ask less
        best bid, in basis points of the mid-price. ``"prices"``: distance of each ask and each bid from the mid-price, in
        basis points. ``"sizes"``: log of 1 and the size of each level over the mean size of a level in the last
        `context_steps` snapshots. ``"imbalance"``: bid size less ask size over their sum, by level.
    context_steps : int, default=50
        Snapshots, the step's own included, whose mean size the sizes are held against.
    max_gap_seconds : float or None, default=1800
        Two snapshots further apart in time, as over a lunch break or a halt, are in no window together; None takes no heed
        of gaps. Records without times have none.
    stream : bool, default=False
        Ask the estimator to call `transform` batch by batch beside the training, so that the channels of all cases never
        lie in memory at once. `transform` itself does the same.

    Attributes
    ----------
    channels_ : list of str
        Names of the channels of X, such as ``"ask_price_1"``.

    Notes
    -----
    A record is an array ``(n_snapshots, 4 * n)`` of one instrument on one day (price and size of the best ask, of the best
    bid, then of the next level), a data frame or the path of a CSV file as `seqconv.formats.read_order_book` takes it, or a
    window of `cases`. Empty levels are NaN.

    Shape: n_cases records to float32 ``(n_cases, n_steps, n_channels)``: the last `n_steps` snapshots of each record. Of a
    record with fewer all are steps, and the case is filled with NaN at the end. A channel that looks further back than the
    record reaches is NaN there; windows of `cases` reach far enough.

    No look-ahead: a step is made of its own snapshot and those before. No window, context or label crosses a day, an
    instrument or a gap. Nothing is learnt from other cases; the network's stem scales the channels.

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

    def __init__(self, n_steps=100, n_levels=10, channels=KINDS, context_steps=50, max_gap_seconds=1800, stream=False):
        self.n_steps = n_steps
        self.n_levels = n_levels
        self.channels = channels
        self.context_steps = context_steps
        self.max_gap_seconds = max_gap_seconds
        self.stream = stream

    def transform(self, X):
        """Turn order books into channels.

        Parameters
        ----------
        X : list of order books
            Each within one day and instrument.

        Returns
        -------
        array of float32, shape (n_cases, n_steps, n_channels)

        Raises
        ------
        ValueError, TypeError
            A record that is no book or crosses a day or an instrument, a snapshot that cannot be, by case and row.
        """
        cases = self._windows(X)

        def channels(books, rows):
            check_snapshots(books, [f"case {row}" for row in rows])
            return book_channels(books, self.channels, self.context_steps)

        return self._last_steps(cases, context_snapshots(self.channels, self.context_steps), _CHUNK, channels)

    def check(self, X):
        """The records as a list; one of another kind or shape or without snapshots is named by its case.

        Parameters
        ----------
        X : list of order books

        Returns
        -------
        list

        Raises
        ------
        ValueError, TypeError
            A parameter out of range; not a list; a record of another kind or shape or without snapshots.
        """
        self._check_parameters()
        records = enumerate(check_book_list(X))
        return [check_book_record(record, f"case {case}", self.n_levels) for case, record in records]

    def cases(self, records, *, label=smoothed_move, dead_zone="keep", stride_steps=1, errors="raise"):
        """Cut the sessions of order books into cases and label them by the mid-price that came after.

        Parameters
        ----------
        records : list of order books, or SequenceSet
            Frames and files may hold several days and instruments.
        label : callable or None, default=seqconv.domains.finance.labels.smoothed_move
            From the mid-prices of a session to `BarLabels`, such as ``functools.partial(smoothed_move, threshold=1e-4)``.
            None labels nothing and keeps the cases up to the last snapshot.
        dead_zone : {"keep", "drop"}, default="keep"
            Whether cases labelled ``"none"`` are left out.
        stride_steps : int, default=1
            From the last snapshot of a case to that of the next.
        errors : {"raise", "skip"}, default="raise"
            What is done with a session (one instrument on one day) that cannot be, or a record that cannot be read at all:
            raise its error, or leave it out and warn once, with the number of all such and the reason of each.

        Returns
        -------
        SequenceSet
            X: snapshots of each case with the context that its channels need, as views. y: ``"up"``, ``"down"`` or
            ``"none"``. groups: instrument and day. about: a data frame with ``record`` (its number), ``instrument``, ``day``,
            ``start`` and ``stop`` (row of the first step, and the one behind the last), ``label_stop`` (row behind the last
            one that the label speaks of) and ``outcome`` (the move it is about).

        Raises
        ------
        ValueError, TypeError
            A record that is no order book, by number and row; under ``"skip"`` only if none is. No session of enough
            snapshots. OSError where a file is not there.

        Warns
        -----
        UserWarning
            Sessions were left out.

        Notes
        -----
        Sessions shorter than a window have no case.
        """
        self._check_parameters()
        return cut_books(self, records, label, dead_zone, stride_steps, errors)

    def locate(self, X):
        """The rows of each step in its record.

        Parameters
        ----------
        X : list of order books
            Those given to `transform`.

        Returns
        -------
        list of arrays of int, shape (n_steps, 2)
            Row of the snapshot, and the one behind it; of windows of `cases` in the record they were cut from.

        Raises
        ------
        ValueError, TypeError
            As `transform`.
        """
        rows = [books["row"][-self.n_steps :] for books in self._windows(X)]
        return [np.stack([row, row + 1], axis=1) for row in rows]

    def _windows(self, X):
        check_is_fitted(self, "channels_")
        settings = self.n_levels, self.max_gap_seconds
        return [read_window(record, f"case {case}", *settings) for case, record in enumerate(self.check(X))]

    def _check_parameters(self):
        super()._check_parameters()
        for name, most in _MOST.items():
            value = getattr(self, name)
            if not isinstance(value, int | np.integer) or isinstance(value, bool) or not 1 <= value <= most:
                raise ValueError(f"{name} must be a whole number from 1 to {most}, got {value!r}.")
        gap = self.max_gap_seconds
        if gap is not None and not (isinstance(gap, Real) and not isinstance(gap, bool) and 0 < gap < np.inf):
            raise ValueError(f"max_gap_seconds must be None or a number above 0, got {gap!r}.")
        names = self.channels
        if not isinstance(names, list | tuple) or not names or len({*map(str, names)}) < len(names):
            raise ValueError(f"channels must be distinct names out of {', '.join(KINDS)}, got {names!r}.")
        if any(name not in KINDS for name in names):
            raise ValueError(f"channels must be out of {', '.join(KINDS)}, got {list(names)}.")

    def _channel_names(self):
        return channel_names(self.channels, self.n_levels)
