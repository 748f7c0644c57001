"""Estimators of fixed banks: without Keras as with it, for complete, incomplete and unequal cases."""

import pickle
import subprocess
import sys
import threading

import keras
import numpy as np
import pytest
from sklearn.base import clone

import seqconv
from seqconv import SeqConvClassifier, SeqConvRegressor
from seqconv.augment import Jitter
from seqconv.datasets import make_series
from seqconv.encoders import FCN, Bank, FixedBank, Hydra, InceptionTime, IntervalQuantiles, MiniRocket, MultiRocket
from seqconv.training import banks as bank_training

SMALL = {
    "mini_rocket": MiniRocket(n_features=400),
    "mini_rocket_of_difference": MiniRocket(n_features=400, difference=True),
    "multi_rocket": MultiRocket(n_features=200),
    "hydra": Hydra(n_groups=4),
    "interval_quantiles": IntervalQuantiles(depth=4),
    "bank": Bank([MiniRocket(n_features=200), Hydra(n_groups=2), IntervalQuantiles(depth=3)]),
}


def cases(kind, n_cases=60, n_channels=1, seed=0):
    """Series of two classes: complete, of unequal lengths, or with gaps; as an array with NaN."""
    rng = np.random.default_rng(seed)
    y = np.arange(n_cases) % 2
    X = rng.normal(size=(n_cases, 40, n_channels)).astype("float32")
    X[y == 1, 5:12] += np.sin(np.arange(7))[:, None].astype("float32") * 3
    if kind == "unequal":
        for case, length in enumerate(rng.integers(16, 41, n_cases)):
            X[case, length:] = np.nan
    elif kind == "gaps":
        X[rng.random(X.shape[:2]) < 0.1] = np.nan
        X[::3, :2] = np.nan
        X[::4, 36:] = np.nan
    return X, y


@pytest.fixture(params=sorted(SMALL))
def encoder(request):
    return SMALL[request.param]


@pytest.mark.parametrize(("kind", "n_channels"), [("complete", 1), ("unequal", 1), ("gaps", 1), ("gaps", 3)])
def test_the_network_answers_as_the_form_without_keras(encoder, kind, n_channels):
    X, y = cases(kind, n_channels=n_channels)
    classifier = SeqConvClassifier(encoder, random_state=0).fit(X[:40], y[:40])
    fast = classifier.predict_proba(X)
    assert (fast[:40].argmax(axis=1) == y[:40]).mean() > 0.8
    drawn = keras.ops.convert_to_numpy(classifier.model_(X))
    # A response at a threshold may be counted by one form alone, as their sums round differently.
    assert np.quantile(np.abs(drawn - fast), 0.95) < 1e-3
    assert (drawn.argmax(axis=1) == fast.argmax(axis=1)).mean() > 0.98


@pytest.mark.parametrize("kind", ["complete", "unequal", "gaps"])
def test_a_case_alone_has_the_bits_that_it_has_among_others(encoder, kind):
    X, y = cases(kind)
    classifier = SeqConvClassifier(encoder, random_state=0).fit(X[:30], y[:30])
    together = classifier.predict_proba(np.pad(X, ((0, 0), (0, 9), (0, 0)), constant_values=np.nan))
    for case in (0, 31, 59):
        np.testing.assert_array_equal(classifier.predict_proba(X[case : case + 1])[0], together[case])


@pytest.mark.parametrize("scaling", ["standard", "case", None])
def test_every_scaling_is_that_of_the_network(scaling):
    X, y = cases("unequal", n_channels=2)
    X[:, :, 1] = X[:, :, 1] * 30 + 500
    classifier = SeqConvClassifier(MiniRocket(n_features=400), scaling=scaling, random_state=0).fit(X, y)
    drawn = keras.ops.convert_to_numpy(classifier.model_(X))
    assert np.quantile(np.abs(drawn - classifier.predict_proba(X)), 0.9) < 0.01


