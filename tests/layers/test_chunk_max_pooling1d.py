import keras
import numpy as np

from seqconv import layers


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def _series(*values):
    return np.array(values, "float32").reshape(1, -1, 1)


def test_chunks_of_a_short_case_repeat_its_steps():
    layer = layers.ChunkMaxPooling1D(4)
    assert _array(layer(_series(1, 2))).ravel().tolist() == [1, 1, 2, 2]
    mask = np.array([[False, True, False, True, True, True]])
    assert _array(layers.ChunkMaxPooling1D(2)(_series(9, 1, 9, 5, 3, 4), mask=mask)).ravel().tolist() == [5, 4]
