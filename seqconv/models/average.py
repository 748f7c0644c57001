"""Several networks as one."""

import keras


def build_average(members):
    """Keras model that averages the outputs of the members on the same input.

    Parameters
    ----------
    members : list of keras.Model
        Networks with equal inputs and outputs; their weights are shared, not copied.

    Returns
    -------
    keras.Model
        The only member itself where there is one.

    Examples
    --------
    >>> from seqconv.models import build_average, build_classifier
    >>> build_average([build_classifier("fcn", (None, 1), 2, seed=s) for s in (0, 1)]).output_shape
    (None, 2)
    """
    if len(members) == 1:
        return members[0]
    first = members[0].inputs[0]
    inputs = keras.Input(first.shape[1:], dtype=first.dtype, name="X")
    # Members may carry one name, of which a graph can hold one.
    named = [keras.Model(member.input, member.output, name=f"member_{i}") for i, member in enumerate(members)]
    outputs = [member(inputs) for member in named]
    # In float32 as the members' heads: half precision ends at 65,504.
    return keras.Model(inputs, keras.layers.Average(dtype="float32", name="head")(outputs), name="average")
