"""A network as an open graph and arrays, and back: nothing is looked up by the word of a file, nothing allocated on it."""

from reprlib import repr as shown

import keras
import numpy as np

from seqconv.estimators.allow_list import describe_layer, make_layer
from seqconv.estimators.parts import require_keys

_LANDMARKS = {"stem", "features", "pooling", "head"}
_KIND = {"module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional"}
_MOST_LAYERS, _MOST_INPUTS = 5_000, 64


def describe_network(model):
    """The graph of a network of our builders as Keras writes it, with the arguments that our builders give.

    Masks are not part of it: the layers make and pass them on by themselves.

    Parameters
    ----------
    model : keras.Model

    Returns
    -------
    dict
        JSON values.

    Raises
    ------
    ValueError
        A layer that a saved file cannot hold; the message names it.
    """
    graph = model.get_config()
    by_name = {layer.name: layer for layer in model.layers}
    entries = []
    for operation in graph["layers"]:
        if operation["name"] not in by_name:
            continue  # an operation on masks
        inputs = [_describe_inputs(node, by_name) for node in operation["inbound_nodes"]]
        layer = describe_layer(by_name[operation["name"]])
        entries.append({**layer, "name": operation["name"], "inbound_nodes": inputs})
    config = {"name": graph["name"], "layers": entries, "input_layers": ["X", 0, 0], "output_layers": ["head", 0, 0]}
    return {**_KIND, "config": config}


def _describe_inputs(node, by_name):
    tensors = node["args"][0]
    parts = tensors if isinstance(tensors, list | tuple) else [tensors]
    foreign = [part for part in parts if part["config"]["keras_history"][0] not in by_name]
    if len(node["args"]) != 1 or set(node["kwargs"]) - {"mask", "training"} or foreign:
        raise ValueError(f"a layer of the network is called with more than tensors of other layers: {node!s:.80}.")
    described = [_describe_tensor(**part["config"]) for part in parts]
    return {"args": [described if isinstance(tensors, list | tuple) else described[0]], "kwargs": {}}


def _describe_tensor(shape, dtype, keras_history):
    config = {"shape": list(shape), "dtype": dtype, "keras_history": list(keras_history)}
    return {"class_name": "__keras_tensor__", "config": config}


def network_weights(model):
    """The weights of a network as NumPy arrays, by layer and name: ``{"head": {"kernel": ..., "bias": ...}}``."""
    return {
        layer.name: {weight.name: np.asarray(weight) for weight in layer.weights}
        for layer in model.layers
        if layer.weights
    }


def check_network(described, place):
    """Refuse a graph that our builders could not have made, before anything is built.

    Parameters
    ----------
    described : object
        What came out of the JSON of a file that nobody trusts.
    place : str
        How the messages begin.

    Returns
    -------
    dict
        The graph's config.

    Raises
    ------
    ValueError
        The message names the layer.
    """
    require_keys(described, {*_KIND, "config"}, place)
    kind = {key: described[key] for key in _KIND}
    if kind != _KIND:
        raise ValueError(f"{place} must be a Functional of Keras, got {shown(kind)}.")
    config = described["config"]
    require_keys(config, {"name", "layers", "input_layers", "output_layers"}, place)
    if config["name"] not in ("classifier", "regressor"):
        raise ValueError(f"{place} must be named classifier or regressor, got {shown(config['name'])}.")
    if config["input_layers"] != ["X", 0, 0] or config["output_layers"] != ["head", 0, 0]:
        raise ValueError(f"{place} must lead from X to head, and nowhere else.")
    if type(config["layers"]) is not list or not 2 <= len(config["layers"]) <= _MOST_LAYERS:
        raise ValueError(f"{place} must have 2 to {_MOST_LAYERS} layers.")
    names = []
    for number, entry in enumerate(config["layers"]):
        names.append(_check_layer(entry, names, f"layer {number} of {place}"))
    if not set(names) >= _LANDMARKS:
        raise ValueError(f"{place} must have the layers {', '.join(sorted(_LANDMARKS))}.")
    return config


def _check_layer(entry, earlier, where):
    """The name of a layer that may stand behind the earlier ones."""
    require_keys(entry, {"module", "class_name", "config", "registered_name", "name", "inbound_nodes"}, where)
    layer = make_layer(_without_graph(entry), where)
    if entry["name"] != layer.name or layer.name in earlier:
        raise ValueError(
            f"{where} must have one name, which no other has, got {shown(entry['name'])} and {layer.name}."
        )
    where = f"{where}, {layer.name},"
    is_input = isinstance(layer, keras.layers.InputLayer)
    if is_input != (not earlier) or is_input != (layer.name == "X"):
        raise ValueError(f"{where} is out of place: the first layer, and no other, must be the InputLayer X.")
    if type(entry["inbound_nodes"]) is not list or len(entry["inbound_nodes"]) != (not is_input):
        raise ValueError(f"{where} must be called once, and X never.")
    for node in entry["inbound_nodes"]:
        _check_call(node, earlier, where)
    return layer.name


