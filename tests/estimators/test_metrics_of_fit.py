"""Metrics of Keras in `history_`."""

import pickle

import keras
import numpy as np
import pytest
from sklearn.base import clone

import seqconv
from seqconv import SeqConvClassifier, SeqConvRegressor
from seqconv.datasets import make_series
from seqconv.encoders import FCN, MiniRocket

TINY = FCN(filters=(4,), kernel_sizes=(5,))


def tiny(**parameters):
    return SeqConvClassifier(**{"encoder": TINY, "epochs": 1, "batch_size": 16, "random_state": 0} | parameters)


@pytest.fixture(scope="module")
def series():
    return make_series(n_cases=70, n_steps=24, random_state=0)


@pytest.fixture(scope="module")
def fitted(series):
    templates = ["auc", keras.metrics.Recall(class_id=1, name="found")]
    classifier = tiny(epochs=2, metrics=templates)
    return classifier.fit(series.X, series.y, validation_data=(series.X, series.y)), templates


def test_values_of_both_parts_stand_under_keras_names(fitted):
    history = fitted[0].history_
    expected = {"loss", "accuracy", "auc", "found", "learning_rate"}
    assert set(history) == expected | {f"val_{name}" for name in expected - {"learning_rate"}}
    assert all(len(values) == 2 and all(type(value) is float for value in values) for values in history.values())


def test_a_value_is_that_of_the_whole_part_not_a_mean_over_batches(series):
    weight = np.linspace(0.1, 1, 70)
    classifier = tiny(metrics=["auc", "precision"])
    history = classifier.fit(series.X, series.y, validation_data=(series.X, series.y, weight)).history_
    one_hot = series.y[:, None] == classifier.classes_
    for name in ("auc", "precision"):
        metric = keras.metrics.get(name)
        metric.update_state(one_hot, classifier.predict_proba(series.X), sample_weight=weight)
        assert history[f"val_{name}"] == [pytest.approx(float(metric.result()), abs=1e-3)]


def test_each_epoch_begins_anew(series):
    # Each probability is above 0, so that this counts all cases.
    seen = keras.metrics.TruePositives(thresholds=0.0, name="seen")
    history = tiny(epochs=3, metrics=[seen]).fit(series.X, series.y, validation_data=series).history_
    assert history["seen"] == history["val_seen"] == [pytest.approx(70, rel=1e-5)] * 3


def test_they_change_neither_weights_nor_the_choice_of_the_epoch(series, fitted):
    plain = tiny(epochs=2).fit(series.X, series.y, validation_data=(series.X, series.y))
    np.testing.assert_array_equal(plain.predict_proba(series.X), fitted[0].predict_proba(series.X))


def test_templates_stay_as_they_were_in_get_params_clones_pickles_and_members(series, fitted):
    classifier, templates = fitted
    assert classifier.get_params()["metrics"] is templates
    assert not any(float(np.max(variable)) for variable in templates[1].variables)
    for other in (clone(classifier), pickle.loads(pickle.dumps(classifier))):
        name, recall = other.metrics
        assert name == "auc" and recall.get_config() == templates[1].get_config()
    both = clone(classifier).set_params(n_members=2, epochs=1).fit(series.X, series.y)
    assert all("found" in member for member in both.history_["members"])


def test_a_file_keeps_the_history_alone(series, fitted, tmp_path):
    fitted[0].save(tmp_path / "model")
    loaded = seqconv.load(tmp_path / "model")
    assert loaded.metrics is None and loaded.history_ == fitted[0].history_
    assert "auc" not in loaded.fit(series.X, series.y).history_


def test_accuracy_and_names_of_functions_are_taken(series):
    history = tiny(metrics=("accuracy", "mse")).fit(series.X, series.y).history_
    assert set(history) == {"loss", "accuracy", "mse", "learning_rate"}


def test_of_numbers_and_of_labels(series):
    levels = np.array([np.nanmean(case) for case in series.X])
    regressor = SeqConvRegressor(TINY, epochs=1, random_state=0, metrics=["mae"]).fit(series.X, levels)
    assert len(regressor.history_["mae"]) == 1
    table = np.stack([series.y == series.y[0], levels > 0], axis=1).astype(int)
    metric = keras.metrics.AUC(multi_label=True, num_labels=2, name="auc")
    assert len(tiny(metrics=[metric]).fit(series.X, table).history_["auc"]) == 1


def test_a_metric_asks_for_a_network_as_callbacks_do(series):
    with pytest.raises(ValueError, match="without training steps; leave metrics out"):
        SeqConvClassifier(MiniRocket(84), metrics=["auc"]).fit(series.X, series.y)
    with pytest.raises(ValueError, match="leave metrics out"):
        tiny(head="ridge", metrics=["auc"]).fit(series.X, series.y)
    assert SeqConvClassifier(metrics=[]).fit(series.X, series.y).history_.keys() == {"loss"}


@pytest.mark.parametrize(
    ("metrics", "error", "message"),
    [
        ("auc", TypeError, "metrics must be a list of names or of metrics of Keras, got 'auc'"),
        ([keras.metrics.AUC], TypeError, "must be a list of names or of metrics"),
        (["roc"], ValueError, "got 'roc': Could not interpret"),
        (["auc", "auc"], ValueError, "names of their own, got auc twice"),
        ([keras.metrics.AUC(name="loss")], ValueError, "got loss twice"),
        (["sparse_categorical_accuracy"], ValueError, "one-hot labels, got sparse_categorical_accuracy"),
        ([keras.metrics.SparseTopKCategoricalAccuracy(2, name="top")], ValueError, "one-hot labels, got top"),
    ],
)
def test_wrong_metrics_are_rejected_before_training(series, metrics, error, message):
    with pytest.raises(error, match=message):
        tiny(metrics=metrics).fit(series.X, series.y)
