import keras
import numpy as np

from seqconv.layers import MaskedConv1D, WeightNormConv1D


def norms(layer):
    return np.sqrt((keras.ops.convert_to_numpy(layer.kernel) ** 2).sum(axis=(0, 1)))


def test_the_norm_of_a_filter_is_its_length(rng):
    layer = WeightNormConv1D(5, 3)
    layer.build((None, None, 2))
    np.testing.assert_allclose(norms(layer), keras.ops.convert_to_numpy(layer.length), rtol=1e-5)
    layer.length.assign(np.arange(1.0, 6.0))
    layer._kernel.assign(rng.normal(size=(3, 2, 5)) * 7)
    np.testing.assert_allclose(norms(layer), np.arange(1.0, 6.0), rtol=1e-5)


def test_it_starts_as_the_convolution_that_was_drawn(rng):
    x = rng.normal(size=(2, 9, 2)).astype("float32")
    start = keras.initializers.GlorotUniform(seed=3)
    ours, theirs = (made(5, 3, kernel_initializer=start) for made in (WeightNormConv1D, MaskedConv1D))
    np.testing.assert_allclose(*(keras.ops.convert_to_numpy(one(x)) for one in (ours, theirs)), rtol=1e-4, atol=1e-5)
