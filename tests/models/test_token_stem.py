import keras
import numpy as np
import pytest

from seqconv.encoders import KimCNN
from seqconv.models import (
    TokenStem,
    build_classifier,
)


@pytest.mark.parametrize("input_shape", [(), 5, (None, 2, 2)])
def test_tokens_have_steps_and_pieces_at_most(input_shape):
    with pytest.raises(ValueError, match=r"input_shape of tokens must be \(steps,\) or \(steps, pieces\)"):
        build_classifier(KimCNN(filters=2), input_shape, 2, stem=TokenStem(5, 4))


@pytest.mark.parametrize(("mode", "n_trained"), [("trained", 1), ("static", 0), ("both", 1)])
def test_word_vectors_start_the_embedding(mode, n_trained, rng):
    vectors = rng.standard_normal((6, 3)).astype("float32")
    model = build_classifier(KimCNN(filters=2), (None,), 2, stem=TokenStem(6, 3, vectors=vectors, mode=mode))
    embedding = model.get_layer("stem")
    assert len(embedding.trainable_weights) == n_trained
    expected = vectors[2] * len(embedding.weights)  # Kim adds what both channels give
    np.testing.assert_allclose(keras.ops.convert_to_numpy(embedding(np.array([[2, 0]])))[0, 0], expected, rtol=1e-6)
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(embedding(np.array([[2, 0]])))[0, 1], 0)