def _check_call(node, earlier, where):
    require_keys(node, {"args", "kwargs"}, where)
    if node["kwargs"] != {} or type(node["args"]) is not list or len(node["args"]) != 1:
        raise ValueError(f"{where} must be called with tensors alone.")
    tensors = node["args"][0] if type(node["args"][0]) is list else node["args"]
    if not 1 <= len(tensors) <= _MOST_INPUTS:
        raise ValueError(f"{where} must have 1 to {_MOST_INPUTS} inputs.")
    for tensor in tensors:
        require_keys(tensor, {"class_name", "config"}, where)
        require_keys(tensor["config"], {"shape", "dtype", "keras_history"}, where)
        history = tensor["config"]["keras_history"]
        is_known = type(history) is list and history[1:] == [0, 0] and history[0] in earlier
        if tensor["class_name"] != "__keras_tensor__" or not is_known:
            raise ValueError(f"{where} must be called with the output of a layer before it, got {shown(history)}.")


def _without_graph(entry):
    return {key: value for key, value in entry.items() if key not in ("name", "inbound_nodes")}


def rebuild_network(config, weights, place):
    """The network of a checked graph with these weights.

    A layer is given its stored arrays in place of starting values, at the moment it asks for a weight: one of another
    shape is refused before it is allocated.

    Parameters
    ----------
    config : dict
        What `check_network` returned.
    weights : dict of dict of array
        By layer and name.
    place : str
        How the messages begin.

    Returns
    -------
    keras.Model

    Raises
    ------
    ValueError
        Graph and weights do not agree; the message names the layer.
    """
    odd = sorted(set(weights) - {entry["name"] for entry in config["layers"]})
    if odd:
        raise ValueError(f"{place} has weights of {odd[0]!r:.60}, which is none of its layers.")
    tensors = {}
    for entry in config["layers"]:
        name = entry["name"]
        layer = make_layer(_without_graph(entry), name)
        if entry["inbound_nodes"]:
            described = entry["inbound_nodes"][0]["args"][0]
            inputs = _named_tensors(described, tensors, f"the layer {name} of {place}")
            tensors[name] = _call_with_weights(layer, inputs, weights.get(name, {}), f"the layer {name} of {place}")
        else:
            tensors[name] = layer.output
    model = keras.Model(tensors["X"], tensors["head"], name=config["name"])
    unused = sorted(set(tensors) - {layer.name for layer in model.layers})
    if unused or len(model.output.shape) != 2:
        what = f"leaves the layer {unused[0]} unused" if unused else f"gives {model.output.shape}"
        raise ValueError(f"{place} {what}; it must give (batch, outputs) by all its layers.")
    return model


def _named_tensors(described, tensors, where):
    if type(described) is list:
        return [_named_tensors(one, tensors, where) for one in described]
    config = described["config"]
    tensor = tensors[config["keras_history"][0]]
    if [list(tensor.shape), tensor.dtype] != [config["shape"], config["dtype"]]:
        raise ValueError(f"{where} must be called with {tensor.dtype} {tensor.shape}, the file says {shown(config)}.")
    return tensor


def _call_with_weights(layer, inputs, arrays, where):
    create, left = layer.add_weight, dict(arrays)

    def add_stored_weight(shape=None, initializer=None, dtype=None, *, name=None, **settings):
        array = left.pop(name, None)
        needed = keras.backend.standardize_dtype(dtype or layer.variable_dtype)
        if array is None or array.shape != tuple(shape) or array.dtype.name != needed:
            stored = "none" if array is None else f"{array.dtype} {array.shape}"
            raise ValueError(f"{where} needs {name} of {needed} {tuple(shape)}, the file has {stored}.")
        # A copy: some backends share the memory of an array, and that of the file is one for all.
        return create(shape=shape, initializer=lambda *_, **__: np.array(array), dtype=dtype, name=name, **settings)

    # Into the layer's own dictionary, past Keras, which would take it for a part of the layer.
    vars(layer)["add_weight"] = add_stored_weight
    try:
        output = layer(inputs)
    finally:
        del vars(layer)["add_weight"]
    if left:
        raise ValueError(f"{where} has no weight {min(left)!r:.60}.")
    return output
