"""Reading of a batch at other steps, and between steps."""

from typing import Any

from keras import ops


def at_steps(x: Any, steps: Any) -> Any:
    """Return x (batch, all steps, channels) at steps (batch, some); steps outside read the nearest end."""
    n_cases, n_steps, n_channels = x.shape
    steps = ops.clip(ops.cast(steps, "int32"), 0, n_steps - 1)
    rows = ops.expand_dims(ops.arange(0, n_cases * n_steps, n_steps, dtype="int32"), 1) + steps
    # One flat look-up of whole rows is several times faster than taking along an axis.
    return ops.take(ops.reshape(x, (-1, n_channels)), rows, axis=0)


def between_steps(x: Any, places: Any) -> Any:
    """Return x (batch, all steps, channels) at places (batch, some), on the line between two neighbours.

    Places run from 0 to the last step. If one of the two neighbours is missing, the nearer one decides: its value, or
    NaN. So a gap moves with its surroundings, and no value is made up across it.
    """
    nearer = ops.round(places)
    offset = places - nearer  # -0.5 to 0.5
    value = at_steps(x, nearer)
    difference = at_steps(x, nearer + ops.sign(offset)) - value
    difference = ops.where(ops.isnan(difference), 0, difference)
    return value + ops.expand_dims(ops.abs(offset), -1) * difference
