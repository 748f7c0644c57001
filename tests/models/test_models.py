import random

import keras
import numpy as np
import pytest

from seqconv import layers
from seqconv.encoders import FCN, KimCNN
from seqconv.models import (
    SeriesStem,
    TokenStem,
    build_average,
    build_classifier,
    build_regressor,
    complete_twin,
)

SMALL = FCN(filters=(4, 4, 4))


def weights_equal(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one.get_weights(), other.get_weights(), strict=True))


@pytest.mark.parametrize(
    "build",
    [lambda **k: build_classifier(SMALL, (None, 1), 3, **k), lambda **k: build_regressor(SMALL, (None, 1), **k)],
)
def test_the_landmarks_are_found_by_name(build):
    model = build()
    assert [model.get_layer(name).name for name in ("stem", "features", "pooling", "head")]
    assert model.get_layer("features").output.shape == (None, None, 4)
    assert model.get_layer("pooling").output.shape == (None, 4)


def test_equal_seeds_give_equal_weights_and_leave_the_global_state():
    random.seed(5)
    np.random.seed(5)
    before = random.getstate(), np.random.get_state()[1].tolist()
    one, other = (build_classifier(SMALL, (None, 1), 2, seed=3) for _ in range(2))
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before
    assert weights_equal(one, other)
    assert not weights_equal(one, build_classifier(SMALL, (None, 1), 2, seed=4))


def test_multi_label_probabilities_do_not_sum_to_one(rng):
    model = build_classifier(SMALL, (None, 1), 3, multi_label=True)
    assert model.get_layer("head").activation is keras.activations.sigmoid


@pytest.mark.parametrize(("n_classes", "multi_label", "least"), [(1, False, "2 classes"), (0, True, "1 label")])
def test_too_few_classes_are_refused(n_classes, multi_label, least):
    with pytest.raises(ValueError, match=least):
        build_classifier(SMALL, (None, 1), n_classes, multi_label=multi_label)


@pytest.mark.parametrize("n_classes", [2.0, "2", None])
def test_a_number_of_classes_or_outputs_that_is_not_whole_is_refused(n_classes):
    with pytest.raises(ValueError, match=f"n_classes must be .* at least 2 classes, got {n_classes!r}"):
        build_classifier(SMALL, (None, 1), n_classes)
    with pytest.raises(ValueError, match=f"n_outputs must be .* at least 1, got {n_classes!r}"):
        build_regressor(SMALL, (None, 1), n_classes)


def test_integers_of_numpy_are_as_good_as_pythons():
    one, other = (build_classifier(SMALL, (None, of(1)), of(2), seed=of(3)) for of in (int, np.int64))
    assert weights_equal(one, other)
    assert build_regressor(SMALL, (None, 1), np.int64(2)).output_shape == (None, 2)


@pytest.mark.parametrize("seed", ["a", 1.5])
def test_a_seed_that_is_not_whole_is_refused(seed):
    with pytest.raises(TypeError, match=f"seed must be None or a whole number, got {seed!r}"):
        build_classifier(SMALL, (None, 1), 2, seed=seed)


@pytest.mark.parametrize(
    "input_shape", [(None, None), (None,), (1,), 5, (None, 0), (None, 1.0), (None, 1, 1), (), "ab"]
)
def test_a_series_without_a_known_number_of_channels_is_refused(input_shape):
    with pytest.raises(ValueError, match=r"input_shape of a series must be \(steps, channels\)"):
        build_classifier(SMALL, input_shape, 2)


@pytest.mark.parametrize("input_shape", [(), 5, (None, 2, 2)])
def test_tokens_have_steps_and_pieces_at_most(input_shape):
    with pytest.raises(ValueError, match=r"input_shape of tokens must be \(steps,\) or \(steps, pieces\)"):
        build_classifier(KimCNN(filters=2), input_shape, 2, stem=TokenStem(5, 4))


def test_a_regressor_of_no_output_is_refused():
    with pytest.raises(ValueError, match="got 0"):
        build_regressor(SMALL, (None, 1), 0)


def test_a_pooling_that_keeps_the_steps_is_refused():
    with pytest.raises(ValueError, match="flatten=True"):
        build_classifier(SMALL, (None, 1), 2, pooling=layers.KMaxPooling1D(3))


def test_a_pooling_layer_is_a_template():
    template = layers.KMaxPooling1D(3, flatten=True)
    model = build_classifier(SMALL, (None, 1), 2, pooling=template)
    assert model.get_layer("pooling") is not template
    assert not template.built
    assert model.get_layer("pooling").output.shape == (None, 12)


def test_the_regressor_answers_in_the_users_units(rng):
    X = rng.standard_normal((4, 20, 1)).astype("float32")
    plain = build_regressor(SMALL, (None, 1), seed=0)
    scaled = build_regressor(SMALL, (None, 1), centre=[100.0], scale=[10.0], seed=0)
    np.testing.assert_allclose(scaled(X), 100 + 10 * np.asarray(plain(X)), rtol=1e-6)


