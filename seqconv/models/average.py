"""Average of several networks."""

from collections.abc import Sequence

import keras


def build_average(members: Sequence[keras.Model]) -> keras.Model:
    """Build a Keras model that averages the outputs of its members on the same input.

    Parameters
    ----------
    members : sequence of keras.Model
        Networks with equal inputs and outputs, at least one. Their weights are shared, not copied.

    Returns
    -------
    keras.Model
        The member itself if there is only one.

    Raises
    ------
    ValueError
        If `members` is empty.

    Examples
    --------
    >>> from seqconv.models import build_average, build_classifier
    >>> build_average([build_classifier("fcn", (None, 1), 2, seed=s) for s in (0, 1)]).output_shape
    (None, 2)
    """
    if len(members) == 0:
        raise ValueError("members must hold at least one model, got none.")
    if len(members) == 1:
        return members[0]
    first = members[0].inputs[0]
    inputs = keras.Input(first.shape[1:], dtype=first.dtype, name="X")
    # Members may have one name, and the names within a graph must differ.
    named = [keras.Model(member.input, member.output, name=f"member_{i}") for i, member in enumerate(members)]
    outputs = [member(inputs) for member in named]
    # In float32 as the members' heads: half precision ends at 65,504.
    return keras.Model(inputs, keras.layers.Average(dtype="float32", name="head")(outputs), name="average")
