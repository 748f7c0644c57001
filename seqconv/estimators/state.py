"""What `fit` learnt, as values and arrays, and back from an untrusted file."""

from reprlib import repr as shown
from typing import Any

import numpy as np

from seqconv.estimators.banks import DRAWN

# Learnt from an X without an adapter: attribute and its type.
_FORM = {"n_features_in_": int, "n_channels_in_": int, "_is_table": bool}
_NAMES = "feature_names_in_"
LEARNT_FROM_ARRAYS = (*_FORM, _NAMES)


def forget(estimator: Any) -> None:
    """Remove what an earlier fit learnt, which may have been of another kind."""
    for name in (*LEARNT_FROM_ARRAYS, *DRAWN, "_banks", "_wide", "_largest", "loo_proba_"):
        vars(estimator).pop(name, None)


def describe(estimator: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return what an estimator learnt; the networks can be drawn again from it."""
    blueprint, adapter = estimator._blueprint, estimator.adapter_
    if adapter is not None and not hasattr(adapter, "get_state"):
        raise ValueError(f"adapter_ is a {type(adapter).__name__}, whose state cannot be saved; pickle the estimator.")
    adapter_state, arrays = (None, {}) if adapter is None else adapter.get_state()
    described = {
        "history": estimator.history_,
        "form": {name: vars(estimator)[name] for name in LEARNT_FROM_ARRAYS if name in vars(estimator)},
        "targets": estimator._targets.get_state(),
        "adapter": adapter,
        "adapter_state": adapter_state,
        "encoder": blueprint.encoder,
        "pooling": blueprint.pooling,
        "scaling": getattr(blueprint.stem, "scaling", None),
        "shape": list(blueprint.input_shape[1:]),
        "dtype": blueprint.dtype,
    }
    return described, weights(estimator) | {f"adapter/{name}": array for name, array in arrays.items()}


def weights(estimator: Any) -> dict[str, np.ndarray]:
    """Return the weights of all members, and of the linear model beside them, by name."""
    from seqconv.estimators import joining
    from seqconv.estimators.blueprint import weights_of

    return weights_of(estimator.members_) | joining.stored(getattr(estimator, "_wide", None))


def redraw(estimator: Any, arrays: dict[str, np.ndarray]) -> None:
    """Draw the networks of an estimator again, with these weights."""
    from seqconv.encoders import FixedBank
    from seqconv.estimators import joining
    from seqconv.estimators.banks import of_networks
    from seqconv.estimators.randomness import random_state_kept

    n_tokens = getattr(estimator._blueprint.stem, "n_tokens", 0)
    wide = joining.checked(arrays, n_tokens, estimator._targets.n_outputs)
    with random_state_kept():
        members = {name: array for name, array in arrays.items() if not name.startswith(joining.PREFIX)}
        estimator.members_, estimator._wide = estimator._blueprint.restore(members), wide
        estimator.model_ = joining.build(estimator.members_, wide)
    if isinstance(estimator._blueprint.encoder, FixedBank):
        estimator._banks = of_networks(estimator)


def restore(estimator: Any, described: Any, arrays: dict[str, np.ndarray]) -> None:
    """Restore what `describe` returned, from an untrusted file.

    Raises
    ------
    ValueError
        If no fit could have learnt this.
    """
    from seqconv.arguments import choice
    from seqconv.estimators import plans
    from seqconv.estimators.registry import DTYPES

    keys = {"history", "form", "targets", "adapter", "adapter_state", "encoder", "pooling", "scaling", "shape", "dtype"}
    if type(described) is not dict or set(described) != keys:
        raise ValueError(f"the fitted state must be {', '.join(sorted(keys))}, got {shown(described)}.")
    history, form, shape, adapter = (described[name] for name in ("history", "form", "shape", "adapter"))
    _check_history(history)
    own = {name.removeprefix("adapter/"): array for name, array in arrays.items() if name.startswith("adapter/")}
    if adapter is None and described["adapter_state"] is None:
        _check_form(form, shape)
    elif form or not hasattr(adapter, "set_state"):
        raise ValueError(f"an adapter must have a state, and X no form of its own, got {shown(form)}.")
    else:
        adapter.set_state(described["adapter_state"], own)
    forget(estimator)
    vars(estimator).update(form, history_=history, adapter_=adapter)
    if form:
        estimator._largest = None  # known to the fit alone, which warns by it
    estimator._targets = estimator._new_targets().set_state(described["targets"])
    choice("dtype", described["dtype"], DTYPES)
    settings = (described[name] for name in ("encoder", "pooling", "scaling"))
    estimator._blueprint = plans.blueprint(*settings, adapter, estimator._targets, tuple(shape), described["dtype"])
    _check_size(estimator._blueprint.encoder, arrays)
    estimator._min_steps = estimator._blueprint.encoder.min_steps
    estimator._shape = tuple(shape)
    redraw(estimator, arrays if adapter is None else {name: arrays[name] for name in arrays if name[:8] != "adapter/"})
    estimator._publish()


def _check_size(encoder, arrays):
    """Raise if an encoder is so large that it should not even be drawn for a file of few weights."""
    n_arrays, largest = len(arrays), max((array.size for array in arrays.values()), default=0)
    for bank in getattr(encoder, "members", list)():
        # Each level of intervals has more features than the one before.
        if min(2 ** min(getattr(bank, "depth", 0), 40), bank.n_steps or 0) > largest:
            raise ValueError(f"arrays of at most {largest} numbers are too small for {bank!r:.200}.")
    try:
        n_layers = len(encoder.convolutions())
    except TypeError:  # an encoder of the user that does not name them
        return
    if n_layers > 100 + 10 * n_arrays:
        raise ValueError(f"{n_arrays} weights are too few for {encoder!r:.200}.")


def _check_history(history):
    is_dict = type(history) is dict
    members = history["members"] if is_dict and set(history) == {"members"} else [history]
    if type(members) is not list or any(type(member) is not dict for member in members):
        raise ValueError(f"history must be a dict of lists, or one of each member, got {shown(history)}.")
    for name, values in (item for member in members for item in member.items()):
        if type(values) is not list or any(type(value) not in (int, float) for value in values):
            raise ValueError(f"{name} of history must be a list of numbers, got {shown(values)}.")


def _check_form(form, shape):
    """Check what was learnt from arrays: a table's steps are its features, other cases have channels."""
    is_dict = type(form) is dict and set(form) - {_NAMES} == set(_FORM)
    if not is_dict or any(type(form[name]) is not kind for name, kind in _FORM.items()):
        raise ValueError(f"the form of X must be {', '.join(_FORM)}, got {shown(form)}.")
    n_features, n_channels, is_table = (form[name] for name in _FORM)
    if n_features < 1 or n_channels != (1 if is_table else n_features) or shape != [n_channels]:
        raise ValueError(f"features, channels and shape must agree, got {n_features}, {n_channels} and {shown(shape)}.")
    names = form.get(_NAMES)
    is_array = type(names) is np.ndarray and names.dtype == object and len(names) == n_features
    if names is not None and not is_array:
        raise ValueError(f"feature_names_in_ must name {n_features} steps or channels, got {shown(names)}.")
