"""Sizes along the steps."""

from typing import Any

from seqconv.arguments import whole


def size(name: str, value: Any) -> int:
    """Return a size of at least 1, which Keras also writes as a tuple of one.

    Raises
    ------
    ValueError
        If the value is not an integer of at least 1.
    """
    return whole(name, value[0] if isinstance(value, list | tuple) and len(value) == 1 else value, 1)
