import keras
import numpy as np
import pytest

from seqconv import layers


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def test_attention_with_equal_scores_is_the_mean(rng):
    x = rng.normal(size=(2, 6, 3)).astype("float32")
    mask = np.arange(6) < [[6], [2]]
    layer = layers.AttentionPooling1D(4, heads=2)
    layer.build(x.shape)
    layer.score_kernel.assign(np.zeros((4, 2)))
    mean = _array(layers.GlobalMeanPooling1D()(x, mask=mask))
    np.testing.assert_allclose(_array(layer(x, mask=mask)), np.tile(mean, 2), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("masked", [False, True])
def test_half_precision_attends_to_any_number_of_steps(masked):
    x, mask = np.ones((1, 70_000, 1), "float32"), np.ones((1, 70_000), bool) if masked else None
    y = _array(layers.AttentionPooling1D(2, dtype="mixed_float16")(x, mask=mask))
    assert y.dtype == "float16" and y.item() == 1
