"""The steps of `fit`: read, split, plan, train."""

from typing import Any

import keras
import numpy as np
from sklearn.base import clone
from sklearn.utils import _safe_indexing, check_random_state
from sklearn.utils.validation import _check_sample_weight

from seqconv import encoders
from seqconv.data import SequenceSet
from seqconv.data.arrays import as_numpy
from seqconv.data.case_errors import CaseError, renumbered
from seqconv.estimators import intake, plans, state
from seqconv.estimators.reading import read_arrays, read_records, unpacked
from seqconv.estimators.split import split
from seqconv.models import build_average
from seqconv.training.members import train_members
from seqconv.training.part import Part


def fit(estimator: Any, X: Any, y: Any, sample_weight: Any, groups: Any, validation_data: Any) -> bool:
    """Fit an estimator in place; return whether Ctrl-C ended it with at least one network.

    Raises
    ------
    KeyboardInterrupt
        If Ctrl-C came before the first epoch ended.
    """
    for name in state.LEARNT_FROM_ARRAYS:  # an earlier fit may have been on another kind of X
        vars(estimator).pop(name, None)
    estimator._min_steps = 1 if estimator.encoder is None else encoders.get(estimator.encoder).min_steps
    X, y, groups = unpacked(X, y, groups)
    seed = int(check_random_state(estimator.random_state).randint(2**31 - 1))
    if estimator.adapter is None:
        read = read_arrays(estimator, X, reset=True)
        n_cases = len(read[0])
    else:
        read = X = intake.check_records(X, estimator.adapter)
        n_cases = len(X)
    targets = estimator._new_targets()
    encoded = targets.learn(y, range(n_cases))
    weight = targets.weigh(encoded, _relative_weight(sample_weight, encoded))
    has_no_part = validation_data is not None or estimator.head == "ridge"
    fraction = 0 if has_no_part else estimator.validation_fraction
    rows, watched = split(targets, encoded, weight, groups, fraction, _reads_text(estimator.adapter), seed)
    training, validation = _parts(estimator, read, targets, encoded, weight, rows, watched)
    if validation_data is not None:
        validation = _read_validation(estimator, validation_data, targets, training.survey.shape)
    if estimator.verbose:
        apart = "none" if validation is None else f"{len(validation)} others"
        print(f"fit: {len(training)} cases to train on, {apart} to choose the best epoch", flush=True)
    estimator._targets, dtype = targets, keras.config.dtype_policy().name
    estimator._blueprint = plans.blueprint(
        estimator.encoder,
        estimator.pooling,
        estimator.scaling,
        estimator.adapter_,
        targets,
        training.survey.shape,
        dtype,
    )
    preparation, recipe = plans.preparation(estimator, training), plans.recipe(estimator, training)
    networks, outcomes, interrupted = train_members(
        estimator._blueprint, preparation, recipe, training, validation, seed, estimator.n_members
    )
    if not networks:
        raise KeyboardInterrupt
    estimator.members_, estimator.model_ = networks, build_average(networks)
    histories = [outcome.history for outcome in outcomes]
    estimator.history_ = histories[0] if estimator.n_members == 1 else {"members": histories}
    estimator._publish()
    return interrupted


def _parts(estimator, read, targets, encoded, weight, rows, watched):
    """The training part and, if any case is set apart, the validation part; an adapter is fitted on the former."""
    targets.learn_scale(encoded[rows], weight[rows])
    if estimator.adapter is None:
        estimator.adapter_ = None
        cases, found = read
        read_part = [(cases.of(some), found.of(some)) for some in (rows, watched)]
    else:
        with renumbered(rows):
            estimator.adapter_ = clone(estimator.adapter).fit(_safe_indexing(read, rows))
        read_part = [read_records(estimator, read, rows)]
        if len(watched):
            read_part.append(read_records(estimator, read, watched, read_part[0][1].shape))
    training = _part(*read_part[0], targets, encoded[rows], weight[rows])
    validation = _part(*read_part[1], targets, encoded[watched], weight[watched]) if len(watched) else None
    return training, validation


def _part(cases, found, targets, encoded, weight):
    return Part(cases, found, targets.scaled(encoded), (weight / weight.mean()).astype(np.float32))


def _read_validation(estimator, validation_data, targets, shape):
    if isinstance(validation_data, SequenceSet):
        if validation_data.y is None:
            raise ValueError("validation_data must have labels, got a SequenceSet without y.")
        validation_data = validation_data.X, validation_data.y
    is_several = isinstance(validation_data, tuple | list)
    if not is_several or len(validation_data) not in (2, 3):
        what = f"{len(validation_data)} parts" if is_several else type(validation_data)
        raise ValueError(f"validation_data must be (X, y), (X, y, sample_weight) or a SequenceSet, got {what}.")
    try:
        X, y, *given = validation_data
        if estimator.adapter_ is None:
            read = read_arrays(estimator, X, reset=False)
        else:
            X = intake.check_records(X, estimator.adapter_)
            read = read_records(estimator, X, np.arange(len(X)), shape)
        encoded = targets.encode(y, read[0], "validation_data")
        weight = _check_sample_weight(given[0] if given else None, encoded, ensure_non_negative=True)
        if not weight.any():
            raise ValueError("sample_weight must be above zero for some case.")
        return _part(*read, targets, encoded, weight)
    except CaseError as error:
        error.template = f"in validation_data: {error.template}"
        raise
    except (ValueError, TypeError) as error:
        kind = ValueError if isinstance(error, ValueError) else TypeError
        raise kind(f"in validation_data: {error}") from error


def _relative_weight(sample_weight, encoded):
    if hasattr(sample_weight, "detach"):  # a tensor of PyTorch
        sample_weight = as_numpy(sample_weight)
    weight = _check_sample_weight(sample_weight, encoded, dtype=np.float64, ensure_non_negative=True)
    if not weight.any():
        raise ValueError(f"sample_weight must be above zero for some case, got zero for all {len(weight)} cases.")
    return weight / weight.max()


def _reads_text(adapter):
    tags = getattr(adapter, "__sklearn_tags__", None)
    return tags is not None and tags().input_tags.string
