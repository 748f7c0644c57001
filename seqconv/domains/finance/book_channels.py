"""Channels of order books: prices relative to the middle, sizes relative to recent ones, from snapshots up to each step."""

from collections.abc import Sequence

import numpy as np

from seqconv.domains.finance.price_channels import trailing_mean

KINDS = ("mid_return", "spread", "prices", "sizes", "imbalance")
_BASIS_POINTS = 10_000


def book_channels(books: np.ndarray, kinds: Sequence[str], context_steps: int) -> np.ndarray:
    """Compute the channels of windows of equal length.

    Parameters
    ----------
    books : structured array of shape (n_cases, n_snapshots)
        Snapshots of `seqconv.formats.read_order_book`.
    kinds : list of str
        Names among `KINDS`.
    context_steps : int
        Number of snapshots over which sizes are averaged.

    Returns
    -------
    array of float32, shape (n_cases, n_snapshots, n_channels)
        Channels in the order of `channel_names`; NaN where a level is empty or the window does not reach back far
        enough.

    Examples
    --------
    >>> from seqconv.formats import read_order_book
    >>> book = read_order_book(np.array([[10.1, 5, 9.9, 15]]), n_levels=1)[0].snapshots
    >>> book_channels(book[None], ["prices", "imbalance"], 1)[0].round(1)
    array([[ 100. , -100. ,    0.5]], dtype=float32)
    """
    mid = mid_prices(books)
    compute = {
        "mid_return": lambda: _mid_return(mid),
        "spread": lambda: _BASIS_POINTS * (books["ask_price"][..., :1] - books["bid_price"][..., :1]) / mid[..., None],
        "prices": lambda: _BASIS_POINTS * (_both(books, "price") / mid[..., None] - 1),
        "sizes": lambda: _sizes(_both(books, "size"), context_steps),
        "imbalance": lambda: _imbalance(books["ask_size"], books["bid_size"]),
    }
    return np.concatenate([compute[kind]() for kind in kinds], axis=2).astype(np.float32)


def channel_names(kinds: Sequence[str], n_levels: int) -> list[str]:
    """Return the names of the channels.

    Examples
    --------
    >>> channel_names(["spread", "imbalance"], 2)
    ['spread', 'imbalance_1', 'imbalance_2']
    """
    levels = range(1, n_levels + 1)
    names = {"mid_return": ["mid_return"], "spread": ["spread"], "imbalance": [f"imbalance_{i}" for i in levels]}
    for what in ("price", "size"):
        names[f"{what}s"] = [f"{side}_{what}_{i}" for side in ("ask", "bid") for i in levels]
    return [name for kind in kinds for name in names[kind]]


def context_snapshots(kinds: Sequence[str], context_steps: int) -> int:
    """Return how many snapshots before a step the channels use."""
    return max(int("mid_return" in kinds), context_steps - 1 if "sizes" in kinds else 0)


def mid_prices(books: np.ndarray) -> np.ndarray:
    """Return the mean of best bid and best ask.

    Examples
    --------
    >>> from seqconv.formats import read_order_book
    >>> mid_prices(read_order_book(np.array([[11, 5, 10, 15]]), n_levels=1)[0].snapshots)
    array([10.5])
    """
    return (books["ask_price"][..., 0] + books["bid_price"][..., 0]) / 2


def _both(books, what):
    """Return asks, then bids, (n_cases, n_snapshots, 2 * n_levels)."""
    return np.concatenate([books[f"ask_{what}"], books[f"bid_{what}"]], axis=2)


def _mid_return(mid):
    out = np.full((*mid.shape, 1), np.nan)
    out[:, 1:, 0] = _BASIS_POINTS * np.log(mid[:, 1:] / mid[:, :-1])
    return out


def _sizes(sizes, context_steps):
    """Return the log of 1 and the size over the mean size of a level in the last snapshots."""
    n_levels = np.maximum((~np.isnan(sizes)).sum(axis=2), 1)
    usual = trailing_mean(np.nansum(sizes, axis=2) / n_levels, context_steps)[..., None]
    return np.log1p(np.divide(sizes, usual, out=np.full(sizes.shape, np.nan), where=usual > 0))


def _imbalance(ask, bid):
    total = ask + bid
    return np.divide(bid - ask, total, out=np.full(total.shape, np.nan), where=total > 0)
