"""Whole numbers given to layers, NumPy's included, as Python's: Keras refuses the former or cannot save them."""

import operator


def positive(name, value):
    """The value as a Python integer of at least 1; `name` is the argument's, for the error."""
    try:
        number = operator.index(value)
    except TypeError:
        number = 0
    if isinstance(value, bool) or number < 1:
        raise ValueError(f"{name} must be an integer of at least 1, got {value!r}; give a positive integer.")
    return number


def size(name, value):
    """The same for a size that Keras also writes as a tuple of one."""
    return positive(name, value[0] if isinstance(value, list | tuple) and len(value) == 1 else value)
