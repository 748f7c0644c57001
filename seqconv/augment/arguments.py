"""Arguments of augmentations, checked when a layer is made."""

import math
import numbers
import operator


def number(name, value, least=-math.inf, most=math.inf, *, open_ended=False):
    """The value as a float from `least` to `most`, or below `most` where that end is open."""
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if is_number and math.isfinite(value) and least <= value <= most and not (open_ended and value == most):
        return float(value)
    raise ValueError(f"{name} must be a number {_span(least, most, open_ended)}, got {value!r}.")


def pair(name, value, least=-math.inf, most=math.inf):
    """The value as two floats (lowest, highest) from `least` to `most`."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise ValueError(f"{name} must be two numbers (lowest, highest), got {value!r}.")
    low, high = (number(f"each of {name}", one, least, most) for one in value)
    if low > high:
        raise ValueError(f"{name} must be (lowest, highest), got {value!r}; exchange the two.")
    return low, high


def choice(name, value, choices):
    """The value, which must be one of the choices."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be {' or '.join(map(repr, choices))}, got {value!r}.")
    return value


def flag(name, value):
    """The value, which must be True or False."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, got {value!r}.")
    return value


def place(name, value):
    """The value as a Python integer of at least 0, or None."""
    try:
        whole = None if value is None else operator.index(value)
    except TypeError:
        whole = -1
    if isinstance(value, bool) or (whole is not None and not 0 <= whole < 2**31):
        raise ValueError(f"{name} must be None or a whole number from 0 to 2**31 - 1, got {value!r}.")
    return whole


def _span(least, most, open_ended):
    if math.isinf(most):
        return "" if math.isinf(least) else f"of at least {least:g}"
    return f"from {least:g} to {'below ' if open_ended else ''}{most:g}"
