"""One rule for each kind of argument that a saved network may hold: what Keras is given is read here, never passed on.

A rule takes a JSON value and returns what the constructor is given, or raises a ValueError that says what must be.
"""

import re
from reprlib import repr as shown

import keras

_SMOOTH = ("elu", "exponential", "gelu", "mish", "selu", "sigmoid", "silu", "softmax", "softplus", "softsign", "tanh")
_BENT = ("celu", "hard_sigmoid", "hard_silu", "hard_tanh", "leaky_relu", "linear", "relu", "relu6")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
_MOST_STEPS = 1 << 16


def whole(least=1, most=2**31 - 1):
    """Rule of a whole number within bounds."""

    def read(value):
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return value

    return read


def one_of(*choices):
    """Rule of one of these values."""

    def read(value):
        if not any(type(value) is type(choice) and value == choice for choice in choices):
            raise ValueError(f"must be one of {', '.join(map(str, choices))}")
        return value

    return read


def number(value):
    """A finite number."""
    if type(value) not in (int, float) or not abs(value) < 1e30:
        raise ValueError("must be a number")
    return value


def share(value):
    """A number from 0 to 1."""
    if not 0 <= number(value) <= 1:
        raise ValueError("must be from 0 to 1")
    return value


def name(value):
    """The name of a layer."""
    if type(value) is not str or not _NAME.fullmatch(value):
        raise ValueError("must be a name of letters, digits and underscores")
    return value


def size(value):
    """Steps, as the list of one number that Keras makes of it."""
    if type(value) is not list or len(value) != 1:
        raise ValueError("must be a list of one whole number")
    return (steps(value[0]),)


def activation(value):
    """The function of that name, out of those that only compute."""
    return getattr(keras.activations, one_of(*_SMOOTH, *_BENT)(value))


def seed(value):
    """A seed or None."""
    return None if value is None else whole(0, 2**63)(value)


def input_shape(value):
    """Any number of cases, any number of steps, and channels, pieces or nothing."""
    if type(value) is not list or not 2 <= len(value) <= 3 or value[:2] != [None, None]:
        raise ValueError("must be [null, null] or [null, null, channels]")
    return (None, None, *(None if n is None else whole()(n) for n in value[2:]))


def constraint(value):
    """The bound on the norm of a class's weights, or None."""
    if value is None:
        return None
    expected = {"module": "keras.constraints", "class_name": "MaxNorm", "registered_name": None}
    config = value.get("config") if type(value) is dict else None
    if type(config) is not dict or value != expected | {"config": config} or set(config) != {"max_value", "axis"}:
        raise ValueError("must be null or a MaxNorm of max_value and axis")
    return keras.constraints.MaxNorm(number(config["max_value"]), one_of(0)(config["axis"]))


def plain(value):
    """None, a truth value, a number, a list of numbers or a name."""
    if type(value) is list:
        return [number(item) for item in value]
    return value if value is None or type(value) is bool else name(value) if type(value) is str else number(value)


flag = one_of(True, False)
steps = whole(most=_MOST_STEPS)  # a size that no stored weight bears out


def read_arguments(config, rules, place):
    """The arguments of a constructor, each read by its rule.

    Raises
    ------
    ValueError
        An argument without a rule, or one that its rule refuses; the message names argument and place.
    """
    read = {}
    for argument, value in config.items():
        if argument not in rules:
            raise ValueError(f"{place} must not have the argument {shown(argument)}.")
        try:
            read[argument] = rules[argument](value)
        except ValueError as error:
            raise ValueError(f"{argument} of {place} {error}, got {shown(value)}.") from error
    return read
