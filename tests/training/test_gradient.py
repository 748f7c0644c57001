"""How the fit loop weighs cases and chooses the best epoch, against plain sums."""

import keras
import numpy as np
import pytest

from seqconv import SeqConvClassifier
from seqconv.data.cases import StoredCases
from seqconv.data.survey import survey
from seqconv.datasets import make_series
from seqconv.encoders import FCN
from seqconv.training import gradient
from seqconv.training.evaluation import evaluate
from seqconv.training.part import Part
from seqconv.training.running_metrics import RunningMetrics


@pytest.fixture
def part():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 12, 1)).astype("float32")
    y = np.eye(2, dtype="float32")[rng.integers(0, 2, 50)]
    weight = rng.uniform(0.1, 3, 50).astype("float32")
    return Part(StoredCases(X), survey([X]), y, weight / weight.mean())


def test_validation_loss_and_accuracy_count_cases_by_their_weights(part):
    keras.utils.set_random_seed(0)
    network = keras.Sequential([keras.Input((12, 1)), keras.layers.Flatten(), keras.layers.Dense(2, "softmax")])
    network.compile(
        loss=keras.losses.CategoricalCrossentropy(),
        weighted_metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
    )
    answers = keras.ops.convert_to_numpy(network(part.cases.X))
    hits = answers.argmax(axis=1) == part.y.argmax(axis=1)
    losses = -np.log((answers * part.y).sum(axis=1))
    found = evaluate(network, part, 16, RunningMetrics([]))  # the last batch has two cases
    assert found["accuracy"] == pytest.approx(np.average(hits, weights=part.weight), abs=1e-5)
    assert found["loss"] == pytest.approx(np.mean(losses * part.weight), rel=1e-4)
    assert abs(found["accuracy"] - hits.mean()) > 1e-3


@pytest.mark.parametrize(
    ("values", "best"),
    [([0.5, 1.0, 1.0, 0.5], 2), ([0.0, 0.0, 0.0], 2), ([1.0, 0.9], 0)],
    ids=["equal at the top", "never right", "falling"],
)
def test_of_epochs_that_are_equally_accurate_the_last_is_kept(values, best, monkeypatch):
    class Remember(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            biases.append(self.model.get_weights()[-1])

    biases, accuracies = [], iter(values)
    monkeypatch.setattr(gradient, "evaluate", lambda *_: {"loss": 1.0, "accuracy": next(accuracies)})
    series = make_series(n_cases=40, n_steps=24, random_state=0)
    classifier = SeqConvClassifier(
        FCN(filters=(4,), kernel_sizes=(5,)), epochs=len(values), callbacks=[Remember()], random_state=0
    )
    classifier.fit(series.X[:30], series.y[:30], validation_data=(series.X[30:], series.y[30:]))
    np.testing.assert_array_equal(classifier.model_.get_weights()[-1], biases[best])
