import keras
import numpy as np
import pytest

from seqconv import augment


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return keras.ops.convert_to_numpy(layer((x, y, weight), training=True)[0])


def counting(n_cases=200, length=20, n_steps=26):
    """Cases 1, 2, ... with a gap at 7 and padding behind."""
    x = np.full((n_cases, n_steps, 1), np.nan, "float32")
    x[:, :length, 0] = np.arange(1, length + 1)
    x[:, 6] = np.nan
    return x


@pytest.mark.parametrize("n_segments", [1, 2, 5])
def test_a_permutation_keeps_every_step(n_segments):
    x = counting()
    new = augmented(augment.Permutation(n_segments, rate=1, seed=0), x)[..., 0]
    np.testing.assert_array_equal(np.sort(new, axis=1), np.sort(x[..., 0], axis=1))
    assert np.isnan(new[:, 20:]).all()
    filled = np.where(np.isnan(new[:, :20]), 7, new[:, :20])
    breaks = (np.diff(filled, axis=1) != 1).sum(axis=1)
    assert breaks.max() == n_segments - 1
    n_orders = len(np.unique(filled, axis=0))
    assert n_orders == 1 if n_segments == 1 else n_orders > 5
