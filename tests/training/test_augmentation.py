"""Augmentation while training and at test time."""

import keras
import numpy as np
import pytest

import seqconv
from seqconv import SeqConvClassifier
from seqconv.augment import HiddenSpans, Jitter, Mixup, Scaling
from seqconv.datasets import make_series
from seqconv.encoders import FCN
from seqconv.training.augmentation import draw_changes, fresh_layers

TINY = FCN(filters=(4,), kernel_sizes=(5,))


def tiny(**parameters):
    return SeqConvClassifier(**{"encoder": TINY, "epochs": 2, "random_state": 0} | parameters)


@pytest.fixture(scope="module")
def series():
    return make_series(n_cases=40, n_steps=24, random_state=0)


@pytest.fixture(scope="module")
def fitted(series):
    return tiny(augment=[Mixup(), Jitter(0.5, rate=1)]).fit(series.X, series.y)


def test_answers_of_augmented_cases_are_averaged_with_that_of_the_case_itself(fitted, series):
    alone = fitted.predict_proba(series.X)
    averaged = fitted.predict_proba(series.X, n_augmentations=4)
    np.testing.assert_allclose(averaged.sum(axis=1), 1)
    assert 1e-4 < np.abs(averaged - alone).max()
    doubled = fitted.set_params(augment=Twice(rate=1)).predict_proba(series.X, n_augmentations=1)
    fitted.set_params(augment=[Mixup(), Jitter(0.5, rate=1)])
    np.testing.assert_allclose(doubled, (alone + fitted.predict_proba(2 * series.X)) / 2, atol=1e-6)


@keras.saving.register_keras_serializable(package="seqconv_tests")
class Twice(Scaling):
    def changed(self, x):
        return 2 * x


def test_test_time_augmentation_is_repeatable_and_leaves_the_random_state(fitted, series):
    state = np.random.get_state()[1].copy()
    one, other = (fitted.predict_proba(series.X, n_augmentations=2) for _ in range(2))
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(np.random.get_state()[1], state)


@pytest.mark.parametrize("augment", [None, [], Mixup()])
def test_without_a_layer_that_changes_a_case_there_is_nothing_to_average(series, augment):
    classifier = tiny(augment=augment, epochs=1).fit(series.X, series.y)
    with pytest.raises(ValueError, match="needs layers that change a case"):
        classifier.predict_proba(series.X, n_augmentations=3)


def test_a_layer_with_a_seed_of_its_own_draws_anew_for_each_copy_and_each_member(series):
    classifier = tiny(augment=Jitter(1.0, rate=1, seed=7), n_members=2, epochs=1).fit(series.X, series.y)
    changes = draw_changes(classifier.augment, 2, classifier.random_state)
    a, b = (change(series.X[:4].astype("float32")) for change in changes)
    assert np.abs(a - b).max() > 0.1
    assert classifier.history_["members"][0]["loss"] != classifier.history_["members"][1]["loss"]
    layers = [fresh_layers(classifier.augment, seed)[0] for seed in (1, 2, 1)]
    drawn = [np.asarray(layer((series.X[:4], series.y[:4], None), training=True)[0]) for layer in layers]
    assert not np.array_equal(drawn[0], drawn[1]) and np.array_equal(drawn[0], drawn[2])
    assert classifier.augment.seed == 7


def test_a_layer_of_keras_that_takes_x_alone_is_refused(series):
    with pytest.raises(TypeError, match="GaussianNoise of Keras takes x alone"):
        tiny(augment=keras.layers.GaussianNoise(0.1)).fit(series.X, series.y)


@pytest.mark.parametrize("bad", [-1, 1.5, "3", True])
def test_a_bad_number_of_augmentations_is_refused(fitted, series, bad):
    with pytest.raises(ValueError, match="n_augmentations must be a whole number"):
        fitted.predict_proba(series.X, n_augmentations=bad)


def test_a_loaded_estimator_augments_once_it_is_given_the_layers(fitted, series, tmp_path):
    fitted.save(tmp_path / "model")
    loaded = seqconv.load(tmp_path / "model").set_params(augment=fitted.augment)
    np.testing.assert_allclose(
        loaded.predict_proba(series.X, n_augmentations=2), fitted.predict_proba(series.X, n_augmentations=2), atol=1e-6
    )


def test_complete_cases_may_be_hidden_in_training(series):
    """The network without masks, which serves complete cases, would answer NaN."""
    assert not np.isnan(series.X).any()
    classifier = tiny(augment=HiddenSpans(rate=1)).fit(series.X, series.y)
    assert np.isfinite(classifier.history_["loss"]).all()
