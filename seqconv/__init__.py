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

__all__ = [
    "SeqConvClassifier",
    "SeqConvRegressor",
    "SequenceSet",
    "adapters",
    "augment",
    "data",
    "datasets",
    "encoders",
    "estimators",
    "explain",
    "formats",
    "geometry",
    "layers",
    "load",
    "masks",
    "metrics",
    "models",
]


def __getattr__(name):
    if name in _HOMES:
        return getattr(importlib.import_module(f"seqconv.{_HOMES[name]}"), name)
    if name in __all__:
        return importlib.import_module(f"seqconv.{name}")
    raise AttributeError(f"module 'seqconv' has no attribute {name!r}")


def __dir__():
    return sorted([*globals(), *__all__])
