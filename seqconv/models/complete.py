"""The same network for cases without padding or missing values."""

import keras

from seqconv.layers import MissingMasking


def complete_twin(model, output="head"):
    """Model of the same layers and weights, without the mask, for X that has no NaN.

    On such X the answers are equal, and every layer costs what the stock Keras layer costs.

    Parameters
    ----------
    model : keras.Model
        What `build_classifier` or `build_regressor` made.
    output : str, default="head"
        Name of the layer whose output the twin gives.

    Returns
    -------
    keras.Model
        With its mask where that does not come from NaN (tokens, or the indicator of missing values).

    Examples
    --------
    >>> from seqconv.models import build_classifier, complete_twin
    >>> model = build_classifier("fcn", (None, 1), 2)
    >>> complete_twin(model).get_layer("head") is model.get_layer("head")
    True
    """
    stem = model.get_layer("stem")
    if not isinstance(stem, MissingMasking) or stem.indicator:
        return keras.Model(model.input, model.get_layer(output).output)
    given = {}
    # Layer by layer, because a cloned graph would also clone the operations on the mask.
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            given[layer.name] = first = keras.Input(layer.batch_shape[1:], dtype=layer.dtype, name=layer.name)
            continue
        tensors = layer._inbound_nodes[0].arguments.args[0]  # `layer.input` would give the masks, too
        several = isinstance(tensors, list | tuple)
        inputs = [given[tensor._keras_history.operation.name] for tensor in (tensors if several else [tensors])]
        inputs = inputs if several else inputs[0]
        given[layer.name] = inputs if layer is stem else layer(inputs)
    return keras.Model(first, given[output])
