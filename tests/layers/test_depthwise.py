import keras
import numpy as np
import pytest

from seqconv.layers.depthwise import depthwise


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize("strides, dilation_rate, multiplier", [(1, 1, 1), (2, 1, 1), (1, 3, 2)])
def test_a_depthwise_convolution_by_shifts_equals_the_one_of_the_backend(strides, dilation_rate, multiplier, rng):
    x = keras.ops.convert_to_tensor(rng.normal(size=(2, 11, 3)).astype("float32"))
    kernel = keras.ops.convert_to_tensor(rng.normal(size=(4, 3, multiplier)).astype("float32"))
    given = depthwise(x, kernel, strides, dilation_rate, by_shifts=True)
    expected = depthwise(x, kernel, strides, dilation_rate)
    np.testing.assert_allclose(_array(given), _array(expected), rtol=1e-5, atol=1e-5)
