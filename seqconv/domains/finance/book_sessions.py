"""Sessions of order books: their checks, and where they are cut."""

import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from seqconv.domains.finance.order_book_columns import FIELDS

_LEAST, _MOST = 1e-30, 1e30
# A step of the mid-price from one snapshot to the next is a jump above both: a share, and this many usual spreads.
_JUMP, _SPREADS = 0.005, 20


class Session(NamedTuple):
    """Snapshots of one instrument on one day.

    Parameters
    ----------
    instrument, day : object
        Values of the frame; None for an array.
    snapshots : structured array of shape (n_snapshots,)
        Fields ``row`` (of the source) and ``ask_price``, ``ask_size``, ``bid_price``, ``bid_size``, each (n_levels,),
        the best first; NaN for a level that the book does not have.
    labels : array of shape (n_snapshots,) or (n_snapshots, 5), or None
        Labels that the source holds.
    """

    instrument: object
    day: object
    snapshots: np.ndarray
    labels: np.ndarray | None = None


def snapshot_dtype(n_levels: int) -> np.dtype:
    """Return the type of a snapshot with that many levels on each side.

    Examples
    --------
    >>> snapshot_dtype(5)["ask_price"].shape
    (5,)
    """
    return np.dtype([("row", "i8"), *((name, "f8", (n_levels,)) for name in FIELDS)])


class UncheckedSession(NamedTuple):
    """Session of a source before its times and snapshots are checked.

    Parameters
    ----------
    instrument, day, snapshots, labels
        Fields of `Session`.
    times : array or None
        Time of each snapshot: datetime64, timedelta64 or seconds.
    place : callable
        Function from the row of a snapshot to its place, for messages.
    are_events : bool
        Whether several snapshots may have one time.
    """

    instrument: object
    day: object
    snapshots: np.ndarray
    labels: np.ndarray | None
    times: np.ndarray | None
    place: Callable[[int], str]
    are_events: bool = False


def check_session(session: UncheckedSession, max_gap_seconds: float | None) -> list[Session]:
    """Check the times and snapshots of a session and cut it at its gaps.

    Returns
    -------
    list of Session

    Raises
    ------
    ValueError
        If a snapshot or a time is not valid; the message names the row.

    Examples
    --------
    >>> from seqconv.domains.finance.order_book_csv import find_sessions
    >>> (session,) = find_sessions(np.array([[10.1, 5, 10.0, 7], [10.2, 5, 10.0, 7]]), n_levels=1)
    >>> [len(one.snapshots) for one in check_session(session._replace(times=np.array([0, 3601])), 3600)]
    [1, 1]
    """
    snapshots, rows = session.snapshots, session.snapshots["row"]
    fault = find_book_fault(snapshots)
    if fault is not None:
        raise ValueError(f"{session.place(rows[fault[0][0]])}: {fault[1]}.")
    ends = []
    if session.times is not None:
        steps = _time_steps(session.times, rows, session.place, session.are_events)
        ends = [] if max_gap_seconds is None else np.flatnonzero(steps > max_gap_seconds) + 1
    return _pieces(session, ends)


def _time_steps(times, rows, place, are_events):
    """Return the seconds from one snapshot to the next, all above 0 but for events."""
    bad = np.isnan(times)
    if bad.any():
        raise ValueError(f"{place(rows[bad.argmax()])}: each snapshot must have a time, got none.")
    steps = np.diff(times)
    if steps.dtype.kind == "m":
        steps = steps / np.timedelta64(1, "s")
    if (steps < 0).any():
        raise ValueError(f"{place(rows[(steps < 0).argmax() + 1])}: time must not go back in a session; sort it.")
    if (steps == 0).any() and not are_events:
        i = (steps == 0).argmax() + 1
        raise ValueError(
            f"{place(rows[i])}: each time must come once in a session, {times[i]} comes twice; keep the last of them."
        )
    return steps


def find_book_fault(snapshots: np.ndarray) -> tuple[tuple[int, ...], str] | None:
    """Find the first snapshot that is not valid, as (index, fault), or None.

    Parameters
    ----------
    snapshots : structured array of shape (..., n_snapshots)

    Examples
    --------
    >>> from seqconv.formats import read_order_book
    >>> book = read_order_book(np.array([[10.1, 5, 10.0, 7]]), n_levels=1)[0].snapshots
    >>> book["bid_price"] = 10.2
    >>> find_book_fault(book)
    ((0,), 'the best bid must not be above the best ask, got 10.2 and 10.1')
    """
    ask, bid = snapshots["ask_price"], snapshots["bid_price"]  # (..., n_snapshots, n_levels)
    for name, prices in (("ask", ask), ("bid", bid)):
        bad = ~((prices >= _LEAST) & (prices <= _MOST)) & ~np.isnan(prices)
        bad[..., 0] |= np.isnan(prices[..., 0])
        if bad.any():
            return _first(bad, f"{name} prices must be above 0, the best one observed, got {{:g}}", prices)
        size = snapshots[f"{name}_size"]
        bad = ~((size >= 0) & (size <= _MOST)) & ~np.isnan(prices)
        if bad.any():
            return _first(bad, f"{name} sizes must be 0 or more, got {{:g}}", size)
        bad = np.diff(prices) < 0 if name == "ask" else np.diff(prices) > 0
        if bad.any():
            return _first(bad, f"{name} prices must go away from the middle, got {{:g}} further out", prices[..., 1:])
    bad = bid[..., :1] > ask[..., :1]
    if bad.any():
        return _first(bad, "the best bid must not be above the best ask, got {:g} and {:g}", bid, ask)
    return None


def _first(bad, sentence, *values):
    """Return the index of the first bad snapshot, and the sentence with its values."""
    index = tuple(int(i) for i in np.argwhere(bad)[0])
    return index[:-1], sentence.format(*(value[index] for value in values))


def cut_joins(session: Session, place: Callable[[int], str], stacklevel: int = 2) -> list[Session]:
    """Cut a session without an instrument where its price jumps as between two instruments or days joined end to end.

    Warns
    -----
    UserWarning
        If it was cut, at `stacklevel` counted from the caller.

    Examples
    --------
    >>> import warnings
    >>> from seqconv.formats import read_order_book
    >>> book = np.array([[100.1, 5, 100.0, 7]] * 3 + [[25.1, 5, 25.0, 7]] * 2)
    >>> with warnings.catch_warnings(record=True):
    ...     [len(one.snapshots) for one in read_order_book(book, n_levels=1)]
    [3, 2]
    """
    if session.instrument is not None:
        return [session]
    ask, bid = (session.snapshots[f"{side}_price"][:, 0] for side in ("ask", "bid"))
    mid = (ask + bid) / 2
    least = max(_JUMP, _SPREADS * float(np.median((ask - bid) / mid)))
    joins = np.flatnonzero(np.abs(np.diff(np.log(mid))) > least) + 1
    if len(joins):
        i = joins[0]
        warnings.warn(
            f"{place(session.snapshots['row'][i])}: the mid-price jumps from {mid[i - 1]:g} to {mid[i]:g}, as where two "
            f"instruments or days are joined ({len(joins)} such rows); sessions are cut there. Give session_starts.",
            stacklevel=stacklevel + 1,
        )
    return _pieces(session, joins)


def _pieces(session, ends):
    snapshots = np.split(session.snapshots, ends)
    labels = [None] * len(snapshots) if session.labels is None else np.split(session.labels, ends)
    return [Session(session.instrument, session.day, *parts) for parts in zip(snapshots, labels, strict=True)]
