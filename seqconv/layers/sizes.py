"""Checks of sizes, of arguments and of inputs."""

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


def check_has_steps(name: str, inputs: Any) -> None:
    """Raise if a batch is known to have no case or no step.

    Raises
    ------
    ValueError
        If the first or the second axis of the inputs has size 0.
    """
    check_not_empty(name, inputs)
    if inputs.shape[1] == 0:
        raise ValueError(f"{name} requires cases of at least 1 step, got 0 steps in shape {tuple(inputs.shape)}.")


def check_not_empty(name: str, inputs: Any) -> None:
    """Raise if a batch is known to have no case.

    TensorFlow answers wrongly, or ends the process, where a convolution or a pool has nothing to compute.

    Raises
    ------
    ValueError
        If the first axis of the inputs has size 0.
    """
    if inputs.shape[0] == 0:
        raise ValueError(f"{name} requires at least 1 case, got a batch of shape {tuple(inputs.shape)}.")
