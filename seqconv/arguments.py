"""Checks of arguments, with one vocabulary of messages for the whole package."""

import math
import numbers
import operator
from collections.abc import Iterable, Sequence
from typing import Any


def whole(
    name: str, value: Any, least: float = -math.inf, most: float = math.inf, *, optional: bool = False
) -> int | None:
    """Return the value as a Python integer within bounds.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : object
        NumPy integers are accepted, booleans are not.
    least, most : int
        Bounds, both included.
    optional : bool, default=False
        Whether None is accepted and returned.

    Raises
    ------
    ValueError
        If the value is not an integer within the bounds.

    Examples
    --------
    >>> whole("epochs", 3, least=1)
    3
    >>> whole("epochs", 0, least=1)
    Traceback (most recent call last):
    ...
    ValueError: epochs must be a whole number of at least 1, got 0.
    """
    if value is None and optional:
        return None
    try:
        found = None if is_boolean(value) else operator.index(value)
    except TypeError:
        found = None
    if found is None or not least <= found <= most:
        raise ValueError(f"{name} must be {_or_none(optional)}a whole number{_span(least, most)}, got {_shown(value)}.")
    return found


def number(
    name: str,
    value: Any,
    least: float = -math.inf,
    most: float = math.inf,
    *,
    above: float | None = None,
    below: float | None = None,
    optional: bool = False,
) -> float | None:
    """Return the value as a finite float within bounds.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : object
        NumPy numbers are accepted, booleans are not.
    least, most : float
        Bounds, both included.
    above, below : float, optional
        Bounds that are not included; they replace `least` and `most`.
    optional : bool, default=False
        Whether None is accepted and returned.

    Raises
    ------
    ValueError
        If the value is not a finite number within the bounds.

    Examples
    --------
    >>> number("dropout", 0.5, 0, below=1)
    0.5
    """
    if value is None and optional:
        return None
    try:
        found = float(value) if is_number(value) else math.nan
    except OverflowError:
        # An integer beyond the largest float.
        found = math.inf
    if math.isfinite(found):
        is_high = value > above if above is not None else value >= least
        is_low = value < below if below is not None else value <= most
        if is_high and is_low:
            return found
    span = _span(least, most, above, below)
    raise ValueError(f"{name} must be {_or_none(optional)}a number{span}, got {_shown(value)}.")


def pair(name: str, value: Any, least: float = -math.inf, most: float = math.inf) -> tuple[float, float]:
    """Return the value as two floats (lowest, highest) within bounds.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : tuple or list
    least, most : float
        Bounds of both numbers, included.

    Raises
    ------
    ValueError
        If the value is not two finite numbers within the bounds.
        If the first is above the second.

    Examples
    --------
    >>> pair("scale", [1, 2], least=0)
    (1.0, 2.0)
    """
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise ValueError(f"{name} must be two numbers (lowest, highest), got {_shown(value)}.")
    low, high = (number(f"each of {name}", one, least, most) for one in value)
    if low > high:
        raise ValueError(f"{name} must be (lowest, highest), got {_shown(value)}. Exchange the two.")
    return low, high


def choice(name: str, value: Any, choices: Iterable[Any]) -> Any:
    """Return the choice that the value equals.

    The kind must be equal too, so 1 is not True. NumPy strings, integers and booleans count as those of Python.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : object
    choices : iterable of objects, at least one

    Raises
    ------
    ValueError
        If the value is not among the choices.

    Examples
    --------
    >>> choice("padding", "same", ("same", "valid"))
    'same'
    """
    choices = tuple(choices)
    for one in choices:
        if _kind(value) is _kind(one) and value == one:
            return one
    raise ValueError(f"{name} must be {_listed(choices)}, got {_shown(value)}.")


def flag(name: str, value: Any) -> bool:
    """Return the value as a Python bool.

    Raises
    ------
    TypeError
        If the value is not True or False.
    """
    if not is_boolean(value):
        raise TypeError(f"{name} must be True or False, got {_shown(value)}.")
    return bool(value)


def strings(name: str, value: Any, *, optional: bool = False) -> list[str] | None:
    """Return the value as a list of different strings, at least one.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : sequence of str
    optional : bool, default=False
        Whether None is accepted and returned.

    Raises
    ------
    ValueError
        If the value is a single string, is empty, repeats a string or holds anything else.

    Examples
    --------
    >>> strings("channels", ("open", "close"))
    ['open', 'close']
    """
    if value is None and optional:
        return None
    is_list = isinstance(value, Sequence) and not isinstance(value, str | bytes) and len(value) > 0
    if not is_list or not all(isinstance(one, str) for one in value) or len(set(value)) < len(value):
        raise ValueError(f"{name} must be {_or_none(optional)}a list of different strings, got {_shown(value)}.")
    return list(value)


def is_whole(value: Any, least: float = -math.inf, most: float = math.inf) -> bool:
    """Return whether the value is an integer, not a boolean, within bounds."""
    return isinstance(value, numbers.Integral) and not is_boolean(value) and bool(least <= value <= most)


def is_number(value: Any, least: float = -math.inf, most: float = math.inf) -> bool:
    """Return whether the value is a real number, not a boolean, within bounds. NaN is outside of any."""
    is_real = isinstance(value, numbers.Real) and not is_boolean(value)
    return is_real and ((least, most) == (-math.inf, math.inf) or bool(least <= value <= most))


def is_boolean(value: Any) -> bool:
    """Return whether the value is True or False, of Python or of NumPy."""
    return isinstance(value, bool) or type(value).__name__ in ("bool_", "bool")


def _kind(value: Any) -> type:
    if is_boolean(value):
        return bool
    return next((kind for kind in (str, numbers.Integral) if isinstance(value, kind)), type(value))


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 200 else f"{text[:197]}..."


def _or_none(optional: bool) -> str:
    return "None or " if optional else ""


def _span(least: float, most: float, above: float | None = None, below: float | None = None) -> str:
    lower = f"above {above:.15g}" if above is not None else f"{least:.15g}"
    upper = f"below {below:.15g}" if below is not None else f"{most:.15g}"
    has_lower = above is not None or not math.isinf(least)
    has_upper = below is not None or not math.isinf(most)
    if has_lower and has_upper:
        return f" {lower} and {upper}" if above is not None and below is not None else f" from {lower} to {upper}"
    if has_lower:
        return f" {lower}" if above is not None else f" of at least {lower}"
    if has_upper:
        return f" {upper}" if below is not None else f" of at most {upper}"
    return ""


def _listed(choices: tuple[Any, ...]) -> str:
    names = [repr(one) for one in choices]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
