"""What a saved network may be made of: layers, optimizers, and for each the arguments it may be given.

Keras looks a class or function up by whatever name a file holds, and every class it knows can thus be reached by a file.
Here the name in a file is compared with the tables below, and each argument is read by its own rule. Nothing of the file
is ever handed to Keras but numbers, truth values, and strings out of a list. A class is added by adding a row.
"""

import inspect
from reprlib import repr as shown

import keras
import numpy as np

from seqconv import layers
from seqconv.estimators import argument_rules as rules

_FLOATS = ("float32", "float64", "float16", "bfloat16")
_POLICY = rules.one_of(*_FLOATS, "mixed_float16", "mixed_bfloat16")
_COMMON = {"name": rules.name, "trainable": rules.flag, "dtype": _POLICY}
_STRIDES = {"strides": rules.size, "padding": rules.one_of("valid", "same", "causal", "full")}
_SUM = {"activation": rules.activation, "use_bias": rules.flag}
_CONVOLUTION = {"filters": rules.whole(), "kernel_size": rules.size, **_STRIDES, **_SUM}
_CONVOLUTION |= {"dilation_rate": rules.size, "groups": rules.whole()}
_NORMALIZATION = {"momentum": rules.share, "epsilon": rules.number, "center": rules.flag, "scale": rules.flag}
_TABLES = {"mode": rules.one_of("trained", "static", "both"), "dropout": rules.share, "scale": rules.number}

# All that our builders can emit, a user's pooling included: for each class its arguments beside the common ones.
LAYERS = {
    ("keras.layers", "InputLayer"): {"batch_shape": rules.input_shape, "dtype": rules.one_of(*_FLOATS, "int32")},
    ("keras.layers", "Activation"): {"activation": rules.activation},
    ("keras.layers", "Dense"): {"units": rules.whole(), "kernel_constraint": rules.constraint, **_SUM},
    ("keras.layers", "Dropout"): {"rate": rules.share, "seed": rules.seed},
    ("keras.layers", "GlobalAveragePooling1D"): {"data_format": rules.one_of("channels_last")},
    ("keras.layers", "Identity"): {},
    ("keras.layers", "ReLU"): {},
    ("seqconv.layers", "AttentionPooling1D"): {"units": rules.whole(), "gated": rules.flag, "heads": rules.whole()},
    ("seqconv.layers", "ChannelScaling"): {"per_case": rules.flag},
    ("seqconv.layers", "ChunkMaxPooling1D"): {"chunks": rules.steps, "flatten": rules.flag},
    ("seqconv.layers", "GlobalMaxPooling1D"): {},
    ("seqconv.layers", "GlobalMeanMaxPooling1D"): {},
    ("seqconv.layers", "GlobalMeanPooling1D"): {},
    ("seqconv.layers", "KMaxPooling1D"): {"k": rules.steps, "flatten": rules.flag},
    ("seqconv.layers", "KMeanPooling1D"): {"k": rules.steps},
    ("seqconv.layers", "MaskedAdd"): {},
    ("seqconv.layers", "MaskedBatchNormalization"): _NORMALIZATION,
    ("seqconv.layers", "MaskedConcatenate"): {},
    ("seqconv.layers", "MaskedConv1D"): _CONVOLUTION,
    ("seqconv.layers", "MaskedMaxPooling1D"): {"pool_size": rules.size, **_STRIDES},
    ("seqconv.layers", "MissingMasking"): {"indicator": rules.flag},
    ("seqconv.layers", "TokenEmbedding"): {"n_tokens": rules.whole(), "n_dims": rules.whole(), **_TABLES},
    ("seqconv.layers", "Unscaling"): {},
}
OPTIMIZERS = ("Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lamb", "Lion", "Nadam", "RMSprop")
OPTIMIZERS += ("SGD",)
SCHEDULES = ("CosineDecay", "CosineDecayRestarts", "ExponentialDecay", "InverseTimeDecay", "PolynomialDecay")
SCHEDULES += ("PiecewiseConstantDecay",)


def describe_layer(layer):
    """A layer as the entry of a saved network, without its weights.

    Raises
    ------
    ValueError
        Its class is not in the table, or it has settings that the table has no place for.
    """
    module = next((where for where, name in LAYERS if _class(where, name) is type(layer)), None)
    if module is None:
        raise ValueError(
            f"the layer {layer.name!r} is a {_full_name(layer)}, which is neither a layer of seqconv nor a plain one of "
            "Keras that our networks are made of; a saved file cannot hold it, pickle can."
        )
    name = type(layer).__name__
    has = layer.get_config()
    config = {argument: _to_json(has[argument]) for argument in _COMMON | LAYERS[module, name] if argument in has}
    registered_name = None if module == "keras.layers" else f"seqconv>{name}"
    entry = {"module": module, "class_name": name, "config": config, "registered_name": registered_name}
    _require_same(make_layer(entry, f"the layer {layer.name!r}"), layer, f"the layer {layer.name!r}")
    return entry


