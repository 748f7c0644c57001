import json

import keras
import numpy as np
import pytest

from seqconv import layers


def _array(tensor):
    return keras.ops.convert_to_numpy(tensor)


def _series(*values):
    return np.array(values, "float32").reshape(1, -1, 1)


def test_k_max_keeps_the_order_of_time():
    assert _array(layers.KMaxPooling1D(3)(_series(5, 1, 9, 2, 7))).ravel().tolist() == [5, 9, 7]


def test_k_max_of_equal_values_keeps_the_earliest():
    x = np.stack([_series(1, 2, 2, 2)[0], _series(2, 1, 2, 2)[0]])
    assert _array(layers.KMaxPooling1D(2, flatten=True)(x)).tolist() == [[2, 2], [2, 2]]


def test_k_max_beyond_the_length_fills_up_with_zeros_and_says_so():
    layer, x = layers.KMaxPooling1D(4), _series(-1, -2)
    assert _array(layer(x)).ravel().tolist() == [-1, -2, 0, 0]
    assert _array(layer.compute_mask(x)).tolist() == [[True, True, False, False]]


def test_k_max_that_fills_every_slot_needs_no_mask():
    assert layers.KMaxPooling1D(2).compute_mask(_series(1, 2, 3)) is None
    assert layers.KMaxPooling1D(9, flatten=True).compute_mask(_series(1, 2, 3)) is None


def test_k_max_knows_its_shape_when_the_length_is_unknown():
    x = keras.Input((None, 5))
    assert layers.KMaxPooling1D(3)(x).shape == (None, 3, 5)
    assert layers.KMaxPooling1D(3, flatten=True)(x).shape == (None, 15)


def test_k_mean_lies_between_the_maximum_and_the_mean():
    x = _series(4, 1, 3, 8)
    assert _array(layers.KMeanPooling1D(1)(x)).item() == 8
    assert _array(layers.KMeanPooling1D(2)(x)).item() == 6
    assert _array(layers.KMeanPooling1D(9)(x)).item() == 4


@pytest.mark.parametrize(
    "layer, n_layers, length, k", [(1, 2, 9, 5), (2, 2, 9, 3), (2, 11, 77, 63), (1, 3, 7, 5), (1, 2, 2, 2)]
)
def test_dynamic_k_is_exact_where_floats_round_wrongly(layer, n_layers, length, k):
    pool, x = layers.DynamicKMaxPooling1D(3, layer, n_layers), np.ones((1, length, 1), "float32")
    assert int(_array(pool.compute_mask(x)).sum()) == k


def test_dynamic_k_follows_the_sentence_and_not_the_wide_convolution():
    sentence = np.ones((2, 8, 1), "float32")
    wide = np.arange(20, dtype="float32").reshape(2, 10, 1)
    masks = [np.arange(10) < [[10], [6]], np.arange(8) < [[8], [4]]]
    pool = layers.DynamicKMaxPooling1D(1, 1, 2)
    y, mask = _array(pool([wide, sentence], mask=masks)), _array(pool.compute_mask([wide, sentence], masks))
    assert mask.sum(1).tolist() == [4, 2]
    assert y[..., 0].tolist() == [[6, 7, 8, 9], [14, 15, 0, 0]]


def test_dynamic_k_keeps_minus_infinity_before_a_hidden_step():
    low, pool = -np.inf, layers.DynamicKMaxPooling1D(3, 1, 1)
    x, mask = _series(9, low, 1, low, low), np.array([[False, True, True, True, True]])
    assert _array(pool(x, mask=mask)).ravel().tolist() == [low, 1, low]


@pytest.mark.parametrize("arguments", [(0, 1, 2), (3, 3, 2), (3, 0, 2), (2.0, 1, 2)])
def test_dynamic_k_refuses_layers_that_are_not_there(arguments):
    with pytest.raises(ValueError, match="must be"):
        layers.DynamicKMaxPooling1D(*arguments)


def test_chunks_of_a_short_case_repeat_its_steps():
    layer = layers.ChunkMaxPooling1D(4)
    assert _array(layer(_series(1, 2))).ravel().tolist() == [1, 1, 2, 2]
    mask = np.array([[False, True, False, True, True, True]])
    assert _array(layers.ChunkMaxPooling1D(2)(_series(9, 1, 9, 5, 3, 4), mask=mask)).ravel().tolist() == [5, 4]


