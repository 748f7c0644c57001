"""Synthetic order books from a seed, with or without a signal in the course of the sizes."""

import numpy as np
from scipy.signal import lfilter

from seqconv.arguments import whole
from seqconv.data import SequenceSet

# Number of snapshots of a stretch, at whose end the price jumps.
_SHORTEST, _LONGEST = 50, 70
# Number of snapshots of a swing.
_PERIOD = 10
# Share of the period that the slow half of a swing takes.
_RISE = 0.8
# In ticks.
_JUMP = 10


def make_order_book(
    n_days: int = 6, n_snapshots: int = 2000, n_levels: int = 5, signal: bool = True, random_state: int = 0
) -> SequenceSet:
    """Make synthetic level-2 snapshots of one instrument, in which the sizes predict the price or not.

    Parameters
    ----------
    n_days : int, default=6
        Number of days, at least 1.
    n_snapshots : int, default=2000
        Number of snapshots of each day, at least 2.
    n_levels : int, default=5
        Number of levels on each side, at least 1.
    signal : bool, default=True
        True: the sizes before a jump of the price show its side, see Notes. False: all is drawn alike, but the jumps go
        up and down by chance.
    random_state : int, default=0
        Seed; the global random state is neither read nor changed.

    Returns
    -------
    SequenceSet
        X: a data frame a day, with ``instrument``, ``day`` and, by level from 1 on, ``ask_price_1``, ``ask_size_1``,
        ``bid_price_1`` and ``bid_size_1``. groups: the days.

    Raises
    ------
    ValueError
        If a number is out of its range.

    Notes
    -----
    The price hardly moves for 50 to 70 snapshots and then jumps by 10 ticks. Meanwhile the sizes swing between the
    sides, once in 10 snapshots, around a wandering level. Before a rise they go slowly to the bids and quickly back,
    before a fall quickly there and slowly back. A single snapshot, the price before and sums of the sizes over time
    contain no signal, as one course is the other one run backwards.

    Examples
    --------
    >>> books = make_order_book(n_days=2, n_snapshots=3, n_levels=1)
    >>> books.X[0].shape, books.groups.tolist()
    ((3, 6), ['2012-01-02', '2012-01-03'])
    """
    for name, value, least in (("n_days", n_days, 1), ("n_snapshots", n_snapshots, 2), ("n_levels", n_levels, 1)):
        whole(name, value, least)
    draw = np.random.default_rng(random_state)
    days = np.busday_offset("2012-01-02", np.arange(n_days)).astype(str)
    return SequenceSet([_day(draw, day, n_snapshots, n_levels, signal) for day in days], groups=days)


def _day(draw, day, n_snapshots, n_levels, signal):
    """Return one session, in ticks of a hundredth around a price of 100."""
    import pandas as pd

    stretch, side = _stretches(draw, n_snapshots)
    goes = side if signal else draw.choice([-1, 1], len(side))
    begins = np.diff(stretch, prepend=stretch[0]) > 0
    steps = draw.choice([-1, 1], n_snapshots) * (draw.random(n_snapshots) < 0.1)
    mid = 10_000 + np.cumsum(np.where(begins, _JUMP * goes[stretch - 1], steps))
    lean = (0.5 * _swing(draw, stretch, side) + _level(draw, n_snapshots))[:, None]
    bid_size, ask_size = (np.exp(3 + sign * lean + 0.5 * draw.normal(size=(n_snapshots, n_levels))) for sign in (1, -1))
    table = {"instrument": "MADE", "day": np.full(n_snapshots, day)}
    for level in range(n_levels):
        table[f"ask_price_{level + 1}"] = (mid + 1 + level) / 100
        table[f"ask_size_{level + 1}"] = np.ceil(ask_size[:, level])
        table[f"bid_price_{level + 1}"] = (mid - 1 - level) / 100
        table[f"bid_size_{level + 1}"] = np.ceil(bid_size[:, level])
    return pd.DataFrame(table)


def _stretches(draw, n_snapshots):
    """Return the number of the stretch of each snapshot, and the direction of each stretch: 1 up, -1 down."""
    lengths = draw.integers(_SHORTEST, _LONGEST + 1, n_snapshots // _SHORTEST + 2)
    stretch = np.repeat(np.arange(len(lengths)), lengths)
    return stretch[draw.integers(_SHORTEST) :][:n_snapshots], draw.choice([-1, 1], len(lengths))


def _swing(draw, stretch, side):
    """Return the swing between the sides, -1 the asks to 1 the bids; that of a fall is that of a rise run backwards."""
    cycles = draw.random(len(side))[stretch] + side[stretch] * np.arange(len(stretch)) / _PERIOD
    place = cycles % 1
    return 1 - 2 * np.where(place < _RISE, 1 - place / _RISE, (place - _RISE) / (1 - _RISE))


def _level(draw, n_snapshots):
    """Return a slowly wandering level around 0."""
    moves = 0.06 * draw.normal(size=n_snapshots)
    moves[0] = 0
    return lfilter([1.0], [1.0, -0.98], moves)
