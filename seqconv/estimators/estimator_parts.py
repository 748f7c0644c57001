"""A fitted estimator as the members of a file, and back."""

import re
from reprlib import repr as shown

import keras
import numpy as np

from seqconv import adapters, encoders
from seqconv.estimators.allow_list import describe_layer, describe_optimizer, make_layer, make_optimizer
from seqconv.estimators.classifier import SeqConvClassifier
from seqconv.estimators.learnt import describe_learnt, set_learnt
from seqconv.estimators.networks import check_network, describe_network, network_weights, rebuild_network
from seqconv.estimators.parts import dump_array, dump_json, from_plain, parse_array, parse_json, require_keys, to_plain
from seqconv.estimators.regressor import SeqConvRegressor
from seqconv.estimators.settings import check_settings
from seqconv.models import build_average

_CLASSES = {made.__name__: made for made in (SeqConvClassifier, SeqConvRegressor)}
_ENCODERS = {type(encoders.get(name)).__name__: type(encoders.get(name)) for name in encoders.names()}
_ADAPTERS = {name: getattr(adapters, name) for name in adapters.__all__}
_NOT_SAVED = {"augment", "callbacks"}  # at work in training only
_WEIGHT = re.compile(r"members/(?P<network>0|[1-9]\d{0,4})/weights/(?P<layer>\w+)/(?P<weight>\w+)\.npy")


def describe_estimator(estimator):
    """All members of the file but the manifest, as bytes."""
    described = {
        "class": _name_in(_CLASSES, estimator, "the estimator"),
        "parameters": _describe_parameters(estimator),
        "learnt": describe_learnt(estimator),
        "n_networks": len(estimator.members_),
    }
    parts = {"estimator.json": dump_json(described)}
    if estimator.adapter_ is not None:
        parts |= _describe_adapter(estimator.adapter_)
    for number, network in enumerate(estimator.members_):
        parts[f"members/{number}/config.json"] = dump_json(describe_network(network))
    for number, network in enumerate(estimator.members_):
        for layer, arrays in network_weights(network).items():
            for name, array in arrays.items():
                what = f"the weight {name} of the layer {layer} of network {number}"
                parts[f"members/{number}/weights/{layer}/{name}.npy"] = dump_array(array, what)
    _rebuild_plain(_Members(parts))  # what could not be read is not written
    return parts


def _describe_parameters(estimator):
    parameters = {name: getattr(estimator, name) for name in estimator._get_param_names() if name not in _NOT_SAVED}
    if isinstance(parameters["random_state"], np.random.RandomState):
        parameters["random_state"] = None
    check_settings(estimator)
    describe = {
        "encoder": lambda value: _describe_object(_ENCODERS, value, "encoder"),
        "adapter": lambda value: _describe_object(_ADAPTERS, value, "adapter"),
        "pooling": lambda value: describe_layer(value) if isinstance(value, keras.layers.Layer) else value,
        "optimizer": lambda value: value if isinstance(value, str) else describe_optimizer(value),
    }
    return {
        name: describe[name](value) if name in describe else to_plain(value, name) for name, value in parameters.items()
    }


def _describe_object(classes, value, what):
    """A value object: its class and parameters. A name, or None, as it is."""
    if value is None or isinstance(value, str):
        return value
    name = _name_in(classes, value, what)
    parameters = value.get_params(deep=False)
    # Word vectors are in the adapter's state; where they came from is not for others to open.
    if "vectors" in parameters and not (isinstance(parameters["vectors"], str) and parameters["vectors"] == "train"):
        parameters["vectors"] = None
    plain = {key: to_plain(item, f"the parameter {key} of {name}") for key, item in parameters.items()}
    return {"class": name, "parameters": plain}


def _describe_adapter(adapter):
    described = _describe_object(_ADAPTERS, adapter, "adapter")
    state, arrays = adapter.get_state()
    parts = {"adapter.json": dump_json(described | {"state": state, "arrays": sorted(arrays)})}
    return parts | {
        f"adapter/{name}.npy": dump_array(array, f"{name} of the adapter") for name, array in arrays.items()
    }


def _name_in(classes, value, what):
    name = type(value).__name__
    if classes.get(name) is not type(value):
        raise ValueError(
            f"{what} is a {type(value).__module__}.{type(value).__qualname__}, which is not of seqconv; a saved file "
            f"holds {', '.join(classes)}, pickle can hold the others."
        )
    return name


# ---- from the members of a file


class _Members:
    """The members of a file that have not been read yet."""

    def __init__(self, parts):
        self.parts = dict(parts)
        self.size = sum(map(len, parts.values()))

    def json(self, name):
        return parse_json(self._take(name), name, self.size)

    def array(self, name):
        return parse_array(self._take(name), name)

    def _take(self, name):
        if name not in self.parts:
            raise ValueError(f"the member {name} is missing.")
        return self.parts.pop(name)


def rebuild_estimator(parts):
    """The fitted estimator of these members, every one of them used."""
    members = _Members(parts)
    estimator, networks = _rebuild_plain(members)
    weights = [{} for _ in networks]
    for name in list(members.parts):
        place = _WEIGHT.fullmatch(name)
        if place is None or int(place["network"]) >= len(networks):
            raise ValueError(f"the member {shown(name)} belongs to nothing.")
        weights[int(place["network"])].setdefault(place["layer"], {})[place["weight"]] = members.array(name)
    estimator.members_ = [
        rebuild_network(config, arrays, f"network {number}")
        for number, (config, arrays) in enumerate(zip(networks, weights, strict=True))
    ]
    _check_agreement(estimator)
    estimator.model_ = build_average(estimator.members_)
    return estimator


