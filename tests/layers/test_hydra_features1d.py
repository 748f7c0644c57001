import keras
import numpy as np
import oracles
import pytest

from seqconv.layers import HydraFeatures1D

N_STEPS = 30


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def made(rng, n_channels=1, **arguments):
    """A layer with centres, scales and some channels for each group."""
    keras.utils.set_random_seed(0)
    layer = HydraFeatures1D(**{"dilations": [1, 2, 4], "n_groups": 3} | arguments)
    layer.build((None, None, n_channels))
    layer.centre.assign(rng.normal(size=layer.centre.shape))
    layer.scale.assign(rng.uniform(0.5, 2, size=layer.scale.shape))
    if n_channels > 1:
        layer.channels.assign(rng.random(layer.channels.shape) < 0.6)
    return layer


def series(rng, n_cases, n_channels=1):
    return rng.normal(size=(n_cases, N_STEPS, n_channels)).astype("float32")


@pytest.fixture
def mask(rng):
    """Complete, unequal lengths, gaps, one step, none."""
    mask = np.arange(N_STEPS) < np.array([N_STEPS, 21, 7, N_STEPS, 25, 1, 0])[:, None]
    mask[3:5] &= rng.random((2, N_STEPS)) < 0.9
    return mask


@pytest.mark.parametrize("difference", [False, True])
@pytest.mark.parametrize("n_channels", [1, 3])
def test_features_equal_the_slow_loop(rng, mask, n_channels, difference):
    layer = made(rng, n_channels, difference=difference)
    x = series(rng, len(mask), n_channels)
    expected, _ = oracles.layer_hydra_features(layer, x, mask)
    np.testing.assert_allclose(_array(layer(x, mask=mask)), expected, rtol=1e-4, atol=1e-4)
    expected, _ = oracles.layer_hydra_features(layer, x[:2], np.ones((2, N_STEPS), bool))
    np.testing.assert_allclose(_array(layer(x[:2])), expected, rtol=1e-4, atol=1e-4)


def test_of_equal_responses_the_first_kernel_wins(rng):
    layer = HydraFeatures1D([1], n_groups=2)
    y = _array(layer(np.zeros((1, 9, 1), "float32"))).reshape(2, 2, 8)
    assert not y[0].any()  # the largest response is 0
    np.testing.assert_array_equal(y[1], [[3, 0, 0, 0, 0, 0, 0, 0]] * 2)


@pytest.mark.parametrize("n_steps", [1, 2, 8])
def test_series_shorter_than_a_kernel_are_answered(rng, n_steps):
    layer = made(rng, difference=True)
    x = series(rng, 2)[:, :n_steps]
    expected, _ = oracles.layer_hydra_features(layer, x, np.ones((2, n_steps), bool))
    np.testing.assert_allclose(_array(layer(x)), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("difference", [False, True])
def test_a_compiled_model_of_unknown_length_answers_the_same(rng, mask, difference):
    layer = made(rng, 2, difference=difference)
    model = keras.Sequential([keras.Input((None, 2)), keras.layers.Masking(), layer])
    x = np.where(mask[..., None], series(rng, len(mask), 2), 0)
    for n_steps in (N_STEPS, 11, 1):
        y = model.predict(x[:, :n_steps], verbose=0)
        np.testing.assert_allclose(y, _array(layer(x[:, :n_steps], mask=mask[:, :n_steps])), rtol=1e-4, atol=1e-4)


def test_kernels_are_drawn_with_sum_zero_and_are_not_trained(rng):
    layer = made(rng, 2)
    kernels = _array(layer.kernels)
    np.testing.assert_allclose(kernels.sum(axis=-1), 0, atol=1e-6)
    np.testing.assert_allclose(np.abs(kernels).sum(axis=-1), 1, rtol=1e-5)
    assert kernels.std() > 0.05
    names = [w.path.split("/")[-1] for w in layer.non_trainable_weights]
    assert names == ["kernels", "channels", "centre", "scale"] and not layer.trainable_weights


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"dilations": [0]}, "each of dilations must be a whole number of at least 1"),
        ({"dilations": []}, "dilations must hold at least one"),
        ({"n_groups": 0}, "n_groups must be a whole number of at least 1"),
    ],
)
def test_arguments_out_of_their_range_are_rejected(arguments, message):
    with pytest.raises(ValueError, match=message):
        HydraFeatures1D(**{"dilations": [1]} | arguments)
