"""Answers of a fitted network for cases, whether they are stored or decoded."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from seqconv.data.case_errors import case_error
from seqconv.data.cases import DecodedCases, StoredCases
from seqconv.data.survey import Survey


def answer(
    estimator: Any,
    cases: StoredCases | DecodedCases,
    found: Survey,
    changes: Sequence[Callable[[np.ndarray], np.ndarray]] = (),
) -> np.ndarray:
    """Return the mean answer over the cases and each change of them, float64 (cases, outputs).

    Raises
    ------
    ValueError
        If an answer is not finite; the message names the case.
    """
    if cases.is_decoded:
        is_ids = cases.dtype.kind == "i"
        parts = ((StoredCases(X, is_ids=is_ids), None) for X in cases.in_blocks())
    else:
        parts = [(cases, found.lengths)]
    if changes and "_banks" in vars(estimator):
        raise ValueError("n_augmentations must be 0 for fixed kernels, which are fitted without augmentation.")
    predict = _predict_banks if "_banks" in vars(estimator) else _predict_networks
    answers = [
        np.mean([predict(estimator, part, known, change) for change in (None, *changes)], axis=0, dtype=np.float64)
        for part, known in parts
    ]
    answers = np.concatenate(answers)
    is_finite = np.isfinite(answers).all(axis=1)
    if not is_finite.all():
        message = "{case}: the answer is not a number; values may be far beyond those of the training part."
        raise case_error(ValueError, int(is_finite.argmin()), message)
    return answers


def _predict_banks(estimator, cases, lengths, change):
    """Predict without Keras; `change` is always None, because a closed form is fitted without augmentation."""
    return np.mean([bank.predict(cases, lengths) for bank in estimator._banks], axis=0, dtype=np.float64)


def _predict_networks(estimator, cases, lengths, change):
    from seqconv.training.prediction import predict_in_batches

    return predict_in_batches(estimator.model_, cases, change=change, case_lengths=lengths)
