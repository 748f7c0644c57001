"""The closed-form head of a network, and what it writes there."""

import keras
import numpy as np
import pytest

import seqconv
from seqconv import SeqConvClassifier, SeqConvRegressor
from seqconv.augment import Jitter
from seqconv.datasets import make_series
from seqconv.encoders import FCN
from seqconv.training.seeds import member_seed

SMALL = FCN(filters=(16, 16, 16))


@pytest.fixture(scope="module")
def series():
    return make_series(n_cases=240, n_steps=40, random_state=0)


def test_a_ridge_head_learns_and_is_repeatable(series):
    fits = [SeqConvClassifier(SMALL, head="ridge", random_state=0).fit(series.X[:180], series.y[:180]) for _ in "ab"]
    np.testing.assert_array_equal(*(fit.predict_proba(series.X) for fit in fits))
    majority = np.bincount(np.unique(series.y[180:], return_inverse=True)[1]).max() / 60
    assert fits[0].score(series.X[180:], series.y[180:]) > majority + 0.1
    assert set(fits[0].history_) == {"loss"}  # nothing is set apart


def test_the_encoder_stays_as_it_was_drawn(series):
    classifier = SeqConvClassifier(SMALL, head="ridge", random_state=0).fit(series.X, series.y)
    drawn = classifier._blueprint.draw(member_seed(_seed(0), 0))
    for ours, theirs in zip(classifier.model_.layers, drawn.layers, strict=True):
        if ours.name not in ("head", "scaling"):
            for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
                np.testing.assert_array_equal(one, other)


def _seed(random_state):
    return int(np.random.RandomState(random_state).randint(2**31 - 1))


def test_probabilities_are_calibrated_and_the_reported_loss_is_honest(series):
    rng = np.random.default_rng(0)
    y = np.where(rng.random(240) < 0.25, 1 - series.y, series.y)  # a quarter of the labels is wrong
    classifier = SeqConvClassifier(SMALL, head="ridge", random_state=0)
    classifier.fit(series.X[:160], y[:160], validation_data=(series.X[160:], y[160:]))
    reported, watched = classifier.history_["loss"][0], classifier.history_["val_loss"][0]
    probabilities = classifier.predict_proba(series.X[160:])
    classes = np.searchsorted(classifier.classes_, y[160:])
    loss = -np.log(probabilities[np.arange(80), classes]).mean()
    assert loss == pytest.approx(watched, abs=1e-5)
    assert classifier.history_["val_accuracy"][0] == pytest.approx(classifier.score(series.X[160:], y[160:]))
    assert abs(reported - loss) < 0.12 and loss < np.log(2)


def test_it_is_saved_loaded_and_exported_as_one_model(series, tmp_path):
    classifier = SeqConvClassifier(SMALL, head="ridge", n_members=2, random_state=0).fit(series.X, series.y)
    expected = classifier.predict_proba(series.X)
    classifier.save(tmp_path / "model")
    np.testing.assert_array_equal(seqconv.load(tmp_path / "model").predict_proba(series.X), expected)
    classifier.model_.save(tmp_path / "model.keras")
    exported = keras.saving.load_model(tmp_path / "model.keras").predict(series.X, verbose=0)
    np.testing.assert_allclose(exported / exported.sum(axis=1, keepdims=True), expected, atol=1e-6)


def test_weights_of_cases_and_classes_count(series):
    twice = np.r_[np.arange(240), np.arange(60)]
    weight = np.where(np.arange(240) < 60, 2.0, 1.0)
    one = SeqConvClassifier(SMALL, head="ridge", random_state=0).fit(series.X, series.y, sample_weight=weight)
    scaled = SeqConvClassifier(SMALL, head="ridge", random_state=0, scaling="case")
    a, b = (
        scaled.fit(X, y, sample_weight=w).predict_proba(series.X)
        for X, y, w in ((series.X, series.y, weight), (series.X[twice], series.y[twice], None))
    )
    # The leave-one-out choice differs a little: a doubled case helps its twin.
    assert np.abs(a - b).mean() < 0.05
    assert np.abs(one.predict_proba(series.X) - scaled.predict_proba(series.X)).max() > 0


def test_a_ridge_regressor_and_multi_label_targets(series):
    level = series.X.max(axis=(1, 2)) * 50 + 1000
    regressor = SeqConvRegressor(SMALL, head="ridge", random_state=0).fit(series.X[:180], level[:180])
    assert regressor.score(series.X[180:], level[180:]) > 0.2
    table = np.stack([series.y, level > np.median(level)], axis=1).astype(int)
    labels = SeqConvClassifier(SMALL, head="ridge", random_state=0).fit(series.X, table)
    assert labels.predict_proba(series.X).sum(axis=1).max() > 1
    assert (labels.predict(series.X) == table).mean() > 0.6


@pytest.mark.parametrize("parameters", [{"augment": Jitter(0.1)}, {"callbacks": [keras.callbacks.Callback()]}])
def test_what_a_closed_form_cannot_use_is_rejected(series, parameters):
    with pytest.raises(ValueError, match=f"without training steps; leave {next(iter(parameters))} out"):
        SeqConvClassifier(SMALL, head="ridge", **parameters).fit(series.X, series.y)


def test_another_head_is_rejected(series):
    with pytest.raises(ValueError, match="head must be None or 'ridge', got 'lasso'"):
        SeqConvClassifier(SMALL, head="lasso").fit(series.X, series.y)
