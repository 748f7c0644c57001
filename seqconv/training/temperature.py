"""The factor of scores whose probabilities have the least loss."""

import math

import numpy as np
from scipy.optimize import minimize_scalar

_BOUNDS = (math.log(0.05), math.log(200.0))


def best_temperature(scores: np.ndarray, y: np.ndarray, weight: np.ndarray, activation: str) -> tuple[float, float]:
    """Return the least loss of scores and the factor that gives it.

    One more case of an unknown class is counted, as Platt does. So the factor stays finite where no score is wrong.

    Parameters
    ----------
    scores : array of shape (n_cases, n_outputs)
        Made without the case's own target, such as leave-one-out scores.
    y : array of shape (n_cases, n_outputs)
        Targets as the loss takes them: 0 and 1 for classes and labels.
    weight : array of shape (n_cases,)
    activation : {"softmax", "sigmoid", "linear"}
        "linear" has the mean squared error and the factor 1.

    Returns
    -------
    loss, temperature : float

    References
    ----------
    Platt (1999), "Probabilistic outputs for support vector machines", section 2.2.
    """
    weight = weight / weight.sum()
    if activation == "linear":
        return float(weight @ np.square(scores - y).mean(axis=1)), 1.0
    n_cases, n_outputs = y.shape
    unknown = 1 / n_outputs if activation == "softmax" else 0.5
    y = (n_cases * y + unknown) / (n_cases + 1)

    def loss(log_factor):
        return float(weight @ log_loss(scores * math.exp(log_factor), y, activation))

    found = minimize_scalar(loss, bounds=_BOUNDS, method="bounded", options={"xatol": 0.01})
    return float(found.fun), math.exp(found.x)


def log_loss(scores: np.ndarray, y: np.ndarray, activation: str) -> np.ndarray:
    """Return the cross-entropy of each case, from scores before softmax or sigmoid.

    For several labels it is the mean over them.
    """
    if activation == "sigmoid":
        return (np.logaddexp(0, scores) - y * scores).mean(axis=1)
    largest = scores.max(axis=1, keepdims=True)
    total = np.log(np.exp(scores - largest).sum(axis=1)) + largest[:, 0]
    return total - (y * scores).sum(axis=1)


def probabilities(scores: np.ndarray, activation: str) -> np.ndarray:
    """Return what the head makes of scores: softmax, sigmoid, or the scores themselves."""
    if activation == "linear":
        return scores
    if activation == "sigmoid":
        # Both halves without overflow.
        small = np.exp(-np.abs(scores))
        return np.where(scores >= 0, 1, small) / (1 + small)
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
