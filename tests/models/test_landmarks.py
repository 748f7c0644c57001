import random

import keras
import numpy as np
import pytest

from seqconv import layers
from seqconv.encoders import FCN, KimCNN
from seqconv.models import (
    TokenStem,
    build_classifier,
    build_regressor,
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


def test_integers_of_numpy_are_as_good_as_pythons():
    one, other = (build_classifier(SMALL, (None, of(1)), of(2), seed=of(3)) for of in (int, np.int64))
    assert weights_equal(one, other)
    assert build_regressor(SMALL, (None, 1), np.int64(2)).output_shape == (None, 2)


@pytest.mark.parametrize("seed", ["a", 1.5])
def test_a_seed_that_is_not_whole_is_refused(seed):
    with pytest.raises(ValueError, match=f"seed must be None or a whole number, got {seed!r}"):
        build_classifier(SMALL, (None, 1), 2, seed=seed)


def test_a_pooling_that_keeps_the_steps_is_refused():
    with pytest.raises(ValueError, match="flatten=True"):
        build_classifier(SMALL, (None, 1), 2, pooling=layers.KMaxPooling1D(3))


def test_a_pooling_layer_is_a_template():
    template = layers.KMaxPooling1D(3, flatten=True)
    model = build_classifier(SMALL, (None, 1), 2, pooling=template)
    assert model.get_layer("pooling") is not template
    assert not template.built
    assert model.get_layer("pooling").output.shape == (None, 12)


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


@pytest.mark.parametrize("build", [build_classifier, build_regressor])
def test_names_of_layers_do_not_tell_what_was_built_before(build):
    class Named(FCN):
        def __call__(self, x):
            return keras.layers.ReLU(name="re_lu_mine")(super().__call__(x))

    names = [[layer.name for layer in build(Named(), (None, 1), 2).layers] for _ in range(2)]
    assert names[0] == names[1] and len(set(names[0])) == len(names[0])
    assert names[0][3] == "masked_conv1d_at_3" and "re_lu_mine" in names[0]
