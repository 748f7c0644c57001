"""Objects by the names of their classes: public ones of seqconv, and those that users register with Keras.

Nothing is imported by a name in a file. A class must be known to this process, and be an encoder, an adapter, a layer, an
optimizer or a schedule of the learning rate.
"""

import inspect
from functools import cache
from reprlib import repr as shown
from typing import Any

import keras

from seqconv import adapters, encoders, layers
from seqconv.arguments import choice
from seqconv.domains.base import Adapter
from seqconv.saving.plain import from_plain, to_plain

_SCHEDULE = keras.optimizers.schedules.LearningRateSchedule
_BASES = (encoders.Encoder, Adapter, keras.layers.Layer, keras.optimizers.Optimizer, _SCHEDULE)
# Keras knows classes that run code or read files; these only compute.
_OF_KERAS = {
    keras.layers: "GlobalAveragePooling1D GlobalMaxPooling1D",
    keras.optimizers: "Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion Nadam RMSprop SGD",
    keras.optimizers.schedules: "CosineDecay CosineDecayRestarts ExponentialDecay InverseTimeDecay PolynomialDecay "
    "PiecewiseConstantDecay",
}
DTYPES = ("float32", "float64", "float16", "bfloat16", "mixed_float16", "mixed_bfloat16")


@cache
def _public():
    """Our classes by name, and those of Keras by ``keras>name``."""
    ours = {name: getattr(module, name) for module in (adapters, encoders, layers) for name in module.__all__}
    theirs = {f"keras>{name}": getattr(module, name) for module, names in _OF_KERAS.items() for name in names.split()}
    return {name: made for name, made in (ours | theirs).items() if inspect.isclass(made) and issubclass(made, _BASES)}


def describe_object(value: Any, name: str) -> dict[str, Any]:
    """Describe an object by the name of its class and its parameters.

    Parameters
    ----------
    value : Encoder, Adapter, keras.layers.Layer, keras.optimizers.Optimizer or schedule of the learning rate
    name : str
        What the object is, for the message.

    Raises
    ------
    ValueError
        If the class is neither ours nor registered with Keras.
        If a parameter is not a plain value.
    """
    described = {"class": _name_of(type(value), name), "parameters": {}}
    for key, item in _parameters(value).items():
        if key == "learning_rate" and isinstance(item, dict):
            item = keras.optimizers.schedules.deserialize(item)
        described["parameters"][key] = to_plain(item, f"{key} of {name}", describe_object)
    if not hasattr(value, "get_params") and make_object(described).get_config() != value.get_config():
        raise ValueError(f"{name}, a {described['class']}, has a setting that cannot be saved; pickle the estimator.")
    return described


def make_object(described: Any) -> Any:
    """Make an object again from the description in an untrusted file.

    Raises
    ------
    ValueError
        If the class is not known here, or if it rejects the parameters.
    """
    if type(described) is not dict or set(described) != {"class", "parameters"}:
        raise ValueError(f"an object must have a class and parameters, got {shown(described)}.")
    name, parameters = described["class"], described["parameters"]
    made = _public().get(name) or keras.saving.get_custom_objects().get(name) if type(name) is str else None
    if not (inspect.isclass(made) and issubclass(made, _BASES)):
        raise ValueError(
            f"{shown(name)} is a class that is not known here; import the module that registers it with Keras before "
            "loading."
        )
    if type(parameters) is not dict:
        raise ValueError(f"the parameters of {name} must be a JSON object, got {shown(parameters)}.")
    read = {key: from_plain(item, make_object) for key, item in parameters.items()}
    if read.get("vectors") not in (None, "train"):  # a path is not for others to open
        raise ValueError(f"vectors of {name} must be null or 'train', got {shown(read['vectors'])}.")
    try:
        if hasattr(made, "get_params"):
            return made(**read)
        # Keras makes objects from dicts that name a class, whatever class that is.
        if any(isinstance(item, dict) for item in read.values()):
            raise ValueError("a parameter must be a number, a string or a list, got a dict.")
        choice("dtype", read.get("dtype", "float32"), DTYPES)
        return made.from_config(read)
    except Exception as error:  # whatever a class may raise on parameters of an untrusted file
        raise ValueError(f"{name} rejects the parameters in the file: {str(error)[:200]}") from error


def _name_of(made, name):
    known = next((known for known, public in _public().items() if public is made), None)
    registered = keras.saving.get_registered_name(made)
    if known is None and issubclass(made, _BASES) and keras.saving.get_custom_objects().get(registered) is made:
        known = registered
    if known is None:
        raise ValueError(
            f"{name} holds a {made.__module__}.{made.__qualname__}, which cannot be saved; subclass Encoder, Adapter "
            "or a Keras layer and decorate the class with keras.saving.register_keras_serializable(package=...), or pickle "
            "the estimator."
        )
    return known


def _parameters(value):
    """Constructor parameters of a value object, or the config of a Keras object."""
    if hasattr(value, "get_params"):
        parameters = value.get_params(deep=False)
        # Word vectors are in the state of an adapter; their path would tell where they came from.
        if not isinstance(parameters.get("vectors"), str) or parameters["vectors"] != "train":
            parameters |= {"vectors": None} if "vectors" in parameters else {}
        return parameters
    config = value.get_config()
    return config | {"dtype": value.dtype_policy.name} if isinstance(value, keras.layers.Layer) else config