WITHOUT_KERAS = """
import sys
import numpy as np
from seqconv import SeqConvClassifier
X = np.random.default_rng(0).normal(size=(30, 50))
X[10:, 30:] = np.nan
classifier = SeqConvClassifier(random_state=0).fit(X, np.arange(30) % 2)
classifier.predict_proba(X[:3]), classifier.loo_proba_, repr(classifier)
assert not {"keras", "tensorflow", "jax", "torch"} & set(sys.modules), "a backend was imported"
classifier.model_
assert "keras" in sys.modules
"""


def test_the_default_is_fitted_and_predicts_without_keras():
    subprocess.run([sys.executable, "-c", WITHOUT_KERAS], check=True, timeout=300)


def test_saved_pickled_and_loaded_they_answer_with_the_same_bits(encoder, tmp_path):
    X, y = cases("unequal")
    classifier = SeqConvClassifier(encoder, n_members=2, random_state=0).fit(X, y)
    expected = classifier.predict_proba(X)
    copied = pickle.loads(pickle.dumps(classifier))
    np.testing.assert_array_equal(copied.predict_proba(X), expected)
    np.testing.assert_array_equal(copied.loo_proba_, classifier.loo_proba_)
    classifier.save(tmp_path / "model")
    loaded = seqconv.load(tmp_path / "model")
    np.testing.assert_array_equal(loaded.predict_proba(X), expected)
    assert len(loaded.members_) == 2 and not hasattr(loaded, "loo_proba_")
    with pytest.raises(AttributeError, match="after a fit in closed form only and is not saved; fit again"):
        _ = loaded.loo_proba_
    again = clone(classifier).fit(X, y)
    np.testing.assert_array_equal(again.predict_proba(X), expected)


def test_the_user_s_encoder_is_left_alone():
    X, y = cases("complete")
    given = Bank([MiniRocket(n_features=100)])
    classifier = SeqConvClassifier(given, random_state=0).fit(X, y)
    assert given.n_steps is None and given.banks[0].n_steps is None
    assert classifier._blueprint.encoder.n_steps == 40
    assert SeqConvClassifier(MiniRocket(100, n_steps=17), random_state=0).fit(X, y)._blueprint.encoder.n_steps == 17


def test_threads_predict_and_ask_for_the_network_at_once():
    X, y = cases("gaps")
    classifier = SeqConvClassifier(SMALL["bank"], random_state=0).fit(X, y)
    expected = classifier.predict_proba(X)
    found, models = [None] * 8, [None] * 8

    def work(number):
        found[number] = classifier.predict_proba(X)
        models[number] = classifier.model_

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for answers in found:
        np.testing.assert_array_equal(answers, expected)
    assert len({id(model) for model in models}) == 1


def test_the_landmarks_of_the_network_are_there():
    X, y = cases("complete")
    model = SeqConvClassifier(SMALL["bank"], random_state=0).fit(X, y).model_
    names = [layer.name for layer in model.layers]
    assert [name for name in names if name in ("stem", "features", "pooling", "head")] == [
        "stem",
        "features",
        "pooling",
        "head",
    ]
    assert len(model.get_layer("pooling").output.shape) == 2


def test_the_default_is_a_bank_unless_a_setting_of_training_is_given():
    X, y = cases("complete")
    assert isinstance(SeqConvClassifier().fit(X, y)._banks[0].encoder, FixedBank)
    trained = SeqConvClassifier(epochs=1).fit(X, y)
    assert isinstance(trained._blueprint.encoder, InceptionTime)
    assert not hasattr(trained, "loo_proba_") and not hasattr(trained, "_banks")


def test_a_second_fit_forgets_the_first():
    X, y = cases("complete")
    classifier = SeqConvClassifier(MiniRocket(100), random_state=0).fit(X, y)
    assert classifier.model_ is not None and classifier.loo_proba_.shape == (60, 2)
    classifier.set_params(encoder=FCN(filters=(2, 2, 2)), epochs=1).fit(X, y)
    assert not hasattr(classifier, "loo_proba_")
    np.testing.assert_allclose(classifier.predict_proba(X), keras.ops.convert_to_numpy(classifier.model_(X)), atol=1e-5)


