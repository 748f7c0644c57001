"""Classes by the names that stand in saved files: public ones of seqconv, and those that users register with Keras.

Nothing is imported by the name in a file. A class must be known to this process, and of the kind that its place asks for.
"""

import inspect
from functools import cache
from reprlib import repr as shown
from typing import Any

import keras

from seqconv import adapters, encoders, layers
from seqconv.arguments import choice
from seqconv.domains.base import Adapter
from seqconv.saving.plain import from_plain, require_keys, to_plain

_KERAS_LAYERS = ("GlobalAveragePooling1D", "GlobalMaxPooling1D")
_OPTIMIZERS = ("Adadelta", "Adafactor", "Adagrad", "Adam", "AdamW", "Adamax", "Ftrl", "Lamb", "Lion", "Nadam")
_OPTIMIZERS += ("RMSprop", "SGD")
_SCHEDULES = ("CosineDecay", "CosineDecayRestarts", "ExponentialDecay", "InverseTimeDecay", "PiecewiseConstantDecay")
_SCHEDULES += ("PolynomialDecay",)
_DTYPES = ("float32", "float64", "float16", "bfloat16", "mixed_float16", "mixed_bfloat16")


@cache
def _kinds():
    """For each kind of object: its base class, and our own classes of that kind by name."""
    schedule = keras.optimizers.schedules
    return {
        "encoder": (encoders.Encoder, _of(encoders, encoders.__all__, encoders.Encoder)),
        "adapter": (Adapter, _of(adapters, adapters.__all__, Adapter)),
        "pooling": (
            keras.layers.Layer,
            _of(layers, layers.__all__, keras.layers.Layer) | _of(keras.layers, _KERAS_LAYERS, keras.layers.Layer),
        ),
        "optimizer": (keras.optimizers.Optimizer, _of(keras.optimizers, _OPTIMIZERS, keras.optimizers.Optimizer)),
        "learning_rate": (schedule.LearningRateSchedule, _of(schedule, _SCHEDULES, schedule.LearningRateSchedule)),
    }


def _of(module, names, base):
    found = {name: getattr(module, name) for name in names}
    return {name: made for name, made in found.items() if inspect.isclass(made) and issubclass(made, base)}


def describe_object(value: Any, kind: str) -> dict[str, Any]:
    """Describe an object by the name of its class and its parameters.

    Parameters
    ----------
    value : object
        An encoder, adapter, pooling layer, optimizer or learning-rate schedule.
    kind : {"encoder", "adapter", "pooling", "optimizer", "learning_rate"}

    Raises
    ------
    ValueError
        If the class is neither ours nor registered with Keras.
        If a parameter is not a plain value.
    """
    name = _name_of(type(value), kind)
    described = {"class": name, "parameters": _describe_parameters(_parameters_of(value), kind, name)}
    if hasattr(value, "get_config") and not hasattr(value, "get_params"):
        again, has = make_object(described, kind).get_config(), value.get_config()
        changed = sorted(key for key in again.keys() | has.keys() if again.get(key) != has.get(key))
        if changed:
            raise ValueError(f"{changed[0]} of the {kind} {name} cannot be saved; pickle the estimator.")
    return described


def make_object(described: Any, kind: str) -> Any:
    """Make an object again from the description in an untrusted file.

    Raises
    ------
    ValueError
        If the class is unknown here or of another kind, or if it rejects the parameters.
    """
    require_keys(described, {"class", "parameters"}, kind)
    name, parameters = described["class"], described["parameters"]
    made = _class_of(name, kind)
    if type(parameters) is not dict:
        raise ValueError(f"the parameters of {name} must be a JSON object, got {shown(parameters)}.")
    nested = {"learning_rate": "learning_rate"} if kind == "optimizer" else {}
    read = {
        key: make_object(item, nested[key])
        if key in nested and type(item) is dict and "class" in item
        else _read_parameter(item, f"{key} of {name}", kind)
        for key, item in parameters.items()
    }
    if kind == "adapter" and read.get("vectors") not in (None, "train"):  # a path is not for others to open
        raise ValueError(f"vectors of {name} must be null or 'train', got {shown(read['vectors'])}.")
    if kind == "pooling":
        choice("dtype", read.get("dtype", "float32"), _DTYPES)
    try:
        if hasattr(made, "_get_param_names"):
            unknown = sorted(set(read) - set(made._get_param_names()))
            if unknown:
                raise ValueError(f"it has no parameter {unknown[0]!r}.")
            return made(**read)
        return made.from_config(read)
    except Exception as error:  # whatever a class may raise on parameters of an untrusted file
        raise ValueError(f"{name} rejects the parameters in the file: {str(error)[:200]}") from error


def _name_of(made, kind):
    ours = _kinds()[kind][1]
    name = made.__name__
    if ours.get(name) is made:
        return name
    registered = keras.saving.get_registered_name(made)
    is_registered = keras.saving.get_registered_object(registered) is made and registered != name
    if is_registered and issubclass(made, _kinds()[kind][0]):
        return registered
    raise ValueError(
        f"the {kind} is a {made.__module__}.{made.__qualname__}, which Keras cannot look up; decorate its class with "
        "keras.saving.register_keras_serializable(package=...) to save it, or pickle the estimator."
    )


def _class_of(name, kind):
    base, ours = _kinds()[kind]
    if type(name) is not str:
        raise ValueError(f"the class of {kind} must be a name, got {shown(name)}.")
    made = ours.get(name)
    if made is None and ">" in name:
        made = keras.saving.get_custom_objects().get(name)
    if made is None:
        raise ValueError(
            f"the {kind} is a {name:.100}, a class that is not known here; import the module that registers it with Keras "
            "before loading."
        )
    if not (inspect.isclass(made) and issubclass(made, base)):
        raise ValueError(f"{name:.100} is not a {base.__name__}, as the {kind} must be.")
    return made


def _parameters_of(value):
    """Constructor parameters of a value object, or the config of a Keras object."""
    if hasattr(value, "get_params"):
        return value.get_params(deep=False)
    config = value.get_config()
    if isinstance(value, keras.layers.Layer):
        config["dtype"] = value.dtype_policy.name
    return config


def _describe_parameters(parameters, kind, name):
    plain = {}
    for key, item in parameters.items():
        if kind == "optimizer" and key == "learning_rate" and isinstance(item, dict):
            schedule = keras.optimizers.schedules.deserialize(item)
            plain[key] = describe_object(schedule, "learning_rate")
        elif kind == "adapter" and key == "vectors" and not (isinstance(item, str) and item == "train"):
            plain[key] = None  # the vectors are in the state; a path would tell where they came from
        else:
            plain[key] = to_plain(item, f"{key} of {name}")
    return plain


def _read_parameter(plain, name, kind):
    value = from_plain(plain, name)
    # Keras makes objects from dicts that name a class, whatever class that is.
    if kind not in ("encoder", "adapter") and isinstance(value, dict):
        raise ValueError(f"{name} must be a number, a string or a list, got {shown(plain)}.")
    return value
