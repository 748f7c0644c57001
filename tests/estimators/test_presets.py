"""`preset="paper"`: what a paper says fills the parameters that the user left at their defaults."""

import keras
import numpy as np
import pytest
from sklearn.base import clone

import seqconv
from seqconv import SeqConvClassifier, SeqConvRegressor, encoders
from seqconv.adapters import TextAdapter
from seqconv.estimators import networks
from seqconv.training.recipe import Outcome

KNOWN = sorted(
    name for name in encoders.names() if type(encoders.get(name)).paper_training is not encoders.Encoder.paper_training
)
TEXTS = ["good film", "bad film", "a good one", "a bad one"] * 10
LABELS = [1, 0, 1, 0] * 10


@pytest.fixture
def seen(monkeypatch):
    """The parameters of an estimator at the time when its networks would be trained; nothing is trained."""
    found = {}

    def look(estimator, encoder, pooling, training, validation, seed):
        found.update(estimator.get_params(deep=False), n_training=len(training))
        found["n_validation"] = 0 if validation is None else len(validation)
        return [Outcome()], False

    monkeypatch.setattr(networks, "fit_networks", look)
    return found


def fitted(seen, *args, n_cases=40, **kwargs):
    X, y = np.random.default_rng(0).normal(size=(n_cases, 60, 4)), np.arange(n_cases) % 2
    estimator = SeqConvClassifier(*args, preset="paper", **kwargs)
    before = estimator.get_params()
    estimator.fit(X, y)
    assert estimator.get_params() == before  # nothing that the preset sets stays
    return seen


def test_the_known_ones():
    assert {"fcn", "resnet", "inception_time", "h_inception_time", "lite", "kim_cnn", "deep_lob"} <= set(KNOWN)
    assert not {"bank", "mini_rocket", "goog_le_net", "conv_next1d"} & set(KNOWN)


@pytest.mark.parametrize(
    ("name", "n_cases", "epochs", "batch_size"),
    [("fcn", 100, 2_000, 10), ("fcn", 300, 2_000, 16), ("resnet", 300, 1_500, 30), ("inception_time", 300, 1_500, 64)],
)
def test_networks_of_the_archive_train_by_adam_without_a_validation_part(name, n_cases, epochs, batch_size, seen):
    found = fitted(seen, name, n_cases=n_cases)
    assert (found["epochs"], found["batch_size"], found["patience"]) == (epochs, batch_size, epochs)
    assert type(found["optimizer"]) is keras.optimizers.Adam and found["n_validation"] == 0
    (plateau,) = found["callbacks"]
    assert (plateau.monitor, plateau.factor, plateau.patience, plateau.min_lr) == ("loss", 0.5, 50, 1e-4)


def test_kim_trains_by_adadelta_at_rate_1(seen):
    SeqConvClassifier("kim_cnn", adapter=TextAdapter(), preset="paper").fit(TEXTS, LABELS)
    config = seen["optimizer"].get_config()
    assert (config["name"], config["rho"]) == ("adadelta", 0.95)
    assert config["learning_rate"] == 1.0 and config["epsilon"] == pytest.approx(1e-6)  # Keras's own rate is 0.001
    assert (seen["epochs"], seen["batch_size"], seen["n_validation"]) == (25, 50, 4)


def test_rates_fall_where_the_papers_say(seen):
    rate = fitted(seen, "tc_res_net")["optimizer"].learning_rate  # a batch an epoch
    assert seen["epochs"] == 30_000
    optimizer = encoders.TCResNet().paper_training(40)["optimizer"]
    config = keras.optimizers.schedules.deserialize(optimizer.get_config()["learning_rate"])
    assert [round(float(config(step)), 4) for step in (0, 10_000, 10_001, 20_001)] == [0.1, 0.1, 0.01, 0.001]
    assert float(rate) == pytest.approx(0.1)
    config = encoders.CharCNN().paper_training(1_280)["optimizer"].get_config()["learning_rate"]
    halved = keras.optimizers.schedules.deserialize(config)  # ten batches an epoch
    assert [round(float(halved(step)), 5) for step in (30, 31, 61, 500)] == [0.01, 0.005, 0.0025, 0.00001]


