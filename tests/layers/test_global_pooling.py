import keras
import numpy as np

from seqconv import layers


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def test_half_precision_sums_do_not_overflow():
    x = np.full((1, 4000, 1), 60, "float32")
    layer = layers.GlobalMeanPooling1D(dtype="mixed_float16")
    assert _array(layer(x, mask=np.ones((1, 4000), bool))).item() == 60
    x = np.full((1, 9, 1), 2e4, "float32")
    for mask in (None, np.ones((1, 9), bool)):
        assert _array(layers.KMeanPooling1D(4, dtype="mixed_float16")(x, mask=mask)).item() == 2e4
