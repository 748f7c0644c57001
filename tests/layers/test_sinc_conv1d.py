import keras
import numpy as np

from seqconv.layers import SincConv1D


def test_a_filter_passes_its_band_and_stops_the_rest():
    rate, taps = 8_000, 251
    layer = SincConv1D(4, taps, rate)
    layer.build((None, None, 1))
    low = layer.min_low_hz + np.abs(keras.ops.convert_to_numpy(layer.low_hz))
    high = low + layer.min_band_hz + np.abs(keras.ops.convert_to_numpy(layer.band_hz))
    kernel = keras.ops.convert_to_numpy(layer.kernel)[:, 0]
    hz = np.fft.rfftfreq(8_192, 1 / rate)
    gain = np.abs(np.fft.rfft(kernel, 8_192, axis=0))
    edge = 1.5 * rate / taps * 2  # the window blurs the edges by some multiples of rate / taps
    for i in range(4):
        relative = gain[:, i] / gain[:, i].max()
        inside = (hz > low[i] + edge) & (hz < high[i] - edge)
        outside = (hz < low[i] - edge) | (hz > high[i] + edge)
        assert inside.any() and relative[inside].min() > 0.95
        assert relative[outside].max() < 0.02


def test_filters_are_symmetric_and_start_evenly_on_the_mel_scale():
    layer = SincConv1D(6, 51)
    layer.build((None, None, 1))
    kernel = keras.ops.convert_to_numpy(layer.kernel)
    np.testing.assert_allclose(kernel, kernel[::-1])
    mel = 2595 * np.log10(1 + keras.ops.convert_to_numpy(layer.low_hz) / 700)
    np.testing.assert_allclose(np.diff(mel), np.diff(mel)[0], rtol=1e-4)
    assert keras.ops.convert_to_numpy(layer.low_hz)[0] == np.float32(30)


def test_a_trained_edge_beyond_the_spectrum_stays_finite():
    layer = SincConv1D(2, 51, 8_000)
    layer.build((None, None, 1))
    layer.low_hz.assign([-3_000.0, 3_900.0])
    layer.band_hz.assign([-9_000.0, 10.0])
    assert np.isfinite(keras.ops.convert_to_numpy(layer.kernel)).all()
