"""Pools of responses compared with thresholds."""

from typing import Any

from keras import ops

# Thresholds compared at once: for 32 cases of 512 steps (32, 12, 512, 42) are 33 MB.
AT_ONCE = 12
# Response of a step that does not count: below any threshold. Finite, as exported graphs multiply where this selects.
LOW = -3e38


def sums(z: Any, thresholds: Any, pools: list[str], is_reference: bool) -> dict[str, list]:
    """Sum over the steps what the pools need, in chunks of thresholds.

    Parameters
    ----------
    z : tensor (batch, 1, steps, kernels)
        `LOW` at steps that do not count.
    thresholds : tensor (thresholds, 1, kernels)
    pools : list of str
    is_reference : bool

    Returns
    -------
    dict of lists of tensors (batch, thresholds, kernels)
        The number of steps "above", and for the pools "mean" and "index" the sums over these steps.
    """
    found = {"above": [], "mean": [], "index": []}
    for start in range(0, thresholds.shape[0], AT_ONCE):
        b = thresholds[start : start + AT_ONCE]
        above = z > b  # (batch, thresholds, steps, kernels)
        found["above"].append(ops.sum(ops.cast(above, "float32"), axis=2))
        if "mean" in pools:
            excess = ops.where(above, z + b, 0) if is_reference else ops.maximum(z - b, 0)
            found["mean"].append(ops.sum(excess, axis=2))
        if "index" in pools:
            steps = ops.reshape(ops.arange(ops.shape(z)[2], dtype="float32"), (-1, 1))
            found["index"].append(ops.sum(ops.where(above, steps, 0), axis=2))
    return found


def longest(z: Any, thresholds: Any, columns: Any, margins: Any, lengths: Any, is_reference: bool) -> Any:
    """Return the longest runs above the thresholds, (batch, features).

    Parameters
    ----------
    z : tensor (batch, steps, columns)
        `LOW` at steps that do not count.
    thresholds : tensor (features,)
    columns : int tensor (features,)
        The column of each feature.
    margins : int tensor (features,)
        Steps that do not count at either end of a case.
    lengths : int tensor (batch, 1), or int
        Steps of each case up to its last real one.
    is_reference : bool
        Whether to return the largest distance between the first step, those below the threshold, and the last.
    """
    z = ops.stop_gradient(z)
    margins = ops.convert_to_tensor(margins, "int32")
    none = ops.zeros((ops.shape(z)[0], thresholds.shape[0]), "float32")
    if z.shape[1] == 0:
        return none

    # A loop over the steps, because backends have no running maximum over an unknown number of them.
    def advance(t, carried):
        run, best = carried
        z_t = ops.take(ops.take(z, t, axis=1), columns, axis=1)  # (batch, features)
        within = ops.logical_and(t >= margins, t < lengths - margins)
        if not is_reference:
            run = ops.where(ops.logical_and(within, z_t > thresholds), run + 1, 0)
            return run, ops.maximum(best, run)
        run = run + ops.cast(within, "float32")
        is_below = ops.logical_and(z_t < thresholds, z_t > LOW / 2)
        return ops.where(ops.logical_and(within, is_below), 0, run), ops.maximum(best, run)

    start = none - 1 if is_reference else none
    return ops.fori_loop(0, ops.shape(z)[1], advance, (start, none))[1]
