"""Answers do not depend on batches, order, other cases, or whether the network runs without its mask."""

import keras
import numpy as np
import pytest

from seqconv.data.cases import StoredCases
from seqconv.encoders import FCN, InceptionTime
from seqconv.models import build_average, build_classifier
from seqconv.models.complete import kept_twin
from seqconv.training.prediction import predict_in_batches

ENCODERS = [FCN(filters=(4, 4), kernel_sizes=(5, 3)), InceptionTime(filters=2, depth=3, kernel_size=8, bottleneck=2)]


def predict(model, X):
    return predict_in_batches(model, StoredCases(X))


@pytest.mark.parametrize("encoder", ENCODERS, ids=["fcn", "inception_time"])
@pytest.mark.parametrize("n_members", [1, 2])
@pytest.mark.parametrize("n_steps", [24, 301])
def test_the_answers_are_those_of_the_network_with_its_mask(encoder, n_members, n_steps, rng):
    members = [build_classifier(encoder, (None, 2), 3, seed=seed) for seed in range(n_members)]
    model = build_average(members)
    X = rng.normal(size=(70, n_steps, 2)).astype("float32")
    expected = keras.ops.convert_to_numpy(model(X))
    np.testing.assert_allclose(predict(model, X), expected, atol=1e-5)
    np.testing.assert_allclose(predict(model, X[::-1])[::-1], expected, atol=1e-5)
    np.testing.assert_allclose(predict(model, X[3:4]), expected[3:4], atol=1e-5)
    gappy = X.copy()
    gappy[5, 3:9] = np.nan
    gappy[6, n_steps // 2 :] = np.nan
    others = np.delete(np.arange(70), [5, 6])
    np.testing.assert_allclose(predict(model, gappy)[others], expected[others], atol=1e-5)


def test_more_cases_than_a_batch_are_answered_in_their_order(rng):
    model = build_classifier(ENCODERS[0], (None, 1), 2, seed=0)
    X = rng.normal(size=(600, 8, 1)).astype("float32")
    np.testing.assert_allclose(predict(model, X), keras.ops.convert_to_numpy(model(X)), atol=1e-5)


def test_a_twin_is_kept_and_has_the_weights_of_its_model(rng):
    model = build_classifier(ENCODERS[0], (None, 1), 2, seed=0)
    X = rng.normal(size=(4, 16, 1)).astype("float32")
    before = predict(model, X)
    assert kept_twin(model) is kept_twin(model)
    model.set_weights([2 * weight for weight in model.get_weights()])
    after = predict(model, X)
    assert np.abs(after - before).max() > 1e-3
    np.testing.assert_allclose(after, keras.ops.convert_to_numpy(model(X)), atol=1e-5)
