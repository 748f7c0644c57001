import keras
import numpy as np

from seqconv.augment.curves import curve_through, warped_places


def test_a_curve_goes_through_its_knots_and_keeps_a_line(rng):
    knots = rng.normal(size=(2, 5, 3)).astype("float32")
    curve = keras.ops.convert_to_numpy(curve_through(knots, np.array([[41.0], [21.0]], "float32"), 50))
    np.testing.assert_allclose(curve[0, :41:10], knots[0], atol=1e-5)
    np.testing.assert_allclose(curve[1, :21:5], knots[1], atol=1e-5)
    line = np.linspace(3, 7, 5, dtype="float32").reshape(1, 5, 1)
    curve = keras.ops.convert_to_numpy(curve_through(line, np.array([[41.0]], "float32"), 50))[0, :, 0]
    np.testing.assert_allclose(curve, np.append(np.linspace(3, 7, 41), np.full(9, 7)), atol=1e-5)
    slope = np.diff(keras.ops.convert_to_numpy(curve_through(knots, np.full((2, 1), 4001.0, "float32"), 4001)), axis=1)
    assert np.abs(np.diff(slope, axis=1)).max() < 1e-4  # the slope does not jump at a knot


def test_places_of_a_warp_are_the_integral_of_its_speeds(rng):
    speeds = np.exp(rng.normal(size=(3, 6))).astype("float32")
    n_steps = np.array([101, 33, 2])
    places = keras.ops.convert_to_numpy(warped_places(speeds, n_steps[:, None].astype("float32"), 101))
    for own, length, expected in zip(places, n_steps, speeds.astype(float), strict=True):
        fine = np.linspace(0, 5, 20_001)
        passed = np.append(0, np.cumsum(np.interp((fine[1:] + fine[:-1]) / 2, np.arange(6), expected)))
        slow = np.interp(np.linspace(0, 5, length), fine, passed / passed[-1]) * (length - 1)
        np.testing.assert_allclose(own[:length], slow, atol=1e-3)
        assert (np.diff(own[:length]) > 0).all()