def test_leave_one_out_probabilities_are_honest():
    series = make_series(n_cases=300, n_steps=60, random_state=0)
    rng = np.random.default_rng(0)
    y = np.where(rng.random(300) < 0.2, rng.permutation(series.y), series.y)
    weight = np.ones(200)
    weight[3] = 0
    classifier = SeqConvClassifier(SMALL["bank"], random_state=0).fit(series.X[:200], y[:200], sample_weight=weight)
    loo = classifier.loo_proba_
    assert np.isnan(loo[3]).all() and np.isfinite(np.delete(loo, 3, axis=0)).all()
    own = np.searchsorted(classifier.classes_, y)
    left_out = np.delete(loo, 3, axis=0)[np.arange(199), np.delete(own[:200], 3)]
    test = classifier.predict_proba(series.X[200:])[np.arange(100), own[200:]]
    assert -np.log(left_out).mean() == pytest.approx(-np.log(test).mean(), abs=0.25)
    assert classifier.history_["loss"][0] == pytest.approx(-np.log(left_out).mean(), abs=0.02)


def test_more_cases_than_features_are_solved_in_blocks(monkeypatch):
    X, y = cases("gaps", n_cases=300)
    whole = SeqConvClassifier(MiniRocket(84), random_state=0).fit(X, y).predict_proba(X)
    monkeypatch.setattr(bank_training, "_SAMPLE", 299)
    sampled = SeqConvClassifier(MiniRocket(84), random_state=0).fit(X, y)
    assert (sampled.predict_proba(X).argmax(axis=1) == whole.argmax(axis=1)).mean() > 0.8
    assert sampled.loo_proba_.shape == (300, 2)
    few = SeqConvClassifier(MiniRocket(840), random_state=0).fit(X, y)  # fewer cases than features, beyond the sample
    assert few.score(X, y) > 0.9


def test_numbers_and_labels():
    X, y = cases("complete", n_cases=120)
    level = X.max(axis=(1, 2)) * 50 + 1000
    regressor = SeqConvRegressor(MiniRocket(400), random_state=0).fit(X[:90], level[:90])
    assert regressor.score(X[90:], level[90:]) > 0.1
    np.testing.assert_allclose(keras.ops.convert_to_numpy(regressor.model_(X))[:, 0], regressor.predict(X), rtol=1e-3)
    table = np.stack([y, level > np.median(level)], axis=1).astype(int)
    labels = SeqConvClassifier(MiniRocket(400), random_state=0).fit(X[:90], table[:90])
    assert (labels.predict(X[90:]) == table[90:]).mean() > 0.6
    assert labels.loo_proba_.shape == (90, 2)


@pytest.mark.parametrize("parameters", [{"augment": Jitter(0.1)}, {"callbacks": [keras.callbacks.Callback()]}])
def test_what_a_bank_cannot_use_is_rejected(parameters):
    X, y = cases("complete")
    with pytest.raises(ValueError, match=f"without training steps; leave {next(iter(parameters))} out"):
        SeqConvClassifier(MiniRocket(100), **parameters).fit(X, y)


def test_a_pooling_on_a_bank_is_rejected():
    X, y = cases("complete")
    with pytest.raises(ValueError, match="pooling must be None for MiniRocket"):
        SeqConvClassifier(MiniRocket(100), pooling="max").fit(X, y)


@pytest.mark.parametrize("n_steps", [1, 2, 5, 9, 10])
def test_very_short_series(encoder, n_steps):
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(20, n_steps)), np.arange(20) % 2
    classifier = SeqConvClassifier(encoder, random_state=0).fit(X, y)
    assert np.isfinite(classifier.predict_proba(X)).all()
    drawn = keras.ops.convert_to_numpy(classifier.model_(X[:, :, None].astype("float32")))
    assert np.isfinite(drawn).all()


def test_progress_is_told(capsys):
    X, y = cases("complete")
    SeqConvClassifier(MiniRocket(100), validation_fraction=0.2, verbose=1, random_state=0).fit(X, y)
    assert "leave-one-out accuracy" in capsys.readouterr().out


def test_what_varies_by_rounding_alone_does_not_decide():
    X, y = cases("complete")
    X = (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)  # the spectrum at 0 is rounding
    classifier = SeqConvClassifier(IntervalQuantiles(), random_state=0).fit(X[:40], y[:40])
    moved = X[40:] + np.float32(1e-4)
    np.testing.assert_allclose(classifier.predict_proba(moved), classifier.predict_proba(X[40:]), atol=0.01)


