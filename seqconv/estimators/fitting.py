"""The steps of `fit`: read, split, plan, train."""

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.utils import _safe_indexing, check_random_state
from sklearn.utils.validation import _check_sample_weight

from seqconv import encoders
from seqconv.data import SequenceSet
from seqconv.data.arrays import as_numpy
from seqconv.data.case_errors import CaseError, renumbered
from seqconv.domains.base import Adapter
from seqconv.estimators import intake, state
from seqconv.estimators.banks import fit_banks
from seqconv.estimators.choices import choose_encoder, given_for_training, is_closed_form
from seqconv.estimators.parameters import makes_tokens
from seqconv.estimators.presets import fill
from seqconv.estimators.reading import read_arrays, read_records, unpacked
from seqconv.estimators.split import known_times, split
from seqconv.training.part import Part


def fit(estimator: Any, X: Any, y: Any, sample_weight: Any, groups: Any, validation_data: Any) -> bool:
    """Fit an estimator in place; return whether Ctrl-C ended it with at least one network.

    Raises
    ------
    KeyboardInterrupt
        If Ctrl-C came before the first epoch ended.
    """
    _warn_of_lost_vectors(estimator)
    state.forget(estimator)
    estimator._min_steps = 1 if estimator.encoder is None else encoders.get(estimator.encoder).min_steps
    about = X.about if isinstance(X, SequenceSet) else None
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
    n_cases = int(np.count_nonzero(weight))
    encoder, pooling = choose_encoder(estimator, n_cases)
    fill(estimator, encoder, n_cases)
    is_solved = is_closed_form(estimator, encoder)
    _check_bank(encoder, estimator)
    unused = [name for name in ("augment", "callbacks", "metrics") if is_solved and getattr(estimator, name)]
    if unused:
        raise ValueError(f"the head is solved without training steps; leave {unused[0]} out.")
    without_effect = given_for_training(estimator) if is_solved else []
    if without_effect:
        warnings.warn(
            f"{', '.join(without_effect)}: without effect, because the head is solved in closed form.", stacklevel=4
        )
    has_no_part = validation_data is not None or is_solved
    fraction = 0 if has_no_part else estimator.validation_fraction
    is_text = _reads_text(estimator.adapter)
    # Looked for only where they are used: this reads all records.
    times = known_times(read, about) if fraction != 0 and not is_text else None
    by = estimator.validation_by
    rows, watched = split(targets, encoded, weight, groups, fraction, is_text, seed, by, times)
    training, validation = _parts(estimator, read, y, targets, encoded, weight, rows, watched)
    if groups is not None:
        training = replace(training, groups=np.unique(np.asarray(groups)[rows], return_inverse=True)[1])
    if validation_data is not None:
        validation = _read_validation(estimator, validation_data, targets, training.survey.shape)
    if estimator.verbose:
        apart = "none" if validation is None else f"{len(validation)} others"
        n_unused = np.count_nonzero(weight) - len(rows) - len(watched)
        unused = f"; {n_unused} overlap these in time and are not used" if n_unused else ""
        print(f"fit: {len(training)} cases to train on, {apart} to choose the best epoch{unused}", flush=True)
    estimator._targets, estimator._shape = targets, training.survey.shape
    if isinstance(encoder, encoders.FixedBank):
        estimator._banks, outcomes = fit_banks(estimator, encoder, training, validation, seed)
        interrupted = False
    else:
        from seqconv.estimators.networks import fit_networks  # Keras is imported here

        outcomes, interrupted = fit_networks(estimator, encoder, pooling, training, validation, seed)
    histories = [outcome.history for outcome in outcomes]
    estimator.history_ = histories[0] if estimator.n_members == 1 else {"members": histories}
    estimator._publish(_left_out(outcomes, rows, len(encoded)))
    return interrupted


def _warn_of_lost_vectors(estimator):
    """Warn if an estimator that was loaded would start again without the word vectors that its file does not hold."""
    before = vars(estimator).get("adapter_")
    # `fit` leaves vectors_ only where vectors were given; loading takes those away.
    is_lost = getattr(before, "vectors_", None) is not None and getattr(before, "vectors", before) is None
    if is_lost and getattr(estimator.adapter, "vectors", before) is None:
        warnings.warn(
            "the loaded model was fitted with word vectors, which a file does not keep for another fit. It starts from "
            "random ones; call set_params(adapter__vectors=...) to give them again.",
            stacklevel=5,
        )


def _check_bank(encoder, estimator):
    """Raise if a fixed bank cannot read what the adapter makes, or is given a pooling."""
    if not isinstance(encoder, encoders.FixedBank):
        return
    name = type(encoder).__name__
    if makes_tokens(estimator.adapter):
        raise ValueError(f"{name} needs series, but the adapter makes tokens; leave encoder out.")
    if estimator.pooling is not None:
        raise ValueError(f"pooling must be None for {name}, which pools itself, got {estimator.pooling!r:.200}.")


def _left_out(outcomes, rows, n_cases):
    """Mean leave-one-out prediction of each case, NaN for those of weight 0; None where the recipe has none."""
    if any(outcome.left_out is None for outcome in outcomes):
        return None
    mean = np.mean([outcome.left_out for outcome in outcomes], axis=0)
    answers = np.full((n_cases, mean.shape[1]), np.nan)
    answers[rows] = mean
    return answers


def _parts(estimator, read, y, targets, encoded, weight, rows, watched):
    """The training part and, if any case is set apart, the validation part; an adapter is fitted on the former."""
    targets.learn_scale(encoded[rows], weight[rows])
    if estimator.adapter is None:
        estimator.adapter_ = None
        cases, found = read
        read_part = [(cases.of(some), found.of(some)) for some in (rows, watched)]
    else:
        with renumbered(rows):
            # The labels let an adapter warn of recorders that tell the class.
            estimator.adapter_ = clone(estimator.adapter).fit(_safe_indexing(read, rows), _safe_indexing(y, rows))
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
    if isinstance(adapter, Adapter):  # strings may also be names of files
        return makes_tokens(adapter)
    tags = getattr(adapter, "__sklearn_tags__", None)
    return tags is not None and tags().input_tags.string
