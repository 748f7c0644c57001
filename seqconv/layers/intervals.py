"""Quantiles of intervals that halve a sequence again and again."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from keras import ops

# Above any value; sorted to the end.
HIGH = 3e38


@dataclass(frozen=True)
class Level:
    """Intervals of one level: equal parts of a sequence, and the same moved by half a part.

    Parameters
    ----------
    n_parts : int
        Number of parts.
    is_moved : bool
        Whether there are moved intervals, one less than parts.
    n_quantiles : tuple of int
        Of each interval.
    """

    n_parts: int
    is_moved: bool
    n_quantiles: tuple[int, ...]

    @property
    def firsts(self) -> list[int]:
        """Return the number of the part where each interval begins."""
        return [*range(self.n_parts), *(range(self.n_parts - 1) if self.is_moved else ())]

    @property
    def moves(self) -> list[int]:
        """Return 1 for each moved interval, else 0."""
        return [int(i >= self.n_parts) for i in range(len(self.n_quantiles))]


def levels(length: int, depth: int) -> Iterator[Level]:
    """Yield the levels of a sequence of fitted length.

    An interval has one quantile, and one more for every four steps after its first.

    Examples
    --------
    >>> [level.n_quantiles for level in levels(9, 2)]
    [(3,), (1, 2, 1)]
    """
    for level in range(min(depth, length.bit_length())):
        n_parts = 2**level
        bounds = [length * i // n_parts for i in range(n_parts + 1)]
        widths = [stop - start for start, stop in pairwise(bounds)]
        # The lower median, as in the published code.
        is_moved = n_parts > 1 and sorted(widths)[(n_parts - 1) // 2] > 1
        if is_moved:
            move = -(-length // (2 * n_parts))
            widths += [max(min(bounds[i + 1] + move, length) - bounds[i] - move, 1) for i in range(n_parts - 1)]
        yield Level(n_parts, is_moved, tuple(1 + (width - 1) // 4 for width in widths))


def interval_quantiles(x: Any, lengths: Any, level: Level) -> Any:
    """Return the quantiles of the intervals of a level, (batch, channels, features).

    Parameters
    ----------
    x : tensor (batch, channels, steps)
    lengths : int tensor (batch or 1, 1)
        Steps of each case, at least 1. One entry means that all cases have that length.
    level : Level
    """
    starts, stops = _bounds(lengths, level)  # (batch or 1, intervals)
    width = ops.shape(x)[2] // level.n_parts + 1
    steps = ops.expand_dims(starts, -1) + ops.arange(width, dtype="int32")
    is_inside = ops.expand_dims(steps < ops.expand_dims(stops, -1), 1)  # (batch or 1, 1, intervals, width)
    n_intervals = len(level.n_quantiles)
    steps = ops.reshape(ops.minimum(steps, ops.shape(x)[2] - 1), (-1, 1, n_intervals * width))
    values = ops.reshape(_taken(x, steps), (-1, x.shape[1], n_intervals, width))
    ordered = ops.sort(ops.where(is_inside, values, HIGH), axis=-1)
    widths = ops.expand_dims(ops.expand_dims(stops - starts, 1), -1)  # (batch or 1, 1, intervals, 1)
    mean = ops.sum(ops.where(is_inside, values, 0), axis=-1, keepdims=True) / ops.cast(widths, "float32")
    shares, centred = _shares(level.n_quantiles)
    position = ops.convert_to_tensor(shares, "float32") * ops.cast(widths - 1, "float32")
    below = ops.floor(position)
    part = position - below
    below = ops.cast(below, "int32")
    low = _taken(ordered, below)
    high = _taken(ordered, ops.minimum(below + 1, widths - 1))
    quantiles = low + part * (high - low) - ops.convert_to_tensor(centred, "float32") * mean
    most = max(level.n_quantiles)
    chosen = [i * most + j for i, n in enumerate(level.n_quantiles) for j in range(n)]
    return ops.take(ops.reshape(quantiles, (-1, x.shape[1], n_intervals * most)), chosen, axis=2)


def _bounds(lengths, level):
    """Return the first steps of the intervals and the steps after their last ones."""
    first = ops.convert_to_tensor(level.firsts, "int32")
    moves = (lengths + (2 * level.n_parts - 1)) // (2 * level.n_parts) * ops.convert_to_tensor(level.moves, "int32")
    starts = ops.minimum(lengths * first // level.n_parts + moves, lengths - 1)
    stops = lengths * (first + 1) // level.n_parts + moves
    return starts, ops.minimum(ops.maximum(stops, starts + 1), lengths)


def _taken(x, places):
    """Take places along the last axis; the first axes of `places` may have size 1."""
    n_cases, *others = ops.shape(x)[:-1]
    return ops.take_along_axis(x, ops.broadcast_to(places, (n_cases, *others, ops.shape(places)[-1])), axis=-1)


def _shares(n_quantiles):
    """Return the share of the values below each quantile, and 1 where the mean is subtracted, (intervals, most)."""
    most = max(n_quantiles)
    shares = [[0.5 if n == 1 else min(j / (n - 1), 1.0) for j in range(most)] for n in n_quantiles]
    return shares, [[float(j % 2) for j in range(most)] for _ in n_quantiles]