def test_groups_are_left_out_together():
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(16), 8)
    X = np.repeat(rng.normal(size=(16, 40)), 8, axis=0) + 0.01 * rng.normal(size=(128, 40))
    y = rng.permutation(np.repeat([0, 1], 8))[groups]  # nothing to learn about new groups
    classifier = SeqConvClassifier(MiniRocket(400), random_state=0)
    apart = classifier.fit(X, y, groups=groups).loo_proba_[np.arange(128), y]
    together = classifier.fit(X, y).loo_proba_[np.arange(128), y]
    assert -np.log(apart).mean() > 0.6 and -np.log(together).mean() < 0.2


def test_settings_of_training_are_without_effect_and_said_so():
    X, y = cases("complete")
    with pytest.warns(UserWarning, match="batch_size, validation_fraction: without effect"):
        fitted = SeqConvClassifier(head="ridge", batch_size=8, validation_fraction=0.2, random_state=0).fit(X, y)
    assert isinstance(fitted._blueprint.encoder, Bank)


def test_another_state_replaces_all_of_an_earlier_fit(tmp_path):
    X, y = cases("complete")
    classifier = SeqConvClassifier(MiniRocket(100), random_state=0).fit(X, y)
    network = SeqConvClassifier(FCN(filters=(2, 2, 2)), epochs=1, random_state=0).fit(X, y)
    classifier.set_state(*network.get_state())
    assert not hasattr(classifier, "loo_proba_")
    np.testing.assert_array_equal(classifier.predict_proba(X), network.predict_proba(X))
    texts = np.array([f"word{i % 2} and more" for i in range(60)], dtype=object)
    both = SeqConvClassifier(adapter=seqconv.adapters.TextAdapter(), epochs=1, random_state=0).fit(texts, y)
    both.set_params(adapter=None, epochs=None).fit(X, y).save(tmp_path / "model")
    np.testing.assert_array_equal(seqconv.load(tmp_path / "model").predict_proba(X), both.predict_proba(X))


def test_copies_by_augmentation_are_rejected():
    X, y = cases("complete")
    classifier = SeqConvClassifier(MiniRocket(100), random_state=0).fit(X, y).set_params(augment=Jitter(1.0))
    with pytest.raises(ValueError, match="n_augmentations must be 0 for fixed kernels"):
        classifier.predict_proba(X, n_augmentations=2)


def test_a_state_of_endless_intervals_is_rejected_at_once():
    X, y = cases("complete")
    classifier = SeqConvClassifier(IntervalQuantiles(depth=2), random_state=0).fit(X, y)
    described, arrays = classifier.get_state()
    described["encoder"] = IntervalQuantiles(depth=40, n_steps=2**40)
    with pytest.raises(ValueError, match="too small for IntervalQuantiles"):
        SeqConvClassifier().set_state(described, arrays)


@pytest.mark.parametrize("encoder", [None, Hydra(4)])
def test_the_graph_decides_alike_on_flat_stretches(encoder):
    rng = np.random.default_rng(0)
    # Appliances: few levels, long flat stretches at values that no float32 holds exactly.
    levels = 0.1 * rng.integers(0, 40, (60, 12))
    X, y = np.repeat(levels, 15, axis=1).astype(np.float32), np.arange(60) % 3
    X[y == 1, 60:75] += 1.7
    classifier = SeqConvClassifier(encoder, random_state=0).fit(X[:40], y[:40])
    drawn = keras.ops.convert_to_numpy(classifier.model_(X[40:, :, None]))
    np.testing.assert_allclose(classifier.predict_proba(X[40:]), drawn, atol=2e-3)


def test_cases_alone_in_their_class_do_not_choose_the_penalty():
    X, y = np.random.default_rng(0).normal(size=(6, 60)).astype(np.float32), [0, 0, 1, 2, 3, 4]
    assert SeqConvClassifier(random_state=0).fit(X, y).predict(X).tolist() == y
