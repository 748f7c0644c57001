import keras
import numpy as np
import pytest

from seqconv import augment


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return keras.ops.convert_to_numpy(layer((x, y, weight), training=True)[0])


def test_magnitude_warp_is_a_smooth_curve_around_1():
    x = np.ones((400, 200, 1), "float32")
    curves = augmented(augment.MagnitudeWarp(0.2, n_knots=4, rate=1, seed=0), x)
    at_ends = curves[:, [0, -1]]
    assert at_ends.mean() == pytest.approx(1, abs=0.03) and at_ends.std() == pytest.approx(0.2, abs=0.02)
    assert np.abs(np.diff(curves, 2, axis=1)).max() < 0.01  # no step, no corner
    assert (np.diff(np.sign(np.diff(curves[..., 0], axis=1)), axis=1) != 0).sum(axis=1).max() <= 10
    np.testing.assert_array_equal(augmented(augment.MagnitudeWarp(0.0, rate=1), x), x)
