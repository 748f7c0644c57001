"""Made-up order books, with sizes that lead the price or not."""

import numpy as np

from seqconv.data import SequenceSet

_LEAD = 20  # snapshots by which the sizes are ahead of the price


def make_order_book(n_days=6, n_snapshots=2000, n_levels=5, signal=True, random_state=0):
    """Made-up level-2 snapshots of one instrument, in which the sizes tell where the price will go, or nothing.

    Parameters
    ----------
    n_days : int, default=6
        At least 1.
    n_snapshots : int, default=2000
        Of each day, at least 2.
    n_levels : int, default=5
        Levels on each side, at least 1.
    signal : bool, default=True
        True: where the bids are larger the price rises 20 snapshots later, where the asks are larger it falls, and which side
        is larger changes every few hundred snapshots. False: the sizes are drawn alike, the price goes up and down by chance.
    random_state : int, default=0
        The same seed gives the same books. The global random state is neither read nor changed.

    Returns
    -------
    SequenceSet
        X: a data frame a day, with ``instrument``, ``day`` and, by level from 1 on, ``ask_price_1``, ``ask_size_1``,
        ``bid_price_1`` and ``bid_size_1``. groups: the days.

    Raises
    ------
    ValueError
        A number out of its range.

    Examples
    --------
    >>> books = make_order_book(n_days=2, n_snapshots=3, n_levels=1)
    >>> books.X[0].shape, books.groups.tolist()
    ((3, 6), ['2012-01-02', '2012-01-03'])
    """
    for name, value, least in (("n_days", n_days, 1), ("n_snapshots", n_snapshots, 2), ("n_levels", n_levels, 1)):
        if value < least:
            raise ValueError(f"{name} must be at least {least}, got {value}.")
    draw = np.random.default_rng(random_state)
    days = np.busday_offset("2012-01-02", np.arange(n_days)).astype(str)
    return SequenceSet([_day(draw, day, n_snapshots, n_levels, signal) for day in days], groups=days)


def _day(draw, day, n_snapshots, n_levels, signal):
    """One session: a side that is larger for some hundred snapshots, and ticks of a hundredth around a price of 100."""
    import pandas as pd

    changes = draw.random(_LEAD + n_snapshots) < 1 / 300
    larger = draw.choice([-1, 1]) * (-1) ** np.cumsum(changes)  # 1: the bids
    agrees = draw.random(n_snapshots) < (0.9 if signal else 0.5)
    step = np.where(agrees, larger[:n_snapshots], -larger[:n_snapshots]) * (draw.random(n_snapshots) < 0.5)
    mid = 10_000 + np.cumsum(step)  # in ticks
    larger = larger[_LEAD:]
    lean = 0.5 * larger[:, None]
    bid_size, ask_size = (np.exp(3 + side * lean + 0.5 * draw.normal(size=(n_snapshots, n_levels))) for side in (1, -1))
    table = {"instrument": "MADE", "day": np.full(n_snapshots, day)}
    for level in range(n_levels):
        table[f"ask_price_{level + 1}"] = (mid + 1 + level) / 100
        table[f"ask_size_{level + 1}"] = np.ceil(ask_size[:, level])
        table[f"bid_price_{level + 1}"] = (mid - 1 - level) / 100
        table[f"bid_size_{level + 1}"] = np.ceil(bid_size[:, level])
    return pd.DataFrame(table)