def _rebuild_plain(members):
    """The estimator without its networks, and their checked graphs: Keras has made no more than layers without weights."""
    described = members.json("estimator.json")
    require_keys(described, {"class", "parameters", "learnt", "n_networks"}, "estimator.json")
    n_networks = described["n_networks"]
    if type(n_networks) is not int or not 1 <= n_networks <= len(members.parts):
        raise ValueError(f"estimator.json must have a network or more, got {shown(n_networks)}.")
    places = [f"members/{number}/config.json" for number in range(n_networks)]
    networks = [check_network(members.json(place), place) for place in places]
    estimator = _read_class(_CLASSES, described)(**_read_parameters(described))
    check_settings(estimator)
    estimator.adapter_ = _read_adapter(members) if "adapter.json" in members.parts else None
    set_learnt(estimator, described["learnt"])
    return estimator, networks


def _read_class(classes, described):
    if described["class"] not in list(classes):
        raise ValueError(f"the class must be one of {', '.join(classes)}, got {shown(described['class'])}.")
    return classes[described["class"]]


def _read_parameters(described):
    known = set(_read_class(_CLASSES, described)._get_param_names()) - _NOT_SAVED
    _require_known(described["parameters"], known, "the parameters of estimator.json")
    read = {
        "encoder": lambda value: _read_object(_ENCODERS, value, "encoder"),
        "adapter": lambda value: _read_object(_ADAPTERS, value, "adapter"),
        "pooling": lambda value: make_layer(value, "pooling") if type(value) is dict else value,
        "optimizer": lambda value: make_optimizer(value) if type(value) is dict else value,
    }
    return {
        name: read[name](value) if name in read else from_plain(value, name)
        for name, value in described["parameters"].items()
    }


def _read_object(classes, described, what):
    if described is None or (what == "encoder" and described in encoders.names()):
        return described
    require_keys(described, {"class", "parameters"}, what)
    made = _read_class(classes, described)
    _require_known(described["parameters"], set(made._get_param_names()), f"the parameters of {described['class']}")
    read = {name: from_plain(value, name) for name, value in described["parameters"].items()}
    if read.get("vectors") not in (None, "train"):
        raise ValueError(f"the vectors of an adapter must be null or 'train', got {shown(read['vectors'])}.")
    return made(**read)


def _read_adapter(members):
    described = members.json("adapter.json")
    require_keys(described, {"class", "parameters", "state", "arrays"}, "adapter.json")
    adapter = _read_object(_ADAPTERS, {key: described[key] for key in ("class", "parameters")}, "adapter.json")
    names = described["arrays"]
    if type(names) is not list or any(type(name) is not str for name in names) or len(set(names)) < len(names):
        raise ValueError("the arrays of adapter.json must be a list of names.")
    # Copies: a view would keep the bytes of the file in memory.
    arrays = {name: np.array(members.array(f"adapter/{name}.npy")) for name in names}
    return adapter.set_state(described["state"], arrays)


def _check_agreement(estimator):
    """Refuse networks that do not fit the classes, the adapter or one another."""
    first, adapter = estimator.members_[0], estimator.adapter_
    for network in estimator.members_:
        if (network.input_shape, network.inputs[0].dtype) != (first.input_shape, first.inputs[0].dtype):
            raise ValueError(f"all networks must take one input, got {first.input_shape} and {network.input_shape}.")
        if network.output_shape != (None, _n_outputs(estimator)):
            raise ValueError(f"a network must give {_n_outputs(estimator)} outputs, got {network.output_shape}.")
        found, needed = getattr(network.get_layer(estimator._trained_layer), "activation", None), _activation(estimator)
        if found is not needed:
            name = getattr(found, "__name__", "none")
            raise ValueError(f"the head of a network must end in {needed.__name__}, got {name}.")
        if hasattr(adapter, "n_tokens_") and getattr(network.get_layer("stem"), "n_tokens", 0) != adapter.n_tokens_:
            raise ValueError(f"a network must have the {adapter.n_tokens_} tokens of its adapter.")
    if adapter is None and first.input_shape != (None, None, estimator.n_channels_in_):
        raise ValueError(f"a network must take the channels of the estimator, got {first.input_shape}.")


def _n_outputs(estimator):
    return len(estimator.classes_ if isinstance(estimator, SeqConvClassifier) else estimator._target_scale)


def _activation(estimator):
    """What the builders end in."""
    if not isinstance(estimator, SeqConvClassifier):
        return keras.activations.linear
    return keras.activations.sigmoid if estimator._multi_label else keras.activations.softmax


def _require_known(parameters, known, place):
    """A parameter may be missing, as in the file of an earlier version: then it has its default."""
    if type(parameters) is not dict or set(parameters) - known:
        odd = sorted(set(parameters) - known) if type(parameters) is dict else parameters
        raise ValueError(f"{place} must be out of {', '.join(sorted(known))}, got {shown(odd)}.")
