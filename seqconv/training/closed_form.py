"""Solve the last layer in closed form: a ridge regression on the features of a frozen encoder."""

import time
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from seqconv.training.part import Part
from seqconv.training.quiet import quiet
from seqconv.training.recipe import Outcome
from seqconv.training.ridge import solve_ridge
from seqconv.training.temperature import log_loss, probabilities

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
        features = _features(network, training, self.output)
        share = training.weight / training.weight.sum()
        centre = share @ features
        deviation = np.sqrt(share @ np.square(features - centre))
        inverse = np.where(deviation > 1e-10 * np.abs(centre), 1 / np.maximum(deviation, 1e-300), 0.0)
        solved = solve_ridge(
            (features - centre) * inverse, training.y, training.weight, self.activation, groups=training.groups
        )
        kernel = solved.kernel * inverse[:, None]
        bias = solved.bias - centre @ kernel
        network.get_layer(self.output).set_weights([kernel, bias])
        left_out = probabilities(solved.left_out, self.activation)
        outcome = Outcome({"loss": [solved.loss]}, best_epoch=0, left_out=left_out)
        if validation is not None:
            scores = _features(network, validation, self.output) @ kernel + bias
            outcome.history["val_loss"] = [self._loss(scores, validation)]
            if self.activation != "linear":
                outcome.history["val_accuracy"] = [_accuracy(scores, validation, self.activation)]
        if self.verbose:
            print(f"{title}: leave-one-out loss {solved.loss:.4f} - {time.monotonic() - started:.1f} s", flush=True)
        return outcome

    def _loss(self, scores, part):
        if self.activation == "linear":
            each = np.square(scores - part.y).mean(axis=1)
        else:
            each = log_loss(scores, part.y, self.activation)
        return float(np.average(each, weights=part.weight))


def _features(network, part, output):
    """What the last layer sees of all cases, float64 (cases, features), in their order."""
    model = keras.Model(network.input, network.get_layer(output).input)
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
