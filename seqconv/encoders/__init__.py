"""Encoders of the literature as value objects: hyper-parameters in, features out.

An encoder is called on the Keras tensor of a stem, (batch, steps, channels) with its mask, and returns the features
(batch, steps, features). It holds no weights: every call makes new layers.
"""

import difflib
from typing import Any

from sklearn.base import clone

from seqconv.encoders.base import Encoder
from seqconv.encoders.fcn import FCN
from seqconv.encoders.inception_time import InceptionTime
from seqconv.encoders.kim_cnn import KimCNN
from seqconv.encoders.resnet import ResNet

_ENCODERS = {
    "fcn": FCN,
    "inception_time": InceptionTime,
    "kim_cnn": KimCNN,
    "resnet": ResNet,
}

__all__ = ["FCN", "Encoder", "InceptionTime", "KimCNN", "ResNet", "get", "names"]


def names() -> list[str]:
    """Return the names that `get` understands, in alphabetical order.

    Examples
    --------
    >>> import seqconv
    >>> seqconv.encoders.names()
    ['fcn', 'inception_time', 'kim_cnn', 'resnet']
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
        return _ENCODERS[encoder]()
    if isinstance(encoder, Encoder):
        return clone(encoder)
    raise TypeError(f"encoder must be one of {names()} or an Encoder such as FCN(), got {encoder!r:.200}.")
