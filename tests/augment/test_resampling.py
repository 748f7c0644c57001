import keras
import numpy as np

from seqconv.augment.resampling import between_steps


def read(x, places):
    tensors = [keras.ops.convert_to_tensor(one) for one in (x, places)]
    return keras.ops.convert_to_numpy(between_steps(*tensors))


def test_between_steps_is_the_line_and_the_nearer_one_decides_at_a_gap():
    x = np.array([0, 10, np.nan, 30, 40], "float32").reshape(1, 5, 1)
    places = np.array([[0, 0.25, 1, 1.25, 1.75, 2, 2.25, 2.75, 3.5, 4]], "float32")
    expected = [0, 2.5, 10, 10, np.nan, np.nan, np.nan, 30, 35, 40]
    np.testing.assert_allclose(read(x, places).ravel(), expected)


def test_between_steps_equals_interpolation(rng):
    x = rng.normal(size=(3, 50, 2)).astype("float32")
    places = np.sort(rng.uniform(0, 49, size=(3, 70)), axis=1).astype("float32")
    slow = [
        np.stack([np.interp(p, np.arange(50), one[:, c]) for c in range(2)], axis=1)
        for one, p in zip(x, places, strict=True)
    ]
    np.testing.assert_allclose(read(x, places), slow, atol=1e-4)
