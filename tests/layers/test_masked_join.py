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


STOCK = {MaskedAdd: keras.layers.Add, MaskedConcatenate: keras.layers.Concatenate}
PAIRS = [
    ((None, 2), (None, 2)),
    ((None, 3), (None, 4)),
    ((3, 2), (4, 2)),
    ((3, 2), (1, 2)),
    ((None, 1), (None, 3)),
    ((None, 3), (None, 1)),
    ((3,), (4,)),
    ((3, 2), (2,)),
]


@pytest.mark.parametrize("join", JOINS)
def test_one_tensor_in_place_of_a_list_is_rejected(join):
    x = np.arange(12, dtype="float32").reshape(2, 3, 2)
    for given in (x, keras.Input((3, 2))):
        with pytest.raises(ValueError, match="should be called on a list"):
            join()(given)


def test_a_list_of_one_is_that_one(rng):
    x = rng.normal(size=(2, 3, 2)).astype("float32")
    for join in JOINS:
        np.testing.assert_array_equal(_array(join()([x])), x)


@pytest.mark.parametrize("join", JOINS)
@pytest.mark.parametrize("shapes", PAIRS, ids=str)
def test_shapes_in_a_graph_are_accepted_and_rejected_as_by_keras(join, shapes):
    try:
        expected = STOCK[join]()([keras.Input(shape) for shape in shapes]).shape
    except ValueError:
        with pytest.raises(ValueError, match="shapes"):
            join()([keras.Input(shape) for shape in shapes])
        return
    assert join()([keras.Input(shape) for shape in shapes]).shape == expected


@pytest.mark.parametrize("join", JOINS)
@pytest.mark.parametrize("shapes", [shapes for shapes in PAIRS if shapes != ((3, 2), (1, 2))], ids=str)
def test_arrays_are_joined_and_rejected_as_by_keras(join, shapes, rng):
    arrays = [rng.normal(size=(2, *(n or 5 for n in shape))).astype("float32") for shape in shapes]
    try:
        expected = STOCK[join]()(arrays)
    except ValueError:
        with pytest.raises(ValueError, match="shapes"):
            join()(arrays)
        return
    np.testing.assert_array_equal(_array(join()(arrays)), _array(expected))


def test_a_model_that_adds_one_channel_to_three_computes():
    a, b = keras.Input((None, 1)), keras.Input((None, 3))
    model = keras.Model([a, b], keras.layers.Dense(2)(MaskedAdd()([a, b])))
    assert model([np.ones((2, 5, 1), "float32"), np.ones((2, 5, 3), "float32")]).shape == (2, 5, 2)


def test_a_step_that_is_added_to_all_hides_all_or_none():
    x, one = np.ones((2, 3, 2), "float32"), np.ones((2, 1, 2), "float32")
    mask = np.array([[True], [False]])
    assert _array(MaskedAdd().compute_mask([x, one], [None, mask])).tolist() == [[True] * 3, [False] * 3]
    assert _array(MaskedAdd()([x, one], mask=[None, mask])).any(-1).tolist() == [[True] * 3, [False] * 3]


@pytest.mark.parametrize("join", JOINS)
def test_masks_that_are_no_list_of_one_for_each_input_are_rejected(join):
    x, mask = np.ones((2, 3, 2), "float32"), np.ones((2, 3), bool)
    for given in (mask, [mask], [mask] * 3):
        with pytest.raises(ValueError, match="mask must be a list of 2 masks"):
            join()([x, x], mask=given)
