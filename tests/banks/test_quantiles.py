import numpy as np
import oracles
import pytest

from seqconv.banks.quantiles import n_quantile_features, quantile_features
from seqconv.banks.series import Series


@pytest.mark.parametrize("spectrum", [True, False])
@pytest.mark.parametrize("n_steps", [37, 64, 20, 3, 1])
@pytest.mark.parametrize("kind", ["complete", "unequal", "gaps"])
@pytest.mark.parametrize("n_channels", [1, 3])
def test_features_equal_plain_loops(rng, make_cases, n_channels, kind, n_steps, spectrum):
    X = make_cases(n_channels, kind)
    mask = ~np.isnan(X).all(axis=2)
    expected = oracles.quantiles(X, mask, n_steps, spectrum=spectrum)
    found = quantile_features(Series.read(X), n_steps, spectrum=spectrum)
    assert found.shape == (5, n_quantile_features(n_steps, spectrum=spectrum, n_channels=n_channels))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected.reshape(5, -1), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("depth, n_features", [(1, 4 * 5), (2, 4 * (5 + 6 + 3))])
def test_depth_limits_the_levels(rng, depth, n_features):
    # 20 steps have 5 quantiles; halves of 10 have 3 each, and so has the one between them.
    X = rng.normal(size=(2, 20, 1))
    assert quantile_features(Series.read(X), 20, depth, spectrum=False).shape[1] == n_features * 3 // 4
    assert n_quantile_features(20, depth, spectrum=False) == n_features * 3 // 4


@pytest.mark.parametrize("kind", ["complete", "unequal", "gaps"])
@pytest.mark.parametrize("n_channels", [1, 3])
def test_a_case_alone_has_the_same_bits(rng, make_cases, n_channels, kind):
    X = make_cases(n_channels, kind)
    together = quantile_features(Series.read(X), 37)
    padding = np.full((1, 50, n_channels), np.nan, np.float32)
    for b in range(len(X)):
        alone = quantile_features(Series.read(X[b : b + 1]), 37)
        padded = quantile_features(Series.read(np.concatenate([X[b : b + 1], padding], axis=1)), 37)
        np.testing.assert_array_equal(alone[0], together[b])
        np.testing.assert_array_equal(padded[0], together[b])


def test_a_case_without_a_real_step_has_features_of_zero(rng, make_cases):
    X = make_cases(2, "gaps")
    X[1] = np.nan
    found = quantile_features(Series.read(X), 37)
    np.testing.assert_array_equal(found[1], 0)
    assert np.isfinite(found).all()
