import keras
import numpy as np
import oracles
import pytest

from seqconv.layers import RocketFeatures1D

POOLS = ["proportion", "longest", "mean", "index"]
N_STEPS = 30


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def made(rng, n_channels=1, **arguments):
    """A layer with thresholds that responses to coarse series equal, and some channels for each kernel."""
    layer = RocketFeatures1D(**{"dilations": [1, 2, 3], "counts": [2, 14, 1], "pools": POOLS} | arguments)
    layer.build((None, None, n_channels))
    layer.thresholds.assign(np.round(rng.normal(size=layer.thresholds.shape) * 4) / 2)
    if n_channels > 1:
        layer.channels.assign(rng.random(layer.channels.shape) < 0.6)
    return layer


def coarse(rng, n_cases, n_channels=1):
    return (np.round(rng.normal(size=(n_cases, N_STEPS, n_channels)) * 2) / 2).astype("float32")


@pytest.fixture
def mask(rng):
    """Complete, unequal lengths (one too short for any whole window), gaps, one step, none."""
    mask = np.arange(N_STEPS) < np.array([N_STEPS, 21, 7, N_STEPS, 25, 1, 0])[:, None]
    mask[3:5] &= rng.random((2, N_STEPS)) < 0.93
    return mask


@pytest.mark.parametrize("compat", ["corrected", "reference"])
@pytest.mark.parametrize("difference", [False, True])
@pytest.mark.parametrize("n_channels", [1, 3])
def test_features_equal_the_slow_loop(rng, mask, n_channels, difference, compat):
    layer = made(rng, n_channels, difference=difference, compat=compat)
    x = coarse(rng, len(mask), n_channels)
    expected, _ = oracles.layer_rocket_features(layer, x, mask)
    np.testing.assert_allclose(_array(layer(x, mask=mask)), expected, rtol=1e-5, atol=1e-5)
    expected, _ = oracles.layer_rocket_features(layer, x[:2], np.ones((2, N_STEPS), bool))
    np.testing.assert_allclose(_array(layer(x[:2])), expected, rtol=1e-5, atol=1e-5)


def test_a_case_without_a_real_step_has_no_positive_steps(rng, mask):
    y = _array(made(rng)(coarse(rng, len(mask)), mask=mask))[-1].reshape(4, -1)
    assert not y[:3].any() and (y[3] == -1).all()


def test_the_pools_of_a_known_series():
    layer = RocketFeatures1D([1], [1], POOLS)
    layer.build((None, None, 1))
    layer.thresholds.assign(np.full(84, 5.0))
    x = np.zeros((1, 12, 1), "float32")
    x[0, 2:5] = 1
    proportion, longest, mean, index = _array(layer(x))[0].reshape(4, -1)[:, 0]
    # The first kernel doubles the taps 4, 3 and 2 steps back: they lie on the three ones at step 6.
    np.testing.assert_allclose([proportion, longest, mean, index], [1 / 12, 1, 1, 6], rtol=1e-6)


@pytest.mark.parametrize("n_steps", [1, 2, 8])
def test_series_shorter_than_a_kernel_are_answered(rng, n_steps):
    layer = made(rng, difference=True)
    x = coarse(rng, 2)[:, :n_steps]
    expected, _ = oracles.layer_rocket_features(layer, x, np.ones((2, n_steps), bool))
    np.testing.assert_allclose(_array(layer(x)), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("difference", [False, True])
def test_a_compiled_model_of_unknown_length_answers_the_same(rng, mask, difference):
    layer = made(rng, 2, compat="reference", difference=difference)
    model = keras.Sequential([keras.Input((None, 2)), keras.layers.Masking(), layer])
    x = np.where(mask[..., None], coarse(rng, len(mask), 2) + 9, 0)
    for n_steps in (N_STEPS, 11, 1):
        y = model.predict(x[:, :n_steps], verbose=0)
        np.testing.assert_allclose(y, _array(layer(x[:, :n_steps], mask=mask[:, :n_steps])), rtol=1e-5, atol=1e-5)


def test_a_high_level_of_the_series_costs_little_precision(rng):
    layer = RocketFeatures1D([1, 4], [3, 3], ["mean"])
    layer.build((None, None, 1))
    x = rng.normal(size=(3, 60, 1)).astype("float32")
    expected = _array(layer(x)).reshape(3, 2, 42, 2, 3)
    found = _array(layer(x + 1000)).reshape(3, 2, 42, 2, 3)
    # Kernels without padding, which read no zeros: the odd ones at the first dilation, the even ones at the second.
    for i in range(2):
        np.testing.assert_allclose(found[:, i, :, 1 - i], expected[:, i, :, 1 - i], atol=2e-3)


def test_weights_are_not_trained(rng):
    layer = made(rng, 2)
    assert [w.path.split("/")[-1] for w in layer.non_trainable_weights] == ["thresholds", "channels"]
    assert not layer.trainable_weights
    assert tuple(layer.channels.shape) == (252, 2)


def test_half_precision_computes_in_single_precision(rng):
    half = made(np.random.default_rng(1), dtype="mixed_float16", pools=["proportion"])
    single = made(np.random.default_rng(1), pools=["proportion"])
    x = coarse(rng, 3) * 300
    y = half(x)
    assert keras.backend.standardize_dtype(y.dtype) == "float16"
    np.testing.assert_allclose(_array(y), _array(single(x)), atol=1e-3)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"dilations": [0]}, "each of dilations must be a whole number of at least 1"),
        ({"counts": [1.5]}, "each of counts must be a whole number of at least 1"),
        ({"counts": [1, 1]}, "dilations and counts must be of one length, at least 1, got 1 and 2"),
        ({"dilations": [], "counts": []}, "got 0 and 0"),
        ({"pools": ["mode"]}, "each of pools must be"),
        ({"pools": ["mean", "mean"]}, "each once"),
        ({"pools": []}, "at least one pool"),
        ({"compat": "published"}, "compat must be"),
    ],
)
def test_arguments_out_of_their_range_are_rejected(arguments, message):
    with pytest.raises(ValueError, match=message):
        RocketFeatures1D(**{"dilations": [1], "counts": [1]} | arguments)
