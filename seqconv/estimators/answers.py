"""Answers of a fitted network for cases, whether they are stored or decoded."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from seqconv.data.case_errors import case_error
from seqconv.data.cases import DecodedCases, StoredCases
from seqconv.data.survey import Survey
from seqconv.training.prediction import predict_in_batches


def predict(
    model: Any,
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
    answers = [
        np.mean(
            [predict_in_batches(model, part, change=change, case_lengths=known) for change in (None, *changes)],
            axis=0,
            dtype=np.float64,
        )
        for part, known in parts
    ]
    answers = np.concatenate(answers)
    is_finite = np.isfinite(answers).all(axis=1)
    if not is_finite.all():
        message = "{case}: the answer is not a number; values may be far beyond those of the training part."
        raise case_error(ValueError, int(is_finite.argmin()), message)
    return answers