def test_what_the_user_gives_is_kept(seen):
    assert fitted(seen, "fcn", epochs=3)["epochs"] == 3
    assert type(seen["optimizer"]) is keras.optimizers.Adam and len(seen["callbacks"]) == 1
    own = keras.callbacks.TerminateOnNaN()
    assert fitted(seen, "fcn", callbacks=[own])["callbacks"] == [own]
    # An optimizer or a rate of the user's own comes with the library's schedule.
    assert fitted(seen, "fcn", learning_rate=0.01)["optimizer"] == "adam" and seen["callbacks"] is None
    assert fitted(seen, "fcn", optimizer="sgd")["optimizer"] == "sgd" and seen["callbacks"] is None
    assert fitted(seen, "hannun_ecg", validation_fraction=0.5)["n_validation"] == 20


def test_without_a_preset_nothing_is_filled(seen):
    X, y = np.zeros((20, 60, 1)), np.arange(20) % 2
    SeqConvClassifier("fcn").fit(X, y)
    assert seen["epochs"] is None and seen["optimizer"] == "adam"


def test_parameters_are_restored_where_the_fit_fails(monkeypatch):
    def fail(*_):
        raise RuntimeError("no memory")

    monkeypatch.setattr(networks, "fit_networks", fail)
    estimator = SeqConvClassifier("fcn", preset="paper")
    with pytest.raises(RuntimeError, match="no memory"):
        estimator.fit(np.zeros((20, 60)), np.arange(20) % 2)
    assert estimator.epochs is None and estimator.callbacks is None


@pytest.mark.parametrize("name", ["goog_le_net", "mini_rocket"])
def test_a_paper_that_is_not_known_raises_by_name(name):
    with pytest.raises(ValueError, match=f"{type(encoders.get(name)).__name__} is not known here; leave preset out"):
        SeqConvClassifier(name, preset="paper").fit(np.zeros((20, 60)), np.arange(20) % 2)


@pytest.mark.parametrize("given", [{}, {"encoder": "fcn", "head": "ridge"}])
def test_a_preset_needs_an_encoder_that_is_trained(given):
    with pytest.raises(ValueError, match="preset='paper' needs an encoder, and head=None"):
        SeqConvClassifier(preset="paper", **given).fit(np.zeros((20, 60)), np.arange(20) % 2)
    with pytest.raises(ValueError, match="preset must be None or 'paper', got 'papers'"):
        SeqConvClassifier("fcn", preset="papers").fit(np.zeros((20, 60)), np.arange(20) % 2)


@pytest.mark.slow
@pytest.mark.parametrize("name", KNOWN)
def test_an_epoch_of_each_known_training_runs(name):
    small = {"deep_lob": 4, "inception_time": 2}.get(name, 1)
    X, y = np.random.default_rng(0).normal(size=(30, 80, small)), np.arange(30) % 2
    estimator = SeqConvClassifier(name, preset="paper", epochs=1, random_state=0).fit(X, y)
    assert np.isfinite(estimator.history_["loss"]).all()


def test_a_fit_of_a_paper_is_cloned_saved_and_loaded(tmp_path):
    X, y = np.random.default_rng(0).normal(size=(20, 30, 1)), np.arange(20) % 2
    estimator = SeqConvClassifier(encoders.FCN((2, 2, 2)), preset="paper", epochs=2, random_state=0).fit(X, y)
    assert clone(estimator).preset == "paper"
    estimator.save(tmp_path / "model.seqconv")
    again = seqconv.load(tmp_path / "model.seqconv")
    assert again.preset == "paper" and again.callbacks is None
    np.testing.assert_allclose(again.predict_proba(X), estimator.predict_proba(X), atol=1e-6)


def test_a_regressor_has_presets_too(seen):
    SeqConvRegressor("lite", preset="paper").fit(np.zeros((20, 60, 1)), np.arange(20.0))
    assert seen["epochs"] == 1_500
