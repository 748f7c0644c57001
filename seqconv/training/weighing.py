"""Weigh a linear model and a network by cases that neither has seen."""

from typing import Any

import keras
import numpy as np

from seqconv.training.part import Part
from seqconv.training.quiet import quiet
from seqconv.training.wide import spread

# Where no case was set apart: factor of the linear model's logits and of the network's log-probabilities.
USUAL = (0.9, 0.15)
_FACTORS = np.arange(0.4, 1.31, 0.05)
_SHARES = np.array([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8, 1])
# So much log-loss, summed over cases, speaks for the usual factors at a distance of 1.
_TRUST = 15.0
_LEAST_CASES = 200
_N_PARTS = 10
_MOST_APART = 0.2
_BATCH = 64
# A probability below it says no more than this one.
_LEAST = 1e-4


def set_apart(part: Part, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows to train a network on, and a tenth of each class to weigh it by.

    The first kind holds a case of each class. The second is empty where there are fewer than 200 cases, or where whole
    groups would take more than a fifth of them.
    """
    labels = part.y.argmax(axis=1)
    is_apart = spread(labels, _N_PARTS, seed, part.groups) == 0
    is_apart[np.unique(labels, return_index=True)[1]] = False
    if len(part) < _LEAST_CASES or is_apart.mean() > _MOST_APART:
        is_apart[:] = False
    return np.flatnonzero(~is_apart), np.flatnonzero(is_apart)


def weigh(logits: np.ndarray, probabilities: np.ndarray, part: Part) -> tuple[float, float]:
    """Return the factors of logits and of log-probabilities whose sum has the least log-loss.

    Few cases say little: the log-loss is that of these cases and of a prior for the usual factors.

    Parameters
    ----------
    logits : array of shape (n_cases, n_classes)
        Of the linear model.
    probabilities : array of shape (n_cases, n_classes)
        Of the network.
    part : Part
        The cases, unseen by both.

    Returns
    -------
    factor, share : float
    """
    logs = np.log(np.maximum(probabilities, _LEAST))
    best, least = USUAL, np.inf
    for factor in _FACTORS:
        for share in _SHARES:
            scores = factor * logits + share * logs
            each = np.logaddexp.reduce(scores, axis=1) - (part.y * scores).sum(axis=1)
            distance = (factor - USUAL[0]) ** 2 + (share - USUAL[1]) ** 2
            loss = float(part.weight @ each) + _TRUST * distance
            if loss < least:
                best, least = (float(factor), float(share)), loss
    return best


def answers_of(model: keras.Model, part: Part) -> np.ndarray:
    """Return the outputs for all cases of a part, float64, in their order."""
    order = np.argsort(part.survey.lengths, kind="stable")
    plan = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
    answers: Any = [None] * len(part)
    with quiet():
        for rows, (x, _, _) in zip(plan, part.batches(plan), strict=True):
            for row, answer in zip(rows, keras.ops.convert_to_numpy(model.predict_on_batch(x)), strict=True):
                answers[row] = answer
    return np.array(answers, np.float64)
