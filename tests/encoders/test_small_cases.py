"""What encoders do at the ends: fixed filters, and sentences shorter than filters."""

import keras
import numpy as np
import pytest

from seqconv.encoders import DCNN, LITE, HInceptionTime
from seqconv.layers import HandCraftedFilters1D
from seqconv.models import build_classifier


@pytest.mark.parametrize("encoder", [LITE(2, 8), LITE(2, 8, multivariate=True), HInceptionTime(2, 1, 8)], ids=repr)
def test_hand_crafted_filters_are_not_trained(encoder, rng):
    model = build_classifier(encoder, (None, 2), 2, seed=0)
    (fixed,) = [layer for layer in model.layers if isinstance(layer, HandCraftedFilters1D)]
    X = rng.normal(size=(8, 20, 2)).astype("float32")
    before = keras.ops.convert_to_numpy(fixed(X))
    assert fixed.trainable_weights == [] and not any("hand" in one.path for one in model.trainable_weights)
    model.trainable = True
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=keras.backend.backend() == "tensorflow")
    model.train_on_batch(X, np.arange(8) % 2)
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(fixed(X)), before)


@pytest.mark.parametrize("n_steps", [1, 2, 5])
def test_a_sentence_shorter_than_the_filters_of_dcnn_has_an_answer(n_steps, rng):
    model = build_classifier(DCNN(), (None, 48), 3, seed=0)
    X = rng.normal(size=(2, n_steps, 48)).astype("float32")
    alone = keras.ops.convert_to_numpy(model(X))
    longer = np.concatenate([X, np.full((2, 9, 48), np.nan, "float32")], axis=1)
    assert np.isfinite(alone).all() and np.ptp(alone, axis=0).max() > 1e-4
    np.testing.assert_allclose(keras.ops.convert_to_numpy(model(longer)), alone, atol=1e-5)
