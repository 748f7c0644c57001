import keras
import numpy as np
import pytest

from seqconv.layers import FractionalMaxPooling1D

WORKED = np.array([2, 4, 3, 1, 5, 2, 3], "float32").reshape(1, 7, 1)
METHODS = ["pseudo_random", "random"]


def borders(n_steps, **settings):
    """The last step of each region: the maxima of a rising case, disjoint."""
    rising = np.arange(n_steps, dtype="float32").reshape(1, n_steps, 1)
    layer = FractionalMaxPooling1D(overlapping=False, **settings)
    return layer, lambda: keras.ops.convert_to_numpy(layer(rising, training=True))[0, :, 0].astype(int)


def test_the_worked_example():
    pooled = FractionalMaxPooling1D(7 / 5, overlapping=False)(WORKED)
    assert np.ravel(pooled).tolist() == [2, 4, 1, 5, 3]
    # A region and the first step of the next: [2, 4], [4, 3, 1], [1, 5], [5, 2, 3], [3].
    assert np.ravel(FractionalMaxPooling1D(7 / 5)(WORKED)).tolist() == [4, 4, 5, 5, 3]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("n_steps", "ratio"), [(7, 1.4), (20, 1.414), (31, 2.5), (24, 2.0)])
def test_drawn_regions_partition_a_case_in_two_neighbouring_sizes(method, n_steps, ratio):
    layer, draw = borders(n_steps, ratio=ratio, method=method, seed=0)
    n_regions = layer.compute_output_shape((1, n_steps, 1))[1]
    drawn = set()
    for _ in range(20):
        last = draw()
        sizes = np.diff(last, prepend=-1)
        assert len(sizes) == n_regions and last[-1] == n_steps - 1 and sizes.sum() == n_steps
        assert set(sizes) <= {n_steps // n_regions, -(-n_steps // n_regions)}
        drawn.add(tuple(last))
    assert (len(drawn) > 1) == (n_steps % n_regions > 0)  # where they are all equal there is nothing to draw


@pytest.mark.parametrize("method", METHODS)
def test_each_case_of_a_batch_is_partitioned_by_its_own_length(method):
    layer = FractionalMaxPooling1D(1.5, overlapping=False, method=method, seed=0)
    lengths = (12, 7, 1)
    mask = np.arange(12) < np.array(lengths)[:, None]
    x = np.broadcast_to(np.arange(12, dtype="float32")[None, :, None], (3, 12, 1))
    for _ in range(5):
        y = keras.ops.convert_to_numpy(layer(x, mask=mask, training=True))[..., 0]
        real = keras.ops.convert_to_numpy(layer.compute_mask(x, mask))
        assert real.sum(axis=1).tolist() == [8, 4, 1]
        for values, is_real, length in zip(y, real, lengths, strict=True):
            assert values[is_real][-1] == length - 1 and (np.diff(values[is_real]) > 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_a_seed_fixes_the_draws(method):
    first, again, other = (borders(50, ratio=1.4, method=method, seed=seed)[1] for seed in (3, 3, 4))
    draws = [[tuple(one()) for _ in range(4)] for one in (first, again, other)]
    assert draws[0] == draws[1] != draws[2]


def test_nothing_is_drawn_outside_training(rng):
    layer, x = FractionalMaxPooling1D(1.4, seed=0), rng.normal(size=(2, 30, 3)).astype("float32")
    np.testing.assert_array_equal(np.asarray(layer(x)), np.asarray(layer(x, training=False)))
