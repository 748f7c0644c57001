"""Encoders of the literature as value objects: hyper-parameters in, features drawn.

An encoder is called on the Keras tensor that a stem gives, ``(batch, steps, channels)`` with its mask, and returns the
features ``(batch, steps, features)``. It holds no weights: every call makes new layers.
"""

import difflib

from sklearn.base import clone

from seqconv.encoders.base import Encoder
from seqconv.encoders.fcn import FCN
from seqconv.encoders.inception_time import InceptionTime
from seqconv.encoders.kim_cnn import KimCNN
from seqconv.encoders.resnet import ResNet

__all__ = ["FCN", "Encoder", "InceptionTime", "KimCNN", "ResNet", "get", "names"]

_ENCODERS = {
    "fcn": FCN,
    "inception_time": InceptionTime,
    "kim_cnn": KimCNN,
    "resnet": ResNet,
}


def names():
    """Names that `get` understands, in alphabetical order.

    Examples
    --------
    >>> import seqconv
    >>> seqconv.encoders.names()
    ['fcn', 'inception_time', 'kim_cnn', 'resnet']
    """
    return sorted(_ENCODERS)


def get(encoder):
    """Encoder of that name with the paper's settings; a copy where an encoder is given.

    Parameters
    ----------
    encoder : str or Encoder
        One of `names()`, or a value object such as ``InceptionTime(depth=3)``.

    Returns
    -------
    Encoder

    Raises
    ------
    ValueError
        The name is unknown; the near ones are offered.
    TypeError
        Neither a name nor an encoder.

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
    raise TypeError(f"encoder must be a name or an Encoder such as FCN(), got {encoder!r}; names: {names()}.")
