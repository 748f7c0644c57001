import keras
import numpy as np

from seqconv.layers.fixed_kernels import halves, margins_added, responses, shifted


def test_halves_are_exact_and_the_first_has_eleven_bits(rng):
    x = (rng.normal(size=(50, 20)) * 10.0 ** rng.integers(-6, 7, size=(50, 20))).astype("float32")
    high, low = (keras.ops.convert_to_numpy(one) for one in halves(keras.ops.convert_to_tensor(x)))
    np.testing.assert_array_equal(high + low, x)
    mantissa, _ = np.frexp(high)
    np.testing.assert_array_equal(mantissa * 2**11, np.round(mantissa * 2**11))
    assert (np.abs(low) <= np.abs(x) * 2.0**-10).all() and low.any()


def test_a_stretch_that_does_not_vary_has_the_response_zero(rng):
    x = margins_added(np.full((1, 40, 1), 1234.567, "float32"), [2])
    kernels = rng.normal(size=(1, 16, 50)).astype("float32")
    z = keras.ops.convert_to_numpy(responses(shifted(x, 2, [2]), kernels))
    assert not z[0, 8:-8].any() and z[0, :8].all()
