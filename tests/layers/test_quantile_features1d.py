import keras
import numpy as np
import oracles
import pytest

from seqconv.layers import QuantileFeatures1D

N_STEPS = 40


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def series(rng, n_cases, n_channels=1):
    return rng.normal(size=(n_cases, N_STEPS, n_channels)).astype("float32")


@pytest.fixture
def mask(rng):
    """Complete, unequal lengths, gaps, and so few steps that a representation has no value, or none has."""
    mask = np.arange(N_STEPS) < np.array([N_STEPS, 21, N_STEPS, 25, 3, 2, 1, 0])[:, None]
    mask[2:4] &= rng.random((2, N_STEPS)) < 0.8
    return mask


@pytest.mark.parametrize("n_steps", [1, 2, 3, 20, N_STEPS, 50])
@pytest.mark.parametrize("spectrum", [False, True])
def test_features_equal_the_slow_loop(rng, mask, n_steps, spectrum):
    layer = QuantileFeatures1D(n_steps, spectrum=spectrum)
    x = series(rng, len(mask), 2)
    expected, _ = oracles.layer_quantile_features(layer, x, mask)
    y = _array(layer(x, mask=mask))
    assert y.shape == layer.compute_output_shape(x.shape)
    np.testing.assert_allclose(y, expected, rtol=1e-4, atol=1e-4)
    expected, _ = oracles.layer_quantile_features(layer, x, np.ones_like(mask))
    np.testing.assert_allclose(_array(layer(x)), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("n_steps", [1, 2, 3])
def test_short_series_without_a_mask_are_answered(rng, n_steps):
    layer = QuantileFeatures1D(N_STEPS)
    x = series(rng, 2)[:, :n_steps]
    expected, _ = oracles.layer_quantile_features(layer, x, np.ones((2, n_steps), bool))
    np.testing.assert_allclose(_array(layer(x)), expected, rtol=1e-4, atol=1e-4)


def test_quantiles_of_a_ramp():
    """The series 0 to 8: its quantiles 0, 4 minus the mean, 8, then the medians of its halves and of the moved half."""
    y = _array(QuantileFeatures1D(9, depth=2, spectrum=False)(np.arange(9.0).reshape(1, 9, 1)))[0]
    # Halves are 0 to 3 and 4 to 8; the moved half, 3 to 6, has four steps and one quantile.
    np.testing.assert_allclose(y[:7], [0, 0, 8, 1.5, 4, 2, 4.5])


def test_a_compiled_model_of_unknown_length_answers_the_same(rng, mask):
    layer = QuantileFeatures1D(N_STEPS, depth=3)
    model = keras.Sequential([keras.Input((None, 2)), keras.layers.Masking(), layer])
    x = np.where(mask[..., None], series(rng, len(mask), 2), 0)
    for n_steps in (N_STEPS, 11, 1):
        y = model.predict(x[:, :n_steps], verbose=0)
        np.testing.assert_allclose(y, _array(layer(x[:, :n_steps], mask=mask[:, :n_steps])), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"n_steps": 0}, ValueError, "n_steps must be a whole number of at least 1"),
        ({"depth": 0}, ValueError, "depth must be a whole number of at least 1"),
        ({"spectrum": "no"}, TypeError, "spectrum must be True or False"),
    ],
)
def test_arguments_out_of_their_range_are_rejected(arguments, error, message):
    with pytest.raises(error, match=message):
        QuantileFeatures1D(**{"n_steps": 9} | arguments)
