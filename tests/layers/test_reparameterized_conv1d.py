import keras
import numpy as np
import pytest

from seqconv.layers import ReparameterizedConv1D


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def trained(rng, **settings):
    """A layer after some steps, with statistics that are not 0 and 1."""
    layer = ReparameterizedConv1D(**settings)
    model = keras.Sequential([keras.Input((None, 4)), layer, keras.layers.GlobalAveragePooling1D()])
    model.compile(keras.optimizers.SGD(0.1), "mse", run_eagerly=keras.backend.backend() == "tensorflow")
    X = (3 * rng.normal(size=(16, 20, 4)) + 2).astype("float32")
    n_out = settings["filters"] or 4
    for _ in range(5):
        model.train_on_batch(X, rng.normal(size=(16, n_out)).astype("float32"))
    for normalization in layer.normalizations:
        assert np.abs(_array(normalization.moving_mean)).max() > 0.1
        assert np.abs(_array(normalization.moving_variance) - 1).max() > 0.1
    return layer, X[:3]


SETTINGS = [
    {"filters": 6, "kernel_sizes": (5, 3, 1)},
    {"filters": None, "kernel_sizes": (9, 3)},
    {"filters": 4, "kernel_sizes": (3,), "shortcut": True},
    {"filters": None, "kernel_sizes": (5,), "shortcut": True},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_merged_and_branches_answer_alike_after_training(settings, rng):
    layer, x = trained(rng, **settings)
    branches = [convolution(x) for convolution in layer.convolutions] + [x] * layer.shortcut
    pairs = zip(layer.normalizations, branches, strict=True)
    apart = sum(_array(normalize(branch, training=False)) for normalize, branch in pairs)
    np.testing.assert_allclose(_array(layer(x)), apart, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(_array(layer.merged()(x)), apart, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_in_training_it_is_the_sum_of_its_branches(settings, rng):
    layer, x = trained(rng, **settings)
    expected = 0
    for i, normalize in enumerate(layer.normalizations):
        branch = _array(layer.convolutions[i](x)) if i < len(layer.convolutions) else x
        mean, variance = branch.mean(axis=(0, 1)), branch.var(axis=(0, 1))
        scaled = (branch - mean) / np.sqrt(variance + normalize.epsilon)
        expected = expected + scaled * _array(normalize.gamma) + _array(normalize.beta)
    np.testing.assert_allclose(_array(layer(x, training=True)), expected, rtol=1e-4, atol=1e-4)
