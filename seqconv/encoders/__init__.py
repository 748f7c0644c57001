"""Encoders of the literature as value objects: hyper-parameters in, features out.

An encoder is called on the Keras tensor of a stem, (batch, steps, channels) with its mask, and returns the features
(batch, steps, features). It holds no weights: every call makes new layers. The fixed banks return (batch, features).
"""

import difflib
import importlib
from typing import TYPE_CHECKING, Any

from sklearn.base import clone

from seqconv.encoders.base import Encoder
from seqconv.near_names import unknown

if TYPE_CHECKING:
    from seqconv.encoders.bank import Bank
    from seqconv.encoders.fcn import FCN
    from seqconv.encoders.fixed_bank import FixedBank
    from seqconv.encoders.hydra import Hydra
    from seqconv.encoders.inception_time import InceptionTime
    from seqconv.encoders.interval_quantiles import IntervalQuantiles
    from seqconv.encoders.kim_cnn import KimCNN
    from seqconv.encoders.mini_rocket import MiniRocket
    from seqconv.encoders.multi_rocket import MultiRocket
    from seqconv.encoders.resnet import ResNet

_ENCODERS = {
    "bank": "Bank",
    "fcn": "FCN",
    "hydra": "Hydra",
    "inception_time": "InceptionTime",
    "interval_quantiles": "IntervalQuantiles",
    "kim_cnn": "KimCNN",
    "mini_rocket": "MiniRocket",
    "multi_rocket": "MultiRocket",
    "resnet": "ResNet",
}
# Each is imported when it is first used: the fixed banks need no Keras.
_HOMES = {name: file for file, name in _ENCODERS.items()} | {"FixedBank": "fixed_bank"}

__all__ = [
    "FCN",
    "Bank",
    "Encoder",
    "FixedBank",
    "Hydra",
    "InceptionTime",
    "IntervalQuantiles",
    "KimCNN",
    "MiniRocket",
    "MultiRocket",
    "ResNet",
    "get",
    "names",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"seqconv.encoders.{_HOMES[name]}"), name)
    raise unknown(__name__, name, __all__)


def __dir__() -> list[str]:
    return sorted(__all__)


def names() -> list[str]:
    """Return the names that `get` understands, in alphabetical order.

    Examples
    --------
    >>> import seqconv
    >>> seqconv.encoders.names()
    ['bank', 'fcn', 'hydra', 'inception_time', 'interval_quantiles', 'kim_cnn', 'mini_rocket', 'multi_rocket', 'resnet']
    """
    return sorted(_ENCODERS)


def get(encoder: Any) -> Encoder:
    """Make an encoder from its name, or copy an encoder.

    Parameters
    ----------
    encoder : str or Encoder
        One of `names()`, which has the settings of its paper, or a value object such as ``InceptionTime(depth=3)``.

    Returns
    -------
    Encoder

    Raises
    ------
    ValueError
        If the name is unknown.
    TypeError
        If `encoder` is neither a name nor an Encoder.

    Examples
    --------
    >>> import seqconv
    >>> seqconv.encoders.get("fcn")
    FCN()
    """
    if isinstance(encoder, str):
        if encoder not in _ENCODERS:
            near = difflib.get_close_matches(encoder, names(), n=3, cutoff=0.4) or names()
            raise ValueError(f"encoder must be one of {names()}, got {encoder!r}; did you mean {' or '.join(near)}?")
        return __getattr__(_ENCODERS[encoder])()
    if isinstance(encoder, Encoder):
        return clone(encoder)
    raise TypeError(f"encoder must be one of {names()} or an Encoder such as FCN(), got {encoder!r:.200}.")
