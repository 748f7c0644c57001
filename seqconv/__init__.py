"""Classify and regress sequences with one-dimensional convolutions.

Every part is imported when it is first used: ``import seqconv`` alone imports neither Keras nor pandas.
"""

import importlib
from typing import TYPE_CHECKING, Any

from seqconv.near_names import unknown

if TYPE_CHECKING:
    from seqconv import (
        adapters,
        augment,
        data,
        datasets,
        encoders,
        estimators,
        explain,
        formats,
        geometry,
        layers,
        masks,
        metrics,
        models,
    )
    from seqconv.data import SequenceSet
    from seqconv.estimators import SeqConvClassifier, SeqConvRegressor, load

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


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"seqconv.{_HOMES[name]}"), name)
    if name in __all__:
        return importlib.import_module(f"seqconv.{name}")
    if name.startswith("_"):
        raise AttributeError(f"module 'seqconv' has no attribute {name!r}")
    rooms = ("adapters", "datasets", "encoders", "formats")
    others = [f"seqconv.{room}.{one}" for room in rooms for one in importlib.import_module(f"seqconv.{room}").__all__]
    raise unknown("seqconv", name, [*others, *__all__])


def __dir__() -> list[str]:
    return sorted(["__version__", *__all__])