def test_attention_with_equal_scores_is_the_mean(rng):
    x = rng.normal(size=(2, 6, 3)).astype("float32")
    mask = np.arange(6) < [[6], [2]]
    layer = layers.AttentionPooling1D(4, heads=2)
    layer.build(x.shape)
    layer.score_kernel.assign(np.zeros((4, 2)))
    mean = _array(layers.GlobalMeanPooling1D()(x, mask=mask))
    np.testing.assert_allclose(_array(layer(x, mask=mask)), np.tile(mean, 2), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("made_of", [layers.KMaxPooling1D, layers.KMeanPooling1D, layers.ChunkMaxPooling1D])
@pytest.mark.parametrize("count", [0, -1, 2.0, True, None])
def test_a_count_below_one_is_refused(made_of, count):
    with pytest.raises(ValueError, match="integer of at least 1"):
        made_of(count)


@pytest.mark.parametrize(
    "made",
    [
        lambda n: layers.MaskedConv1D(n, n, n, groups=n),
        lambda n: layers.MaskedConv1D(n, (n,), dilation_rate=[n]),
        lambda n: layers.MaskedSeparableConv1D(n, n, depth_multiplier=n),
        lambda n: layers.MaskedMaxPooling1D(n, n),
        lambda n: layers.KMaxPooling1D(n),
        lambda n: layers.KMeanPooling1D(n),
        lambda n: layers.DynamicKMaxPooling1D(n, n, n),
        lambda n: layers.ChunkMaxPooling1D(n),
        lambda n: layers.AttentionPooling1D(n, heads=n),
        lambda n: layers.TokenEmbedding(n, n),
    ],
)
def test_integers_of_numpy_are_as_good_as_pythons(made):
    configs = [made(n).get_config() | {"name": ""} for n in (2, np.int64(2))]
    assert json.dumps(configs[0]) == json.dumps(configs[1])


def test_half_precision_sums_do_not_overflow():
    x = np.full((1, 4000, 1), 60, "float32")
    layer = layers.GlobalMeanPooling1D(dtype="mixed_float16")
    assert _array(layer(x, mask=np.ones((1, 4000), bool))).item() == 60
    x = np.full((1, 9, 1), 2e4, "float32")
    for mask in (None, np.ones((1, 9), bool)):
        assert _array(layers.KMeanPooling1D(4, dtype="mixed_float16")(x, mask=mask)).item() == 2e4


@pytest.mark.parametrize("masked", [False, True])
def test_half_precision_attends_to_any_number_of_steps(masked):
    x, mask = np.ones((1, 70_000, 1), "float32"), np.ones((1, 70_000), bool) if masked else None
    y = _array(layers.AttentionPooling1D(2, dtype="mixed_float16")(x, mask=mask))
    assert y.dtype == "float16" and y.item() == 1


@pytest.mark.parametrize("name", ["mean", "max", "mean_max", "k_max", "k_mean", "chunk_max", "attention"])
def test_a_name_gives_a_new_layer_of_one_vector_a_case(name):
    layer = layers.get(name)
    assert layer is not layers.get(name)
    assert len(layer(keras.Input((None, 3))).shape) == 2


def test_k_max_by_name_keeps_four_values():
    assert layers.get("k_max").get_config().items() >= {"k": 4, "flatten": True}.items()


def test_an_unknown_name_offers_the_near_ones():
    with pytest.raises(ValueError, match="got 'kmax'; did you mean .*k_max"):
        layers.get("kmax")
    with pytest.raises(ValueError, match="did you mean mean or max or .*attention"):
        layers.get("zzz")


def test_a_layer_is_a_template_and_stays_as_it_is():
    template = layers.KMaxPooling1D(7, name="mine")
    layer = layers.get(template)
    assert layer is not template and layer.get_config() == template.get_config()
    layer(keras.Input((None, 3)))
    assert not template.built


def test_a_layer_of_keras_is_accepted():
    assert isinstance(layers.get(keras.layers.GlobalAveragePooling1D()), keras.layers.GlobalAveragePooling1D)


def test_a_layer_that_is_not_registered_is_refused_with_the_way_out():
    class Unheard(keras.layers.Layer):
        pass

    with pytest.raises(ValueError, match="Unheard.*register_keras_serializable"):
        layers.get(Unheard())


@pytest.mark.parametrize("given", [None, 3, keras.layers.GlobalMaxPooling1D])
def test_what_is_neither_a_name_nor_a_layer_is_refused(given):
    with pytest.raises(TypeError, match="must be a name or a Keras layer"):
        layers.get(given)
