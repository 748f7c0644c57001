import keras
import numpy as np

from seqconv import augment


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return keras.ops.convert_to_numpy(layer((x, y, weight), training=True)[0])


def counting(n_cases=200, length=20, n_steps=26):
    """Cases 1, 2, ... with a gap at 7 and padding after them."""
    x = np.full((n_cases, n_steps, 1), np.nan, "float32")
    x[:, :length, 0] = np.arange(1, length + 1)
    x[:, 6] = np.nan
    return x


def test_a_slice_is_a_stretch_of_the_case():
    x = counting()
    starts = set()
    for new in augmented(augment.WindowSlice(0.71, rate=1, seed=0), x)[..., 0]:
        start = int(np.nanmin(new - np.arange(26)) - 1)
        np.testing.assert_array_equal(new[:15], x[0, start : start + 15, 0])  # ceil(0.71 * 20) steps
        assert np.isnan(new[15:]).all()
        starts.add(start)
    assert starts == set(range(6))
    np.testing.assert_array_equal(augmented(augment.WindowSlice(1.0, rate=1), x), x)
