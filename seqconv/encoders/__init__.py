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
    from seqconv.encoders.alex_net import AlexNet
    from seqconv.encoders.bank import Bank
    from seqconv.encoders.char_cnn import CharCNN
    from seqconv.encoders.conv_next1d import ConvNeXt1D
    from seqconv.encoders.dcnn import DCNN
    from seqconv.encoders.deep_lob import DeepLOB
    from seqconv.encoders.deep_res_net import DeepResNet
    from seqconv.encoders.disjoint_cnn import DisjointCNN
    from seqconv.encoders.dpcnn import DPCNN
    from seqconv.encoders.fcn import FCN
    from seqconv.encoders.fixed_bank import FixedBank
    from seqconv.encoders.goog_le_net import GoogLeNet
    from seqconv.encoders.h_inception_time import HInceptionTime
    from seqconv.encoders.hannun_ecg import HannunECG
    from seqconv.encoders.hydra import Hydra
    from seqconv.encoders.inception_time import InceptionTime
    from seqconv.encoders.interval_quantiles import IntervalQuantiles
    from seqconv.encoders.kachuee_ecg import KachueeECG
    from seqconv.encoders.kim_cnn import KimCNN
    from seqconv.encoders.le_net import LeNet
    from seqconv.encoders.listing import catalogue
    from seqconv.encoders.lite import LITE
    from seqconv.encoders.mini_rocket import MiniRocket
    from seqconv.encoders.modern_tcn import ModernTCN
    from seqconv.encoders.multi_rocket import MultiRocket
    from seqconv.encoders.omni_scale_cnn import OmniScaleCNN
    from seqconv.encoders.raw_audio_cnn import RawAudioCNN
    from seqconv.encoders.resnet import ResNet
    from seqconv.encoders.ribeiro_ecg import RibeiroECG
    from seqconv.encoders.sinc_net import SincNet
    from seqconv.encoders.tc_res_net import TCResNet
    from seqconv.encoders.tcn import TCN
    from seqconv.encoders.time_cnn import TimeCNN
    from seqconv.encoders.vdcnn import VDCNN
    from seqconv.encoders.vgg import VGG
    from seqconv.encoders.x_res_net1d import XResNet1D

_ENCODERS = {
    "alex_net": "AlexNet",
    "bank": "Bank",
    "char_cnn": "CharCNN",
    "conv_next1d": "ConvNeXt1D",
    "dcnn": "DCNN",
    "deep_lob": "DeepLOB",
    "deep_res_net": "DeepResNet",
    "disjoint_cnn": "DisjointCNN",
    "dpcnn": "DPCNN",
    "fcn": "FCN",
    "goog_le_net": "GoogLeNet",
    "h_inception_time": "HInceptionTime",
    "hannun_ecg": "HannunECG",
    "hydra": "Hydra",
    "inception_time": "InceptionTime",
    "interval_quantiles": "IntervalQuantiles",
    "kachuee_ecg": "KachueeECG",
    "kim_cnn": "KimCNN",
    "le_net": "LeNet",
    "lite": "LITE",
    "mini_rocket": "MiniRocket",
    "modern_tcn": "ModernTCN",
    "multi_rocket": "MultiRocket",
    "omni_scale_cnn": "OmniScaleCNN",
    "raw_audio_cnn": "RawAudioCNN",
    "resnet": "ResNet",
    "ribeiro_ecg": "RibeiroECG",
    "sinc_net": "SincNet",
    "tc_res_net": "TCResNet",
    "tcn": "TCN",
    "time_cnn": "TimeCNN",
    "vdcnn": "VDCNN",
    "vgg": "VGG",
    "x_res_net1d": "XResNet1D",
}
# Each is imported when it is first used: the fixed banks need no Keras.
_HOMES = {name: file for file, name in _ENCODERS.items()} | {"FixedBank": "fixed_bank", "catalogue": "listing"}

__all__ = [
    "DCNN",
    "DPCNN",
    "FCN",
    "LITE",
    "TCN",
    "VDCNN",
    "VGG",
    "AlexNet",
    "Bank",
    "CharCNN",
    "ConvNeXt1D",
    "DeepLOB",
    "DeepResNet",
    "DisjointCNN",
    "Encoder",
    "FixedBank",
    "GoogLeNet",
    "HInceptionTime",
    "HannunECG",
    "Hydra",
    "InceptionTime",
    "IntervalQuantiles",
    "KachueeECG",
    "KimCNN",
    "LeNet",
    "MiniRocket",
    "ModernTCN",
    "MultiRocket",
    "OmniScaleCNN",
    "RawAudioCNN",
    "ResNet",
    "RibeiroECG",
    "SincNet",
    "TCResNet",
    "TimeCNN",
    "XResNet1D",
    "catalogue",
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
    >>> seqconv.encoders.names()[:4]
    ['alex_net', 'bank', 'char_cnn', 'conv_next1d']
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
