import keras
import numpy as np
import pytest

from seqconv.layers import MaskedAdd, MaskedConcatenate, MaskedConv1D, MissingMasking

JOINS = [MaskedAdd, MaskedConcatenate]


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize("join", JOINS)
def test_a_step_is_real_where_every_branch_has_it_and_zero_elsewhere(join):
    x = [np.ones((1, 3, 2), "float32")] * 2
    masks = [np.array([[True, True, False]]), np.array([[True, False, True]])]
    assert _array(join().compute_mask(x, masks)).tolist() == [[True, False, False]]
    assert _array(join()(x, mask=masks)).any(-1).tolist() == [[True, False, False]]


@pytest.mark.parametrize("join", JOINS)
def test_a_branch_without_a_mask_is_real_everywhere(join):
    x, mask = [np.ones((1, 2, 2), "float32")] * 2, np.array([[True, False]])
    assert _array(join().compute_mask(x, [None, mask])).tolist() == [[True, False]]
    assert _array(join()(x, mask=[None, mask])).any(-1).tolist() == [[True, False]]
    assert join().compute_mask(x, [None, None]) is None


@pytest.mark.parametrize("join", JOINS)
def test_branches_of_one_mask_are_joined_without_intersecting_it(join):
    x = keras.Input((None, 2))
    stem = MissingMasking()(x)
    model = keras.Model(x, join()([MaskedConv1D(2, size, padding="same")(stem) for size in (3, 5)]))
    operations = {type(one).__name__ for one in model.operations}
    assert "LogicalAnd" not in operations


@pytest.mark.parametrize("join", JOINS)
def test_pooled_branches_are_joined_too(join):
    x = [np.ones((2, 3), "float32"), np.ones((2, 3), "float32")]
    assert _array(join()(x)).shape == ((2, 3) if join is MaskedAdd else (2, 6))
