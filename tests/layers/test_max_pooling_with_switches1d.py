import keras
import numpy as np
import pytest

from seqconv.layers import MaxPoolingWithSwitches1D, MaxUnpooling1D


@pytest.mark.parametrize("pool_size", [2, 3, 7])
def test_unpooling_puts_the_maxima_back_to_their_places(pool_size, rng):
    x = rng.normal(size=(3, 11, 2)).astype("float32")
    x[0, 4:] = x[0, 3]  # ties
    largest, switches = MaxPoolingWithSwitches1D(pool_size)(x)
    back = keras.ops.convert_to_numpy(MaxUnpooling1D(pool_size)([largest, switches, x]))
    expected = np.zeros_like(x)
    for case, channel in np.ndindex(3, 2):
        for first in range(0, 11, pool_size):
            window = x[case, first : first + pool_size, channel]
            expected[case, first + window.argmax(), channel] = window.max()
    np.testing.assert_array_equal(back, expected)


def test_what_is_unpooled_is_pooled_to_the_same(rng):
    x = np.abs(rng.normal(size=(2, 12, 3))).astype("float32")
    pool = MaxPoolingWithSwitches1D(3)
    largest, switches = pool(x)
    again, same = pool(MaxUnpooling1D(3)([largest, switches]))
    np.testing.assert_array_equal(np.asarray(again), np.asarray(largest))
    np.testing.assert_array_equal(np.asarray(same), np.asarray(switches))
