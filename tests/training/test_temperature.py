"""The factor of scores with the least loss."""

import numpy as np
import pytest
from scipy.special import expit, softmax

from seqconv.training.temperature import best_temperature, log_loss, probabilities


def test_the_true_factor_is_found():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(20_000, 3))
    true = softmax(2.5 * scores, axis=1)
    y = np.eye(3)[(true.cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1)]
    loss, factor = best_temperature(scores, y, np.ones(len(y)), "softmax")
    assert factor == pytest.approx(2.5, rel=0.05)
    assert loss == pytest.approx(-np.log(true[y == 1]).mean(), abs=0.01)


def test_scores_without_an_error_keep_a_finite_factor():
    y = np.eye(2)[np.arange(20) % 2]
    _, factor = best_temperature(2 * y - 1, y, np.ones(20), "softmax")
    # One more case of an unknown class: about one error in 2 * 21.
    assert softmax(factor * np.array([1.0, -1.0]))[1] == pytest.approx(0.5 / 21, rel=0.05)


@pytest.mark.parametrize("activation", ["softmax", "sigmoid"])
def test_losses_and_probabilities_of_extreme_scores(activation):
    scores = np.array([[1e4, -1e4], [-3.0, 2.0], [0.0, 0.0]])
    y = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    found = probabilities(scores, activation)
    expected = softmax(scores, axis=1) if activation == "softmax" else expit(scores)
    np.testing.assert_allclose(found, expected, atol=1e-12)
    chosen = np.where(y == 1, expected, 1 - expected)
    losses = -np.log(chosen).mean(axis=1) if activation == "sigmoid" else -np.log((expected * y).sum(axis=1))
    np.testing.assert_allclose(log_loss(scores, y, activation), losses, atol=1e-9)


def test_weights_count():
    scores, y = np.array([[3.0, 0.0], [3.0, 0.0]]), np.eye(2)
    right = best_temperature(scores, y, np.array([1.0, 1e-6]), "softmax")[1]
    wrong = best_temperature(scores, y, np.array([1e-6, 1.0]), "softmax")[1]
    assert right > wrong
