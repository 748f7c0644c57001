"""Networks without a mask, for cases without padding or missing values."""

import threading
import weakref

import keras

from seqconv.layers import MissingMasking
from seqconv.models.average import build_average

_lock = threading.Lock()
_twins = weakref.WeakKeyDictionary()  # by model: a twin goes when its model goes


def complete_twin(model: keras.Model, output: str = "head") -> keras.Model:
    """Build a model of the same layers and weights without the mask, for X without NaN.

    On such X the answers are equal, and every layer costs what Keras's own layer costs.

    Parameters
    ----------
    model : keras.Model
        Result of `build_classifier` or `build_regressor`, or the average of several.
    output : str, default="head"
        Name of the layer whose output the twin returns.

    Returns
    -------
    keras.Model
        It keeps a mask that does not come from NaN: that of tokens, or one with an indicator of missing values.

    Examples
    --------
    >>> from seqconv.models import build_classifier, complete_twin
    >>> model = build_classifier("fcn", (None, 1), 2)
    >>> complete_twin(model).get_layer("head") is model.get_layer("head")
    True
    """
    # An average has no stem of its own; the encoder of a member may hold a model, too.
    if not any(layer.name == "stem" for layer in model.layers):
        members = [layer for layer in model.layers if isinstance(layer, keras.Model)]
        return build_average([complete_twin(member, output) for member in members])
    stem = model.get_layer("stem")
    if not isinstance(stem, MissingMasking) or stem.indicator:
        return keras.Model(model.input, model.get_layer(output).output)
    given = {}
    # Layer by layer, because a cloned graph would also clone the operations on the mask.
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            given[layer.name] = first = keras.Input(layer.batch_shape[1:], dtype=layer.dtype, name=layer.name)
            continue
        # `layer.input` would return the masks, too.
        tensors = layer._inbound_nodes[0].arguments.args[0]
        several = isinstance(tensors, list | tuple)
        inputs = [given[tensor._keras_history.operation.name] for tensor in (tensors if several else [tensors])]
        inputs = inputs if several else inputs[0]
        given[layer.name] = inputs if layer is stem else layer(inputs)
    return keras.Model(first, given[output])


def kept_twin(model: keras.Model) -> keras.Model:
    """Return the `complete_twin` of a model for its predictions, the same one as long as the model lives."""
    with _lock:
        if model not in _twins:
            _twins[model] = complete_twin(model)
        return _twins[model]
