"""Smooth curves over the length of each case, given by a few knots."""

from typing import Any

from keras import ops

from seqconv.augment.observed import step_numbers


def curve_through(knots: Any, lengths: Any, n_steps: int) -> Any:
    """Return the smooth curve through knots at even distances from the first to the last step of each case.

    It is a cubic convolution (Keys 1981): piecewise cubic with a continuous slope. A knot moves two intervals at either
    side at most.

    Parameters
    ----------
    knots : tensor (batch, knots, channels)
        At least 2 knots.
    lengths : tensor (batch, 1)
        Lengths of the cases in steps.
    n_steps : int
        Number of steps of the result.

    Returns
    -------
    tensor (batch, steps, channels)
        After the end of a case its last knot.
    """
    first, last = 2 * knots[:, :1] - knots[:, 1:2], 2 * knots[:, -1:] - knots[:, -2:-1]
    # The ends are continued, so that a line stays a line.
    knots = ops.concatenate([first, knots, last], axis=1)
    numbers = ops.arange(-1, knots.shape[1] - 1, dtype="float32")
    distance = ops.abs(_among_knots(lengths, n_steps, knots.shape[1] - 2) - numbers)
    near = 1 + ops.square(distance) * (1.5 * distance - 2.5)
    far = 2 + distance * (-4 + distance * (2.5 - 0.5 * distance))
    weights = ops.where(distance < 1, near, ops.where(distance < 2, far, 0))  # (batch, steps, knots)
    return ops.matmul(weights, knots)


def warped_places(speeds: Any, lengths: Any, n_steps: int) -> Any:
    """Return where each step of a case is read after a warp of time by speeds at knots.

    The speed is linear from knot to knot. Its integral is written out, so that positive speeds never turn back in time
    and no sum over the steps gathers errors.

    Parameters
    ----------
    speeds : tensor (batch, knots)
        Above 0; only their ratios matter.
    lengths : tensor (batch, 1)
        Lengths of the cases in steps.
    n_steps : int
        Number of steps of the result.

    Returns
    -------
    tensor (batch, steps)
        After the end of a case its last step.
    """
    n_knots = speeds.shape[1]
    numbers = ops.arange(n_knots, dtype="float32")
    offset = ops.clip(_among_knots(lengths, n_steps, n_knots) - numbers, -1, 1)
    # The integral of a hat of width 2 around each knot, without the half of the first hat before the case.
    passed = 0.5 + offset * (1 - 0.5 * ops.abs(offset)) - 0.5 * ops.cast(numbers == 0, "float32")
    # A sum of products, because some GPUs would round the numbers of a matmul.
    distance = ops.sum(passed * ops.expand_dims(speeds, 1), axis=2)  # (batch, steps)
    whole = ops.sum(speeds, axis=1, keepdims=True) - 0.5 * (speeds[:, :1] + speeds[:, -1:])
    return ops.minimum(distance / whole, 1) * ops.maximum(lengths - 1, 0)


def _among_knots(lengths, n_steps, n_knots):
    """Return the places of the steps among the knots, 0 to n_knots - 1, (batch, steps, 1)."""
    places = step_numbers(n_steps) * ((n_knots - 1) / ops.maximum(lengths - 1, 1))
    return ops.expand_dims(ops.minimum(places, n_knots - 1), -1)
