"""What `fit` learnt, as plain values and arrays, and back from an untrusted file."""

from reprlib import repr as shown
from typing import Any

import numpy as np

# Learnt from an X without an adapter: attribute and its type.
_FORM = {"n_features_in_": int, "n_channels_in_": int, "_is_table": bool}
_NAMES = "feature_names_in_"
LEARNT_FROM_ARRAYS = (*_FORM, _NAMES)


def describe(estimator: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return what an estimator learnt apart from its adapter."""
    from seqconv.estimators.blueprint import describe_blueprint

    form = {name: vars(estimator)[name] for name in LEARNT_FROM_ARRAYS if name in vars(estimator)}
    described = {
        "history": estimator.history_,
        "min_steps": estimator._min_steps,
        "form": form,
        "targets": estimator._targets.get_state(),
        "blueprint": describe_blueprint(estimator._blueprint),
        "n_members": len(estimator.members_),
    }
    return described, weights(estimator)


def weights(estimator: Any) -> dict[str, np.ndarray]:
    """Return the weights of all members by name."""
    from seqconv.estimators.blueprint import weights_of

    return weights_of(estimator.members_)


def redraw(estimator: Any, arrays: dict[str, np.ndarray], n_members: int | None = None) -> None:
    """Draw the networks of an estimator again, with these weights."""
    from seqconv.estimators.randomness import random_state_kept
    from seqconv.models import build_average

    if n_members is None:
        n_members = len({name.split("/")[1] for name in arrays})
    with random_state_kept():
        estimator.members_ = estimator._blueprint.restore(arrays, n_members)
        estimator.model_ = build_average(estimator.members_)


def restore(estimator: Any, described: Any, arrays: dict[str, np.ndarray]) -> None:
    """Restore an estimator, whose adapter is set already, from an untrusted file.

    Raises
    ------
    ValueError
        If no fit could have learnt this.
    """
    from seqconv.estimators.blueprint import read_blueprint

    keys = {"history", "min_steps", "form", "targets", "blueprint", "n_members"}
    if type(described) is not dict or set(described) != keys:
        raise ValueError(f"the fitted state must be {', '.join(sorted(keys))}, got {shown(described)}.")
    n_members, min_steps = described["n_members"], described["min_steps"]
    if type(n_members) is not int or not 1 <= n_members <= max(1, len(arrays)):
        raise ValueError(f"n_members must be a whole number of at least 1, got {shown(n_members)}.")
    if type(min_steps) is not int or min_steps < 1:
        raise ValueError(f"min_steps must be a whole number of at least 1, got {shown(min_steps)}.")
    _check_history(described["history"])
    estimator.history_, estimator._min_steps = described["history"], min_steps
    estimator._targets = estimator._new_targets().set_state(described["targets"])
    _restore_form(estimator, described["form"])
    estimator._blueprint = read_blueprint(described["blueprint"])
    _check_blueprint(estimator)
    redraw(estimator, arrays, n_members)
    estimator._publish()


def _check_history(history):
    is_dict = type(history) is dict
    members = history["members"] if is_dict and set(history) == {"members"} else [history]
    if type(members) is not list or any(type(member) is not dict for member in members):
        raise ValueError(f"history must be a dict of lists, or one of each member, got {shown(history)}.")
    for name, values in (item for member in members for item in member.items()):
        if type(values) is not list or any(type(value) not in (int, float) for value in values):
            raise ValueError(f"{name} of history must be a list of numbers, got {shown(values)}.")


def _restore_form(estimator, form):
    """Restore what was learnt from arrays: a table's steps are its features, other cases have channels."""
    if type(form) is not dict or (estimator.adapter_ is not None and form):
        raise ValueError(f"the form of X must be empty with an adapter, got {shown(form)}.")
    if estimator.adapter_ is not None:
        return
    if set(form) - {_NAMES} != set(_FORM) or any(type(form[name]) is not kind for name, kind in _FORM.items()):
        raise ValueError(f"the form of X must be {', '.join(_FORM)}, got {shown(form)}.")
    n_features, n_channels, is_table = (form[name] for name in _FORM)
    if n_features < 1 or n_channels != (1 if is_table else n_features):
        raise ValueError(f"n_features_in_ and n_channels_in_ must agree, got {n_features} and {n_channels}.")
    names = form.get(_NAMES)
    if names is not None:
        is_array = type(names) is np.ndarray and names.dtype == object
        if not (is_table and is_array and len(names) == n_features):
            raise ValueError(f"feature_names_in_ must name the {n_features} steps of a table, got {shown(names)}.")
    for name, value in form.items():
        setattr(estimator, name, value)


def _check_blueprint(estimator):
    """Raise if the network does not fit the targets, the adapter or the form of X."""
    from seqconv.estimators.parameters import makes_tokens
    from seqconv.models import TokenStem

    blueprint, targets, adapter = estimator._blueprint, estimator._targets, estimator.adapter_
    if (blueprint.n_outputs, blueprint.activation) != (targets.n_outputs, targets.activation):
        raise ValueError(
            f"the network must have {targets.n_outputs} outputs and end in {targets.activation}, got "
            f"{blueprint.n_outputs} and {blueprint.activation}."
        )
    n_tokens = blueprint.stem.n_tokens if isinstance(blueprint.stem, TokenStem) else None
    if n_tokens != (adapter.n_tokens_ if makes_tokens(adapter) else None):
        raise ValueError(f"the network must have the tokens of its adapter, got {n_tokens}.")
    if adapter is None and blueprint.input_shape != (None, estimator.n_channels_in_):
        raise ValueError(f"the network must take the channels of the estimator, got {blueprint.input_shape}.")
