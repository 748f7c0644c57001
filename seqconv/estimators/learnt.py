"""What `fit` learnt beside adapter and networks, as JSON values, and back: nothing that no fit could have learnt."""

from reprlib import repr as shown

import numpy as np

from seqconv.estimators.classifier import SeqConvClassifier
from seqconv.estimators.parts import from_plain, to_plain
from seqconv.estimators.regressor import SeqConvRegressor

_LEARNT = {
    SeqConvClassifier: {"history_": dict, "_min_steps": int, "classes_": np.ndarray, "_multi_label": bool},
    SeqConvRegressor: {
        "history_": dict,
        "_min_steps": int,
        "_target_centre": np.ndarray,
        "_target_scale": np.ndarray,
        "_single_output": bool,
    },
}
_LEARNT_OF_ARRAYS = {"n_features_in_": int, "n_channels_in_": int, "_is_table": bool}
_LEARNT_OF_FRAMES = {"feature_names_in_": np.ndarray}


def describe_learnt(estimator):
    """What `fit` learnt beside adapter and networks, as JSON values by name."""
    known = _LEARNT[type(estimator)] | _LEARNT_OF_ARRAYS | _LEARNT_OF_FRAMES
    return {name: to_plain(value, name) for name, value in vars(estimator).items() if name in known}


def set_learnt(estimator, described):
    """Give an estimator with its adapter what a file that nobody trusts says that it learnt.

    Raises
    ------
    ValueError
        No fit could have learnt this; the message names what.
    """
    required = _LEARNT[type(estimator)] | (_LEARNT_OF_ARRAYS if estimator.adapter_ is None else {})
    types = required | (_LEARNT_OF_FRAMES if estimator.adapter_ is None else {})
    if type(described) is not dict or not set(required) <= set(described) <= set(types):
        raise ValueError(f"what was learnt must be {', '.join(types)}.")
    for name, plain in described.items():
        value = from_plain(plain, name)
        if type(value) is not types[name]:
            raise ValueError(f"{name} must be a {types[name].__name__}, got {shown(plain)}.")
        setattr(estimator, name, value)
    _check_history(estimator.history_)
    if estimator._min_steps < 1:
        raise ValueError(f"_min_steps must be at least 1, got {estimator._min_steps}.")
    if isinstance(estimator, SeqConvClassifier):
        _check_classes(estimator)
    else:
        _check_scale(estimator)
    if estimator.adapter_ is None:
        _check_form(estimator)


def _check_history(history):
    members = history["members"] if set(history) == {"members"} else [history]
    if type(members) is not list or any(type(member) is not dict for member in members):
        raise ValueError(f"history_ must be a dict of lists, or one of each member, got {shown(history)}.")
    for name, values in (item for member in members for item in member.items()):
        if type(values) is not list or any(type(value) not in (int, float) for value in values):
            raise ValueError(f"{name} of history_ must be a list of numbers, got {shown(values)}.")


def _check_classes(estimator):
    """Classes stand as `fit` found them: each once, in ascending order."""
    classes = estimator.classes_
    expected = np.arange(len(classes)) if estimator._multi_label else np.unique(classes)
    if not len(classes) or classes.tolist() != expected.tolist():
        raise ValueError(f"classes_ must be different, in ascending order, got {shown(classes.tolist())}.")


def _check_scale(estimator):
    centre, scale = estimator._target_centre, estimator._target_scale
    arrays = {"_target_centre": centre, "_target_scale": scale}
    for name, array in arrays.items():
        if array.dtype.str != "<f8" or not np.isfinite(array).all():
            raise ValueError(f"{name} must be finite float64 numbers, got {shown(array.tolist())}.")
    if len(centre) != len(scale) or not len(scale) or not (scale > 0).all():
        raise ValueError(
            f"each output must have a centre and a scale above 0, got {len(centre)} and {shown(scale.tolist())}."
        )
    if estimator._single_output and len(scale) != 1:
        raise ValueError(f"a single output must have one scale, got {len(scale)}.")


def _check_form(estimator):
    """What was learnt of arrays: a table's steps are its features, other cases have channels."""
    n_features, n_channels = estimator.n_features_in_, estimator.n_channels_in_
    names = getattr(estimator, "feature_names_in_", None)
    is_table = estimator._is_table
    if n_features < 1 or n_channels != (1 if is_table else n_features):
        raise ValueError(f"n_features_in_ and n_channels_in_ must agree, got {n_features} and {n_channels}.")
    if names is not None and not (is_table and names.dtype == object and len(names) == n_features):
        raise ValueError(f"feature_names_in_ must name the {n_features} steps of a table, got {shown(names.tolist())}.")
