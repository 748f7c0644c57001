import keras
import numpy as np
import pytest

from seqconv.layers import MaskedConv1D


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize(
    "arguments",
    [
        {"padding": "valid"},
        {"padding": "valid", "strides": 2},
        {"padding": "same"},
        {"padding": "same", "dilation_rate": 2},
        {"padding": "causal", "dilation_rate": 2},
        {"padding": "causal", "strides": 2},
        {"padding": "same", "groups": 2, "activation": "relu", "use_bias": False},
    ],
    ids=str,
)
def test_on_complete_data_it_is_keras_own_convolution(arguments, rng):
    x = rng.normal(size=(2, 9, 4)).astype("float32")
    ours, stock = MaskedConv1D(6, 4, **arguments), keras.layers.Conv1D(6, 4, **arguments)
    ours.build(x.shape)
    stock.build(x.shape)
    ours.set_weights(stock.get_weights())
    np.testing.assert_allclose(_array(ours(x)), _array(stock(x)), rtol=1e-6, atol=1e-6)


def test_same_padding_with_strides_does_not_move_with_the_length_of_the_batch():
    pulse = np.zeros((1, 8, 1), "float32")
    pulse[0, 2] = 1
    longer = np.pad(pulse, [(0, 0), (0, 1), (0, 0)])
    ours = MaskedConv1D(1, 3, strides=2, padding="same", kernel_initializer=_ramp)
    stock = keras.layers.Conv1D(1, 3, strides=2, padding="same", kernel_initializer=_ramp)
    assert _array(ours(longer))[0, :4].tolist() == _array(ours(pulse))[0].tolist()
    assert _array(stock(longer))[0, :4].tolist() != _array(stock(pulse))[0].tolist()


def _ramp(shape, dtype=None):
    return keras.ops.reshape(keras.ops.arange(1, 1 + np.prod(shape), dtype=dtype), shape)


@pytest.mark.parametrize("n_steps, kernel_size", [(7, 3), (2, 5)])
def test_full_padding_is_the_wide_convolution_of_mathematics(n_steps, kernel_size, rng):
    x, taps = rng.normal(size=n_steps), rng.normal(size=kernel_size)
    layer = MaskedConv1D(1, kernel_size, padding="full", use_bias=False)
    layer.build((None, None, 1))
    layer.set_weights([taps[::-1].reshape(-1, 1, 1)])  # networks call a correlation convolution
    y = _array(layer(x.reshape(1, -1, 1).astype("float32")))
    np.testing.assert_allclose(y.ravel(), np.convolve(x, taps, mode="full"), rtol=1e-5, atol=1e-5)


def test_causal_padding_sees_no_later_step(rng):
    x = rng.normal(size=(1, 10, 2)).astype("float32")
    changed = x.copy()
    changed[0, 6:] = 99
    layer = MaskedConv1D(3, 3, padding="causal", dilation_rate=2)
    np.testing.assert_array_equal(_array(layer(x))[0, :6], _array(layer(changed))[0, :6])
