"""scikit-learn estimators of sequences, where arrays meet networks."""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from seqconv.estimators.classifier import SeqConvClassifier
    from seqconv.estimators.loading import load
    from seqconv.estimators.regressor import SeqConvRegressor
    from seqconv.estimators.saved_file_error import SavedFileError

# Each name is imported when it is first used: `load` needs Keras, the estimators do not.
_HOMES = {
    "SavedFileError": "saved_file_error",
    "SeqConvClassifier": "classifier",
    "SeqConvRegressor": "regressor",
    "load": "loading",
}

__all__ = ["SavedFileError", "SeqConvClassifier", "SeqConvRegressor", "load"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"seqconv.estimators.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
