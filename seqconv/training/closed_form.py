"""Solve the last layer in closed form: a ridge regression on the features of a frozen encoder."""

import time
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from seqconv.training.part import Part
from seqconv.training.quiet import quiet
from seqconv.training.recipe import Outcome

_PENALTIES = np.logspace(-4, 4, 17)  # of features of deviation 1, for each case
_FACTORS = np.logspace(-1, 2, 13)
_FINER = np.logspace(-0.25, 0.25, 11)  # around the best of them
_BATCH = 64


@dataclass(frozen=True)
class RidgeRecipe:
    """Leave the encoder as it was drawn and solve the weights of the last layer.

    The penalty, and for classes the scale of the scores, have the least leave-one-out loss on the training part. So no
    validation part is needed, and the probabilities are calibrated.

    Parameters
    ----------
    activation : {"softmax", "sigmoid", "linear"}
        Activation of the last layer.
    output : str, default="head"
        Name of the last layer, a `keras.layers.Dense`.
    verbose : {0, 1}, default=0
        1 shows how long it took.

    References
    ----------
    Rifkin and Lippert (2007), "Notes on regularized least squares", section 3, for the leave-one-out errors.
    """

    activation: str
    output: str = "head"
    verbose: int = 0

    def fit(self, network: Any, training: Part, validation: Part | None, seed: int, title: str = "fit") -> Outcome:
        """Set kernel and bias of the last layer; see `seqconv.training.recipe.Recipe`."""
        started = time.monotonic()
        features = _features(network, training)
        is_linear = self.activation == "linear"
        # Classes are -1 and 1, so that 0 is undecided.
        targets = training.y.astype(np.float64) if is_linear else 2.0 * training.y - 1
        solved = solve_ridge(features, targets, training.weight.astype(np.float64))
        losses = [self._best_temperature(left_out, training) for left_out in solved.left_out]
        best = int(np.argmin([loss for loss, _ in losses]))
        loss, temperature = losses[best]
        network.get_layer(self.output).set_weights(
            [solved.kernels[best] * temperature, solved.biases[best] * temperature]
        )
        history = {"loss": [float(loss)]}
        if validation is not None:
            scores = _features(network, validation) @ solved.kernels[best] + solved.biases[best]
            history["val_loss"] = [float(self._loss(scores * temperature, validation))]
            if not is_linear:
                history["val_accuracy"] = [_accuracy(scores, validation, self.activation)]
        if self.verbose:
            print(f"{title}: leave-one-out loss {loss:.4f} - {time.monotonic() - started:.1f} s", flush=True)
        return Outcome(history, best_epoch=0)

    def _best_temperature(self, scores, part):
        """Return the least loss of scores, and the factor that gives it."""
        if self.activation == "linear":
            return self._loss(scores, part), 1.0
        coarse = min((self._loss(scores * factor, part), factor) for factor in _FACTORS)
        return min((self._loss(scores * factor, part), factor) for factor in coarse[1] * _FINER)

    def _loss(self, scores, part):
        y, weight = part.y.astype(np.float64), part.weight / part.weight.mean()
        if self.activation == "linear":
            each = np.square(scores - y).mean(axis=1)
        elif self.activation == "sigmoid":
            each = (np.logaddexp(0, scores) - y * scores).mean(axis=1)
        else:
            each = np.logaddexp.reduce(scores, axis=1) - (y * scores).sum(axis=1)
        return float(np.mean(weight * each))


@dataclass(frozen=True)
class Ridge:
    """Solutions of one ridge regression for several penalties.

    Attributes
    ----------
    kernels : array of shape (n_penalties, n_features, n_outputs)
    biases : array of shape (n_penalties, n_outputs)
    left_out : array of shape (n_penalties, n_cases, n_outputs)
        Prediction of each case by the solution for all other cases.
    """

    kernels: np.ndarray
    biases: np.ndarray
    left_out: np.ndarray


def solve_ridge(X: np.ndarray, Y: np.ndarray, weight: np.ndarray, penalties: np.ndarray = _PENALTIES) -> Ridge:
    """Solve weighted ridge regressions with an intercept by one decomposition.

    Parameters
    ----------
    X : array of float64, shape (n_cases, n_features)
        Scaled to deviation 1 inside; the kernels are for X as given.
    Y : array of float64, shape (n_cases, n_outputs)
    weight : array of float64, shape (n_cases,)
        Above 0.
    penalties : array of float64
        Penalty on the squared kernel of the scaled features, for each case.

    Returns
    -------
    Ridge
    """
    n_cases = len(X)
    weight = weight / weight.sum()
    x_mean, y_mean = weight @ X, weight @ Y
    X, Y = X - x_mean, Y - y_mean
    deviation = np.sqrt(weight @ np.square(X))
    inverse = np.where(deviation > 1e-10 * np.abs(x_mean), 1 / np.maximum(deviation, 1e-300), 0.0)
    # Rows of weight w count w times; the intercept has been taken out by the weighted means.
    root = np.sqrt(weight)[:, None]
    rows = X * inverse * root  # (cases, features)
    left, singular, right = np.linalg.svd(rows, full_matrices=False)
    projected = left.T @ (Y * root)  # (rank, outputs)
    kernels, biases, left_out = [], [], []
    for penalty in penalties:
        shrunk = singular / (singular**2 + penalty)
        kernel = inverse[:, None] * (right.T @ (shrunk[:, None] * projected))
        fitted = X @ kernel
        # Share of its own prediction that a case has, the intercept's included.
        own = (np.square(left) @ (singular * shrunk)) + weight
        residual = (Y - fitted) / np.maximum(1 - own, 1.0 / (1e6 * n_cases))[:, None]
        kernels.append(kernel)
        biases.append(y_mean - x_mean @ kernel)
        left_out.append(Y - residual + y_mean)
    return Ridge(np.array(kernels), np.array(biases), np.array(left_out))


def _features(network, part):
    """Pooled features of all cases, float64 (cases, features), in their order."""
    model = keras.Model(network.input, network.get_layer("pooling").output)
    order = np.argsort(part.survey.lengths, kind="stable")
    plan = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
    found = None
    with quiet():
        for rows, (x, _, _) in zip(plan, part.batches(plan), strict=True):
            features = keras.ops.convert_to_numpy(model.predict_on_batch(x))
            found = np.empty((len(part), features.shape[1])) if found is None else found
            found[rows] = features
    return found


def _accuracy(scores, part, activation):
    if activation == "softmax":
        hits = scores.argmax(axis=1) == part.y.argmax(axis=1)
    else:
        hits = ((scores > 0) == (part.y > 0.5)).mean(axis=1)
    return float(np.average(hits, weights=part.weight))
