"""Save a fitted estimator to one file.

The file holds parameters, fitted state and weights, but no graph: `load` draws the networks again.
"""

import sys
from typing import Any

import keras
import numpy as np
from sklearn.utils.validation import check_is_fitted

from seqconv.estimators.parameters import check_parameters
from seqconv.estimators.randomness import random_state_kept
from seqconv.estimators.registry import describe_object
from seqconv.saving import container
from seqconv.saving.plain import to_plain

FORMAT, VERSION = "seqconv estimator", 2
NOT_SAVED = ("augment", "callbacks", "metrics")  # they serve training only


def save(estimator: Any, path: Any) -> None:
    """Write a fitted estimator to one file, atomically. Two saves of one estimator give the same bytes.

    Parameters
    ----------
    estimator : SeqConvClassifier or SeqConvRegressor
    path : str or path
        An old file there stays whole until the new one is.

    Raises
    ------
    ValueError
        If a class is neither ours nor registered with Keras; nothing is written.
        If a parameter is not a plain value, or if a weight is not finite; nothing is written.
    OSError
        If the file cannot be written; an old file there is unchanged.
    """
    check_is_fitted(estimator)
    made = type(estimator)
    if not made.__module__.startswith("seqconv.estimators."):
        raise ValueError(
            f"the estimator must be a SeqConvClassifier or SeqConvRegressor, got {made.__name__}; pickle it."
        )
    check_parameters(estimator)
    parameters = {name: getattr(estimator, name) for name in estimator._get_param_names() if name not in NOT_SAVED}
    if isinstance(parameters["random_state"], np.random.RandomState):
        parameters["random_state"] = None
    libraries = ("seqconv", "keras", "numpy", keras.backend.backend())
    with random_state_kept():
        state, arrays = estimator.get_state()
        described = {
            "format": FORMAT,
            "version": VERSION,
            "written_by": {name: sys.modules[name].__version__ for name in libraries},
            "class": made.__name__,
            "parameters": {name: to_plain(value, name, describe_object) for name, value in parameters.items()},
            "state": {name: to_plain(value, name, describe_object) for name, value in state.items()},
        }
    container.write(path, described, arrays)
