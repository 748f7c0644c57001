import keras
import numpy as np

from seqconv import augment


def augmented(layer, x):
    y, weight = np.ones((len(x), 2), "float32"), np.ones(len(x), "float32")
    return keras.ops.convert_to_numpy(layer((x, y, weight), training=True)[0])


def test_a_channel_that_does_not_vary_gets_neither_noise_nor_drift():
    x = np.full((2, 40, 1), 0.1, "float32")
    for layer in (augment.Jitter(1.0, rate=1), augment.AddNoise((0, 0), rate=1), augment.Drift(1.0, rate=1)):
        np.testing.assert_array_equal(augmented(layer, x), x)