def test_kims_head_has_dropout_and_bounded_class_weights():
    model = build_classifier(KimCNN(filters=3, dropout=0.4, max_norm=2.0), (None,), 2, stem=TokenStem(5, 4))
    assert model.get_layer("dropout").rate == 0.4
    assert model.get_layer("head").kernel_constraint.max_value == 2.0


@pytest.mark.parametrize("dropout", [1, 1.5, -0.1, float("nan"), "a"])
def test_a_dropout_that_is_no_share_is_refused(dropout):
    with pytest.raises(ValueError, match=f"dropout of KimCNN must be .* below 1, got {dropout!r}"):
        build_classifier(KimCNN(filters=3, dropout=dropout), (None, 1), 2)


@pytest.mark.parametrize("max_norm", [-1, 0, float("nan"), "a"])
def test_a_bound_that_is_not_above_0_is_refused(max_norm):
    with pytest.raises(ValueError, match=f"max_norm of KimCNN must be .* above 0, got {max_norm!r}"):
        build_regressor(KimCNN(filters=3, max_norm=max_norm), (None, 1))


def test_the_stem_scales_before_it_masks():
    stem = SeriesStem(centre=np.array([10.0]), scale=np.array([2.0]))
    model = build_classifier(SMALL, (None, 1), 2, stem=stem)
    scaled = keras.Model(model.input, model.get_layer("stem").output)
    X = np.array([[[12.0], [np.nan], [10.0]]], np.float32)
    np.testing.assert_allclose(np.asarray(scaled(X))[0, :, 0], [1.0, 0.0, 0.0])


def test_case_scaling_leaves_no_level_and_no_size(rng):
    model = build_classifier(SMALL, (None, 1), 2, stem=SeriesStem(scaling="case"))
    X = rng.standard_normal((3, 30, 1)).astype("float32")
    np.testing.assert_allclose(model(1000 * X + 7), model(X), atol=1e-4)


def test_an_unknown_scaling_is_refused():
    with pytest.raises(ValueError, match="'robust'"):
        build_classifier(SMALL, (None, 1), 2, stem=SeriesStem(scaling="robust"))


@pytest.mark.parametrize(("mode", "n_trained"), [("trained", 1), ("static", 0), ("both", 1)])
def test_word_vectors_start_the_embedding(mode, n_trained, rng):
    vectors = rng.standard_normal((6, 3)).astype("float32")
    model = build_classifier(KimCNN(filters=2), (None,), 2, stem=TokenStem(6, 3, vectors=vectors, mode=mode))
    embedding = model.get_layer("stem")
    assert len(embedding.trainable_weights) == n_trained
    expected = vectors[2] * len(embedding.weights)  # Kim adds what both channels give
    np.testing.assert_allclose(np.asarray(embedding(np.array([[2, 0]])))[0, 0], expected, rtol=1e-6)
    np.testing.assert_array_equal(np.asarray(embedding(np.array([[2, 0]])))[0, 1], 0)


def test_the_average_shares_its_members_weights(rng):
    members = [build_classifier(SMALL, (None, 1), 2, seed=seed) for seed in (0, 1)]
    X = rng.standard_normal((3, 20, 1)).astype("float32")
    expected = (np.asarray(members[0](X)) + np.asarray(members[1](X))) / 2
    np.testing.assert_allclose(build_average(members)(X), expected, atol=1e-6)


@pytest.fixture
def half_precision():
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    yield
    keras.config.set_dtype_policy(before)


def test_the_average_is_taken_in_single_precision(half_precision, rng):
    members = [build_regressor(SMALL, (None, 1), centre=[1e5], scale=[3.0], seed=seed) for seed in (0, 1)]
    X = rng.standard_normal((3, 20, 1)).astype("float32")
    expected = np.mean([np.asarray(member(X)) for member in members], axis=0)
    assert np.isfinite(expected).all()
    np.testing.assert_allclose(build_average(members)(X), expected, rtol=1e-6)


def test_the_average_of_one_is_itself():
    member = build_classifier(SMALL, (None, 1), 2)
    assert build_average([member]) is member


def test_the_twin_of_a_token_model_keeps_its_mask():
    model = build_classifier(KimCNN(filters=2), (None,), 2, stem=TokenStem(5, 4))
    ids = np.array([[1, 2, 0, 0]])
    np.testing.assert_array_equal(complete_twin(model)(ids), model(ids))
    np.testing.assert_allclose(complete_twin(model)(ids[:, :2]), model(ids), atol=1e-6)


@pytest.mark.parametrize("build", [build_classifier, build_regressor])
def test_names_of_layers_do_not_tell_what_was_built_before(build):
    class Named(FCN):
        def __call__(self, x):
            return keras.layers.ReLU(name="re_lu_mine")(super().__call__(x))

    names = [[layer.name for layer in build(Named(), (None, 1), 2).layers] for _ in range(2)]
    assert names[0] == names[1] and len(set(names[0])) == len(names[0])
    assert names[0][3] == "masked_conv1d_at_3" and "re_lu_mine" in names[0]
