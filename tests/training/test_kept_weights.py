import keras
import numpy as np

from seqconv import SeqConvClassifier
from seqconv.encoders import FCN

RNG = np.random.default_rng(0)
Y = np.array([0, 1] * 60)
X = RNG.normal(size=(120, 24)).astype(np.float32)
X[Y == 1, 8:14] += 0.4


class Spy(keras.callbacks.Callback):
    """Keeps the weights and the validation loss of each epoch."""

    def on_train_begin(self, logs=None):
        self.losses, self.seen = [], []

    def on_epoch_end(self, epoch, logs=None):
        self.losses.append(logs["val_loss"])
        self.seen.append(self.model.get_weights())


class Halve(keras.callbacks.Callback):
    """Sets weights of its own when the training ends."""

    def on_train_end(self, logs=None):
        for weight in self.model.trainable_weights:
            weight.assign(weight / 2)
        self.at_end = self.model.get_weights()


def fit(callbacks, **parameters):
    settings = {"epochs": 8, "learning_rate": 0.02, "validation_fraction": 0.3, "random_state": 0} | parameters
    return SeqConvClassifier(FCN(filters=(8, 8), kernel_sizes=(5, 3)), callbacks=callbacks, **settings).fit(X, Y)


def same(classifier, weights):
    return all(map(np.array_equal, classifier.model_.get_weights(), weights))


def test_weights_that_early_stopping_restores_are_kept():
    spy = Spy()
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=50, restore_best_weights=True)
    classifier = fit([spy, stop])
    assert same(classifier, spy.seen[int(np.argmin(spy.losses))])


def test_weights_that_a_callback_sets_at_the_end_are_kept():
    halve = Halve()
    assert same(fit([halve], epochs=2), halve.at_end)


def test_without_such_a_callback_the_most_accurate_epoch_is_kept():
    spy = Spy()
    classifier = fit([spy])
    assert any(same(classifier, weights) for weights in spy.seen)
