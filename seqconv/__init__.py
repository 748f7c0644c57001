"""Classify and regress sequences with one-dimensional convolutions.

Everything is loaded when it is first used: ``import seqconv`` alone imports neither Keras nor pandas.
"""

import importlib

__version__ = "0.1.0"

_HOMES = {
    "SeqConvClassifier": "estimators",
    "SeqConvRegressor": "estimators",
    "load": "estimators",
    "SequenceSet": "data",
}
_ROOMS = ("adapters", "data", "datasets", "encoders", "estimators", "explain", "formats", "geometry", "layers", "masks")
_ROOMS += ("models",)

__all__ = [*_HOMES, *_ROOMS]


def __getattr__(name):
    if name in _HOMES:
        return getattr(importlib.import_module(f"seqconv.{_HOMES[name]}"), name)
    if name in _ROOMS:
        return importlib.import_module(f"seqconv.{name}")
    raise AttributeError(f"module 'seqconv' has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