def make_layer(entry, place):
    """A new layer from an entry, which may come from a file that nobody trusts.

    Raises
    ------
    ValueError
        The class or an argument is not in the table; the message begins with `place`.
    """
    keys = {"module", "class_name", "config", "registered_name"}
    if type(entry) is not dict or set(entry) != keys or type(entry["config"]) is not dict:
        raise ValueError(f"{place} must have a module, a class_name, a config and a registered_name, and nothing else.")
    module, name = entry["module"], entry["class_name"]
    if type(module) is not str or type(name) is not str or (module, name) not in LAYERS:
        raise ValueError(f"{place} is {shown(module)} {shown(name)}, which is not among the layers of our networks.")
    if entry["registered_name"] != (None if module == "keras.layers" else f"seqconv>{name}"):
        raise ValueError(f"{place} is registered as {shown(entry['registered_name'])}, which is not {name}.")
    arguments = rules.read_arguments(entry["config"], _COMMON | LAYERS[module, name], f"{place}, a {name},")
    try:
        return _class(module, name)(**arguments)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{place} has arguments that {name} refuses: {error}") from error


def describe_optimizer(optimizer):
    """A user's optimizer as JSON, its schedule included.

    Raises
    ------
    ValueError
        It is not one of Keras's plain ones.
    """
    name = type(optimizer).__name__
    if name not in OPTIMIZERS or getattr(keras.optimizers, name) is not type(optimizer):
        raise ValueError(
            f"optimizer is a {_full_name(optimizer)}, which is not among Keras's {', '.join(OPTIMIZERS)}; a saved file "
            "cannot hold it, pickle can."
        )
    has = optimizer.get_config()
    config = {argument: has[argument] for argument in _optimizer_arguments(name) if argument in has}
    if type(config["learning_rate"]) is dict:
        schedule = config["learning_rate"]
        config["learning_rate"] = {"class_name": schedule["class_name"], "config": schedule["config"]}
    entry = {"class_name": name, "config": config}
    _require_same(make_optimizer(entry), optimizer, "optimizer")
    return entry


def make_optimizer(entry):
    """A new optimizer from what `describe_optimizer` gave, or from a file that nobody trusts.

    Raises
    ------
    ValueError
        It is not one of Keras's plain ones with plain arguments.
    """
    _check_named(entry, OPTIMIZERS, "the optimizer")
    config = dict(entry["config"])
    schedule = _make_schedule(config.pop("learning_rate")) if type(config.get("learning_rate")) is dict else None
    arguments = rules.read_arguments(config, _optimizer_arguments(entry["class_name"]), "the optimizer")
    if schedule is not None:
        arguments["learning_rate"] = schedule
    return getattr(keras.optimizers, entry["class_name"])(**arguments)


def _make_schedule(entry):
    place = "the learning_rate of the optimizer"
    _check_named(entry, SCHEDULES, place)
    made = getattr(keras.optimizers.schedules, entry["class_name"])
    allowed = dict.fromkeys(inspect.signature(made).parameters, rules.plain)
    return made(**rules.read_arguments(entry["config"], allowed, place))


def _class(module, name):
    return getattr(keras.layers if module == "keras.layers" else layers, name)


def _optimizer_arguments(name):
    parameters = inspect.signature(getattr(keras.optimizers, name)).parameters.values()
    return {parameter.name: rules.plain for parameter in parameters if parameter.kind is not parameter.VAR_KEYWORD}


def _check_named(entry, names, place):
    if type(entry) is not dict or set(entry) != {"class_name", "config"} or type(entry["config"]) is not dict:
        raise ValueError(f"{place} must have a class_name and a config, and nothing else.")
    if entry["class_name"] not in names:
        raise ValueError(f"{place} must be one of {', '.join(names)}, got {shown(entry['class_name'])}.")


def _to_json(value):
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict) and value.get("class_name") == "DTypePolicy":
        return value["config"]["name"]
    return value


def _require_same(made, given, what):
    """Refuse what the table would change: a saved network is the network, or it is not saved."""
    makes, has = made.get_config(), given.get_config()
    differing = sorted(key for key in makes.keys() | has.keys() if makes.get(key) != has.get(key))
    if differing:
        raise ValueError(
            f"{what}, a {_full_name(given)}, has a {differing[0]} that a saved file cannot hold; pickle it."
        )


def _full_name(value):
    return f"{type(value).__module__}.{type(value).__qualname__}"
