import numpy as np
import oracles
import pytest

from seqconv.banks.hydra import draw_kernels, hydra_counts, sparse_moments, sparse_scaled
from seqconv.banks.series import Series

DILATIONS = [1, 2, 4]


@pytest.mark.parametrize("kind", ["complete", "unequal", "gaps"])
@pytest.mark.parametrize("n_channels", [1, 4])
def test_counts_equal_plain_loops(rng, make_cases, n_channels, kind):
    X = make_cases(n_channels, kind)
    kernels, channels = draw_kernels(3, 4, n_channels, rng)
    mask = ~np.isnan(X).all(axis=2)
    expected = oracles.hydra(X, mask, DILATIONS, kernels, channels)
    found = hydra_counts(Series.read(X), DILATIONS, kernels, channels)
    np.testing.assert_allclose(found, expected.reshape(5, -1), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", ["complete", "unequal", "gaps"])
@pytest.mark.parametrize("n_channels", [1, 4])
def test_a_case_alone_has_the_same_bits(rng, make_cases, n_channels, kind):
    X = make_cases(n_channels, kind)
    settings = DILATIONS, *draw_kernels(3, 4, n_channels, rng)
    together = hydra_counts(Series.read(X), *settings)
    padding = np.full((1, 50, n_channels), np.nan, np.float32)
    for b in range(len(X)):
        alone = hydra_counts(Series.read(X[b : b + 1]), *settings)
        padded = hydra_counts(Series.read(np.concatenate([X[b : b + 1], padding], axis=1)), *settings)
        np.testing.assert_array_equal(alone[0], together[b])
        np.testing.assert_array_equal(padded[0], together[b])


def test_the_first_of_equal_kernels_wins(rng):
    kernels, channels = draw_kernels(3, 1, 1, rng)
    kernels[:, :, 5] = kernels[:, :, 2]
    kernels[:, :, 6] = kernels[:, :, 3]
    found = hydra_counts(Series.read(rng.normal(size=(4, 300, 1))), DILATIONS, kernels, channels).reshape(4, 3, 2, 8)
    assert (found[..., [2, 3]] > 0).all()
    np.testing.assert_array_equal(found[..., [5, 6]], 0)


def test_steps_without_a_signal_count_for_the_first_kernel(rng):
    found = hydra_counts(Series.read(np.zeros((2, 40, 1))), DILATIONS, *draw_kernels(3, 4, 1, rng))
    expected = np.zeros((2, 3, 2, 4, 8))
    expected[:, :, 1, :, 0] = 40
    np.testing.assert_array_equal(found, expected.reshape(2, -1))


@pytest.mark.parametrize("n_steps", [1, 2, 8])
def test_short_cases_and_their_differences_have_finite_counts(rng, n_steps):
    series = Series.read(rng.normal(size=(3, n_steps, 2)))
    for one in (series, series.difference()):
        found = hydra_counts(one, DILATIONS, *draw_kernels(3, 4, 2, rng)).reshape(3, 3, 2, 4, 8)
        assert np.isfinite(found).all()
        np.testing.assert_array_equal(found[:, :, 1].sum(axis=-1), one.values.shape[2])


@pytest.mark.parametrize("n_channels, n_drawn", [(1, 1), (2, 2), (3, 2), (7, 3), (40, 8)])
def test_kernels_are_centred_and_of_equal_weight(rng, n_channels, n_drawn):
    kernels, channels = draw_kernels(2, 3, n_channels, rng)
    assert kernels.shape == (2, 3, 8, 9) and kernels.dtype == channels.dtype == np.float32
    np.testing.assert_allclose(kernels.sum(axis=-1), 0, atol=1e-6)
    np.testing.assert_allclose(np.abs(kernels).sum(axis=-1), 1, rtol=1e-5)
    assert channels.shape == (2, 3, n_channels)
    np.testing.assert_array_equal(channels.sum(axis=-1), n_drawn)
    assert set(np.unique(channels)) <= {0, 1}


def test_a_seed_gives_the_same_draws():
    first, second, other = (draw_kernels(2, 3, 9, np.random.default_rng(seed)) for seed in (1, 1, 2))
    for one, same, different in zip(first, second, other, strict=True):
        np.testing.assert_array_equal(one, same)
        assert not np.array_equal(one, different)


def test_scaling_is_that_of_sparse_counts(rng):
    counts = rng.normal(1, 4, size=(20, 6)).astype(np.float32)
    counts[:, 3] = 0
    roots = np.sqrt(np.maximum(counts.astype(float), 0))
    centre, scale = sparse_moments(counts)
    np.testing.assert_allclose(centre, roots.mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(scale, roots.std(axis=0, ddof=1) + (roots == 0).mean(axis=0) ** 4 + 1e-8, rtol=1e-5)
    expected = (roots - roots.mean(axis=0)) * (roots != 0) / scale
    found = sparse_scaled(counts, centre, scale)
    assert found is counts
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_one_case_has_finite_moments():
    centre, scale = sparse_moments(np.array([[0, 4]], np.float32))
    np.testing.assert_allclose(centre, [0, 2])
    np.testing.assert_allclose(scale, [1, 1], rtol=1e-6)
