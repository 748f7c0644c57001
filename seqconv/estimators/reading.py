"""X as cases for one estimator: its form is learnt in `fit` and checked afterwards."""

import warnings
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted, validate_data

from seqconv.data import SequenceSet
from seqconv.data.arrays import as_numpy, is_list_of_cases, is_mapped
from seqconv.data.channels_first import warn_if_channels_first
from seqconv.data.checking import reject_text, warn_of_ids
from seqconv.data.frames import channels_by_name
from seqconv.data.label_tables import has_label_lists
from seqconv.data.likely_recording import warn_of_one_recording
from seqconv.data.row_names import check_row_names
from seqconv.estimators import intake
from seqconv.estimators.parameters import makes_tokens

# Values so many times larger than any in training are told.
_FAR_BEYOND = 20


def read_arrays(estimator: Any, X: Any, reset: bool) -> intake.Cases:
    """Return cases and survey of X without an adapter; learn the form of X, or check it.

    Parameters
    ----------
    estimator : SequenceEstimator
        Given the attributes `n_features_in_`, `n_channels_in_` and `feature_names_in_` if `reset`.
    X : array, memory map or list of cases
    reset : bool
        Whether `fit` reads X.
    """
    names = None if reset else vars(estimator).get("feature_names_in_")
    X, names = channels_by_name(as_numpy_or_frame(X), None if reset or estimator._is_table else names)
    is_table = not is_list_of_cases(X)
    if not reset:
        _check_lone_recording(estimator, X)
    if is_table:
        values = X if is_mapped(X) else np.asarray(X)
        is_table = values.ndim <= 2
        if values.shape == (0,):
            raise ValueError("X must hold at least one case, got none.")
        if values.ndim == 1 and isinstance(next(iter(values), None), str):
            raise TypeError("X must be numbers where there is no adapter, got strings; give adapter=TextAdapter().")
    if is_table and (reset or estimator._is_table):
        if values.dtype == object:  # scikit-learn would convert strings to numbers
            reject_text(values, "X")
        X = validate_data(
            estimator,
            X,
            reset=reset,
            skip_check_array=is_mapped(X),  # scikit-learn would read a map as a whole
            ensure_all_finite=False,
            dtype="numeric",
        )
    n_channels = None if reset else estimator.n_channels_in_
    cases, found = intake.read(X, n_channels=n_channels, min_steps=estimator._min_steps, warn=reset, names=names)
    largest = found.moments.largest.max(axis=0)  # (channels,)
    if not reset:
        _warn_of_other_units(largest, vars(estimator).get("_largest"))
    else:
        estimator._largest = largest
        estimator._is_table = is_table
        estimator.n_channels_in_ = found.shape[-1]
        if not is_table:
            estimator.n_features_in_ = found.shape[-1]
            if names is not None:
                estimator.feature_names_in_ = np.array(names, object)
        warn_of_ids(X)
        if is_table and not is_mapped(X):
            warn_of_one_recording(np.asarray(X))
        if isinstance(X, np.ndarray) and X.ndim == 3:
            warn_if_channels_first(X)
    return cases, found


def _warn_of_other_units(largest, in_training):
    """Warn of channels whose values are far beyond those of training; a loaded estimator does not know these."""
    if in_training is None or in_training.shape != largest.shape:
        return
    for channel in np.flatnonzero((largest > _FAR_BEYOND * in_training) & (in_training > 0)):
        warnings.warn(
            f"channel {channel} of X has a value of magnitude {largest[channel]:.6g}, in training the largest was "
            f"{in_training[channel]:.6g}: check the unit, and write NaN where a number means missing.",
            stacklevel=2,
        )


def _check_lone_recording(estimator, X):
    """Raise if X looks like one case where several are meant: one answer a step would come out of it."""
    if estimator._is_table or is_list_of_cases(X):
        return
    shape = np.shape(X)
    is_frame = hasattr(X, "columns")
    is_case = len(shape) == 2 and shape[1] == estimator.n_channels_in_
    if is_case or (is_frame and "feature_names_in_" in vars(estimator)):
        what = "a data frame" if is_frame else f"an array of shape {shape}"
        raise ValueError(f"X must hold cases, got {what}, which is one case of (steps, channels); give [X].")


def as_numpy_or_frame(X: Any) -> Any:
    """Return X as NumPy takes it; data frames keep their names of columns."""
    return X if hasattr(X, "columns") or hasattr(X, "iloc") else as_numpy(X)


def read_records(estimator: Any, records: Any, rows: np.ndarray, shape: tuple[int, ...] | None = None) -> intake.Cases:
    """Return cases and survey of some records, by the fitted adapter.

    Parameters
    ----------
    estimator : SequenceEstimator
    records : list or array
        Checked by `intake.check_records`.
    rows : array of int
        Positions of the wanted records.
    shape : tuple of int, optional
        Shape of a step in the training part, which series must have.
    """
    n_channels = shape[-1] if shape and not makes_tokens(estimator.adapter_) else None
    progress = None
    if estimator.verbose and getattr(estimator.adapter_, "stream", False):
        from seqconv.training.progress import count_up

        progress = count_up("reading", len(rows))
    return intake.transform(
        records,
        estimator.adapter_,
        numbers=rows,
        n_channels=n_channels,
        min_steps=estimator._min_steps,
        progress=progress,
    )


def read_for_prediction(estimator: Any, X: Any) -> intake.Cases:
    """Return cases and survey of X for a fitted estimator."""
    check_is_fitted(estimator)
    X = X.X if isinstance(X, SequenceSet) else X
    if estimator.adapter_ is None:
        return read_arrays(estimator, X, reset=False)
    X = intake.check_records(X, estimator.adapter_)
    return read_records(estimator, X, np.arange(len(X)), estimator._shape)


def unpacked(X: Any, y: Any, groups: Any) -> tuple[Any, Any, Any]:
    """Return X, y and groups, those of the SequenceSet if X is one; scikit-learn gives its y beside it."""
    if not isinstance(X, SequenceSet):
        check_row_names(X, y)
        return X, y, groups
    for name, given, own in (("y", y, X.y), ("groups", groups, X.groups)):
        if given is not None and own is not None and not _are_equal(given, own):
            raise ValueError(f"a SequenceSet brings its own {name}, got other {name} beside it; leave them out.")
    return X.X, y if X.y is None else X.y, groups if X.groups is None else X.groups


def _are_equal(given, own):
    if has_label_lists(own):
        return has_label_lists(given) and [set(row) for row in given] == [set(row) for row in own]
    return np.array_equal(given.toarray() if hasattr(given, "toarray") else np.asarray(given), np.asarray(own))
