import keras
import numpy as np

from seqconv.encoders import KimCNN
from seqconv.models import (
    TokenStem,
    build_classifier,
    complete_twin,
)


def test_the_twin_of_a_token_model_keeps_its_mask():
    model = build_classifier(KimCNN(filters=2), (None,), 2, stem=TokenStem(5, 4))
    ids = np.array([[1, 2, 0, 0]])
    expected, twin = keras.ops.convert_to_numpy(model(ids)), complete_twin(model)
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(twin(ids)), expected)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(twin(ids[:, :2])), expected, atol=1e-6)
